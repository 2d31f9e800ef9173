"""What a policy team does in the browser, in a real one."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analysis.targets import relevant_targets
from tests.journeys.walking import (
    ARTEFACTS,
    choose,
    compare,
    drawn,
    expect_no_words,
    nudge,
    open_group,
    settle,
    shoot,
)

pytestmark = pytest.mark.journey

CHINESE = "[\\u4e00-\\u9fff]+"
ENGLISH = "[A-Za-z]{4,}"
NAMES = ["English", "rendiqian", "YAML", "extends"]  # Chinese users read these as they are
LINE = "path.line[data-key=mine]"
RATE = "figure[data-chart=urbanisation_rate_resident]"
PERMIT = "居住证待遇比例（0—1）"
BAD_YAML = """\
title: {zh: '<img src=x onerror=alert(1)> **粗** [链](http://outside.example)'}
levers:
  settling_opennes: 0.9
  permit_entitlement_share: 3
"""


def test_the_overview_shows_a_finding_targets_and_a_chart(page: Page) -> None:
    expect(page.get_by_test_id("finding")).to_contain_text("山东省2035年常住人口城镇化率")
    shown = relevant_targets("shandong", superseded=True)
    expect(page.locator("[data-target]")).to_have_count(len(shown))
    expect(page.locator("[data-target=shandong_urbanisation_2025_original]")).to_contain_text(
        "已被取代"
    )
    assert drawn(page, "resident").startswith("M")
    assert page.locator("figure circle.observed").count() > 5
    expect(page.locator("footer")).to_contain_text("模型")
    shoot(page, "overview")


def test_another_region_changes_cards_and_chart(page: Page) -> None:
    chart = page.locator("svg.plot")
    before = chart.get_attribute("aria-label") or ""
    choose(page, "区域", "东营市")
    expect(page.locator("[data-target=dongying_urbanisation_2035]")).to_be_visible()
    expect(page.get_by_test_id("finding")).to_contain_text("东营市")
    expect(chart).not_to_have_attribute("aria-label", before)
    expect(chart).to_have_attribute("aria-label", re.compile("东营市"))
    choose(page, "区域", "菏泽市")
    expect(page.get_by_text("菏泽市没有收录可量化的规划目标")).to_be_visible()
    shoot(page, "overview_heze")


def test_two_levers_change_the_charts_and_can_be_undone(page: Page) -> None:
    compare(page)
    expect(page.locator(LINE)).to_have_count(0)
    open_group(page, "settling")
    nudge(page, PERMIT)
    expect(page.locator(LINE)).to_have_count(6)
    first = drawn(page, "mine")
    assert first != drawn(page, "baseline")
    open_group(page, "economy")
    nudge(page, "额外创造就业（%/年）", presses=6)
    expect(page.get_by_role("row").filter(has_text="额外创造就业")).to_be_visible()
    expect(page.locator(f"{RATE} {LINE}")).not_to_have_attribute("d", first)
    shoot(page, "compare")
    page.get_by_role("button", name="全部还原").click()
    expect(page.locator(LINE)).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(LINE)).to_have_count(6)


def test_the_cursor_is_shared_by_all_charts_and_moves_by_keyboard(page: Page) -> None:
    compare(page)
    page.locator("svg.plot").first.focus()
    page.keyboard.press("Home")
    for readout in page.locator(".readout b").all():
        expect(readout).to_have_text("2020")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".readout b").last).to_have_text("2021")
    expect(page.locator(".hair")).to_have_count(6)
    page.keyboard.press("Escape")
    expect(page.locator(".hair")).to_have_count(0)


def test_differences_to_the_baseline_and_shipped_scenarios(page: Page) -> None:
    compare(page)
    page.get_by_role("combobox", name="与基准对比的情景").click()
    page.get_by_role("option").nth(1).click()
    expect(page.locator(f"{RATE} path.line")).to_have_count(2)
    values = drawn(page, "baseline")
    assert values
    page.keyboard.press("Escape")
    page.get_by_text("与基准之差", exact=True).first.click()
    expect(page.locator(f"{RATE} path.line")).to_have_count(1)
    expect(page.locator("figure .title").first).to_contain_text("与基准之差")
    expect(page.locator("figure .title").first).to_contain_text("个百分点")
    said = page.locator(".readout, svg.plot .tick").all_text_contents()
    assert any("−" in words for words in said)
    assert not [words for words in said if re.search(r"-\d|[+−]0(\.0*)?(?![.\d])", words)]
    expect(page.locator("figure .mark")).to_have_count(0)
    shoot(page, "compare_difference")


def test_the_other_language_leaves_no_word_of_the_first(page: Page) -> None:
    page.get_by_text("English", exact=True).click()
    marks = {
        "Overview": "Targets of the plans",
        "Compare": "My scenario starts from",
        "Data and method": "Hindcast: from the census",
    }
    for link, mark in marks.items():
        page.get_by_role("link", name=link).click()
        expect(page.get_by_text(mark)).to_be_visible()
        expect_no_words(page, CHINESE, ["中文"])
        shoot(page, f"{link.lower()}_english")
    page.get_by_text("中文", exact=True).click()
    links = (("情景对比", "我的情景的起点"), ("数据与方法", "回溯："), ("总览", "规划目标"))
    for link, mark in links:
        page.get_by_role("link", name=link).click()
        expect(page.get_by_text(mark).first).to_be_visible()
        expect_no_words(page, ENGLISH, NAMES)


def test_bad_yaml_shows_its_errors_and_loses_nothing(page: Page) -> None:
    compare(page)
    page.get_by_text("上传或编写情景文件").click()
    page.set_input_files(
        "input[type=file]",
        files=[{"name": "bad.yaml", "mimeType": "text/yaml", "buffer": BAD_YAML.encode()}],
    )
    problems = page.locator(".rq-problems")
    expect(problems).to_contain_text("3:3")
    expect(problems).to_contain_text("settling_openness")
    expect(problems).to_contain_text("4:29")
    text = page.get_by_label("情景文字")
    expect(text).to_have_value(BAD_YAML)
    shoot(page, "bad_yaml")
    text.fill(BAD_YAML.replace("opennes:", "openness:").replace(": 3", ": 0.9"))
    text.press("Control+Enter")
    page.get_by_role("button", name="加入对比").click()
    expect(page.locator(f"{RATE} path.line")).to_have_count(2)
    # The title stays text wherever it is shown, in the legend and in the tables too.
    title = "<img src=x onerror=alert(1)> **粗** [链](http://outside.example)"
    for place in (".legend", ".rq-table thead", "[data-testid=stMultiSelect]", "footer"):
        expect(page.locator(place).last).to_contain_text(title)
    page.get_by_role("combobox", name="我的情景的起点").click()
    page.keyboard.type("onerror")
    page.get_by_role("option", name=title).click()
    expect(page.get_by_role("combobox", name="我的情景的起点")).to_have_value(title)
    assert page.locator("img[src=x], a[href*=outside], strong:text-is('粗')").count() == 0


def test_downloads_carry_bom_unit_and_provenance(page: Page) -> None:
    compare(page)
    with page.expect_download() as chart:
        page.get_by_role("button", name=re.compile("下载数据 CSV: 常住")).click()
    data = Path(chart.value.path()).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "rendiqian" in data.decode("utf-8-sig")
    assert "(%)" in data.decode("utf-8-sig")
    with page.expect_download() as picture:
        page.get_by_role("button", name=re.compile("下载图片 PNG: 常住")).click()
    assert Path(picture.value.path()).read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as table:
        page.get_by_role("button", name="下载全部指标 CSV").click()
    assert Path(table.value.path()).read_bytes().startswith(b"\xef\xbb\xbfscenario,")
    with page.expect_download() as scenario:
        page.get_by_role("button", name="下载我的情景 YAML").click()
    assert "title:" in Path(scenario.value.path()).read_text(encoding="utf-8")


def test_every_page_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    others = {"compare": ("情景对比", "我的情景的起点"), "method": ("数据与方法", "回溯：")}
    for name in ("overview", *others):
        if name in others:
            link, mark = others[name]
            page.get_by_test_id("stExpandSidebarButton").click()
            page.get_by_role("link", name=link).click()
            page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
            expect(page.get_by_text(mark).first).to_be_visible()
        expect(page.locator("figure").first).to_be_visible()
        settle(page)
        width = page.evaluate(
            """() => Math.max(document.documentElement.scrollWidth,
                document.querySelector('[data-testid=stMain]').scrollWidth)"""
        )
        assert width <= 390, name
        captions = page.locator(".rq-table caption span").evaluate_all(
            "(all) => all.map((each) => each.getBoundingClientRect().right)"
        )
        assert all(right <= 390 for right in captions), name
        shoot(page, f"{name}_phone")


def test_the_page_stays_readable_in_the_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.reload()
    settle(page)
    expect(page.locator(".charts.dark figure")).to_be_visible()
    shoot(page, "overview_dark")


def test_the_app_answers_by_number_too_and_asks_nobody_outside(page: Page, address: str) -> None:
    page.goto(address.replace("localhost", "127.0.0.1"))
    expect(page.get_by_test_id("finding")).to_be_visible()
    log = (ARTEFACTS / "server.log").read_text(encoding="utf-8")
    assert "external" not in log.lower()
