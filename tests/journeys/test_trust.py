"""How far a policy team can trust the figures: bands, assumptions, data and method."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analysis.numbers import numbers
from model.loops import loops
from tests.journeys.walking import choose, compare, nudge, open_group, settle, shoot

pytestmark = pytest.mark.journey

RATE = "figure[data-chart=urbanisation_rate_resident]"
PERMIT = "居住证待遇比例（0—1）"


def method(page: Page, tab: str) -> None:
    """Go to a tab of the page on data and method."""
    page.get_by_role("link", name="数据与方法").click()
    page.get_by_role("tab", name=tab).click()
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")


def file_of(page: Page, button: str | re.Pattern[str]) -> str:
    """Press a download button and return the text of the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_a_moved_lever_gets_its_bands_in_chart_table_and_file(page: Page) -> None:
    compare(page)
    open_group(page, "settling")
    nudge(page, PERMIT)
    expect(page.locator(f"{RATE} .ends")).to_have_count(2)
    expect(page.locator(f"{RATE} path.band")).to_have_count(1)
    expect(page.locator(f"{RATE} path.band")).to_have_attribute("data-key", "mine")
    expect(page.locator(".rq-table caption").last).to_contain_text("八成区间")
    page.locator(f"{RATE} summary").click()
    head = page.locator(f"{RATE} thead")
    expect(head).to_contain_text("我的情景 10%分位")
    text = file_of(page, re.compile("下载数据 CSV: 常住"))
    assert "我的情景 p10 (%)" in text
    assert "我的情景 p90 (%)" in text
    choose(page, "阴影区间", "全部情景")
    expect(page.locator(f"{RATE} path.band")).to_have_count(2)
    page.get_by_text("与基准之差", exact=True).first.click()
    expect(page.locator(f"{RATE} .ends")).to_have_count(0)
    expect(page.locator(f"{RATE} path.line")).to_have_count(1)
    expect(page.locator(f"{RATE} path.band")).to_have_count(1)
    shoot(page, "compare_bands")


def test_five_scenarios_keep_their_bands_apart(page: Page) -> None:
    compare(page)
    for _ in range(4):
        page.get_by_role("combobox", name="与基准对比的情景").click()
        page.get_by_role("option").nth(1).click()
        settle(page)
    page.keyboard.press("Escape")
    expect(page.locator(f"{RATE} .ends")).to_have_count(5)
    places = page.locator(f"{RATE} .ends line").evaluate_all(
        "(lines) => lines.map((line) => Number(line.getAttribute('x1')))"
    )
    assert len(set(places)) == 5
    expect(page.locator(f"{RATE} path.band")).to_have_count(1)
    shoot(page, "compare_five")


def test_assumptions_heavier_than_a_band_stand_beside_the_answer(page: Page) -> None:
    note = page.get_by_test_id("reliance")
    expect(note).to_contain_text("变化超过其区间")
    card = page.locator("[data-target=shandong_urbanisation_2035]")
    expect(card.get_by_text("影响超过区间的假设")).to_be_visible()
    expect(card.locator(".rq-list")).not_to_be_visible()
    card.locator("summary").click()
    expect(card.locator(".rq-list li").first).to_contain_text("取范围低端")
    compare(page)
    open_group(page, "settling")
    nudge(page, PERMIT)
    answer = page.get_by_role("rowheader").filter(has_text="常住人口城镇化率").last
    expect(answer).to_contain_text("影响超过区间的假设", timeout=30_000)
    expect(answer.get_by_text("2035年：")).not_to_be_visible()
    answer.locator("summary").click()
    expect(answer.get_by_text("2035年：")).to_be_visible()
    expect(answer).to_contain_text("2035年与基准之差")


def test_the_method_page_says_how_well_the_model_does(page: Page) -> None:
    method(page, "拟合与检验")
    expect(page.get_by_text("回溯：从2010年普查到2020年普查")).to_be_visible()
    expect(page.locator(f"{RATE} path.line")).to_have_count(3)
    expect(page.locator(f"{RATE} path.band")).to_have_count(1)
    assert page.locator(f"{RATE} circle.observed").count() >= 4
    expect(page.get_by_role("row").filter(has_text="菏泽市").first).to_be_visible()
    expect(page.locator(".rq-off i").first).to_be_visible()
    shoot(page, "method")


def test_every_number_can_be_found_and_taken_away(page: Page) -> None:
    method(page, "数字与来源")
    expect(page.get_by_text(f"共{len(numbers()):,}个数字")).to_be_visible()
    page.get_by_label("搜索").fill("感知滞后")
    page.keyboard.press("Enter")
    expect(page.get_by_text("共1个数字")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="perception time")
    expect(row).to_contain_text("1 至 4")
    expect(row).to_contain_text("假设")
    shoot(page, "method_numbers")
    text = file_of(page, "下载所列数字 CSV")
    assert text.startswith("\ufeff")
    (found, foot) = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    assert found["name"] == "perception time"
    assert "rendiqian" in foot["table"]


def test_the_method_page_tells_what_is_assumed_and_where_it_is_from(page: Page) -> None:
    method(page, "假设与识别")
    for loop in loops():
        expect(page.get_by_role("rowheader", name=loop, exact=True)).to_be_visible()
    page.get_by_text("数据不能确定、用先验").click()
    expect(page.locator(".rq-dots i").last).to_be_visible()
    page.get_by_text("图中数据").click()
    expect(page.get_by_role("row").filter(has_text="网络弹性").last).to_be_visible()
    shoot(page, "method_assumptions")
    method(page, "抽样、版本与指纹")
    expect(page.get_by_text("与当前模型一致")).to_be_visible()
    shoot(page, "method_versions")
