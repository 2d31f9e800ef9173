"""The steps that journeys are made of."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
# The text of the page without icons, what is hidden, and what is quoted in its own language.
VISIBLE_TEXT = """() => {
    const texts = [];
    const walk = (node) => {
        if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent);
        if (node.lang && node !== document.documentElement) return;
        if (["STYLE", "SCRIPT", "NOSCRIPT"].includes(node.tagName)) return;
        if (node.translate === false) return;
        if (node.nodeType === Node.ELEMENT_NODE) {
            if (!node.checkVisibility()) return;
            if (getComputedStyle(node).fontSize === "0px") return;
        }
        if (node.shadowRoot) walk(node.shadowRoot);
        node.childNodes.forEach(walk);
    };
    walk(document.body);
    return texts.join("\\n");
}"""


def settle(page: Page) -> None:
    """Wait until the app has finished its run."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page: the app scrolls within the window, so the window grows."""
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    size = page.viewport_size or {"width": 1400, "height": 1000}
    height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(height, 6000)})
    page.screenshot(path=ARTEFACTS / f"{name}.png")
    page.set_viewport_size(size)


def compare(page: Page) -> None:
    """Go to the Compare page."""
    page.get_by_role("link", name="情景对比").click()
    expect(page.get_by_text("我的情景的起点")).to_be_visible()
    expect(page.locator("figure")).to_have_count(6)


def open_group(page: Page, group: str) -> None:
    """Open a group of levers."""
    page.locator(f".st-key-group-{group} summary").click()
    expect(page.locator(f".st-key-group-{group} input[type=range]").first).to_be_attached()


def nudge(page: Page, lever: str, presses: int = 4, key: str = "ArrowRight") -> None:
    """Move a lever by the keyboard."""
    page.get_by_role("slider", name=lever).focus()
    for _ in range(presses):
        page.keyboard.press(key)


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a drop-down list."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def drawn(page: Page, line: str, chart: str = "urbanisation_rate_resident") -> str:
    """Return the drawn shape of one line of one chart."""
    mark = page.locator(f"figure[data-chart={chart}] path.line[data-key={line}]")
    return mark.get_attribute("d") or ""


def expect_no_words(page: Page, pattern: str, allowed: list[str]) -> None:
    """Expect that soon nothing on the page matches the pattern but what is allowed."""
    find = f"() => [...({VISIBLE_TEXT})().matchAll(/{pattern}/g)].map((match) => match[0])"
    try:
        page.wait_for_function(
            f"(allowed) => ({find})().every((word) => allowed.includes(word))", arg=allowed
        )
    except TimeoutError:
        left = set(page.evaluate(find)) - set(allowed)
        pytest.fail(f"left in the other language: {left}")
