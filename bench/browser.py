"""The app in a real browser: start of the server, first page, and slider to updated charts."""

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from bench.cases import ROOT

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
QUIET = "[data-testid=stApp][data-test-script-state=notRunning]"
GROUP, LEVER = (
    "money",
    "本市（区域）落户奖励（元/人·年）",
)  # many steps: every press is a new scenario
PRESSES = 18
MEASURED = {
    "first": "slider to charts",
    "all": "slider to bands and all",
    "hasty": "slider to charts, bands in the making",
}
STILL = 1500  # milliseconds without a drawing: all there is to draw has been drawn
HASTE = 300  # milliseconds between presses of a user who does not wait for the bands
# Keeps the time at which each scenario was first drawn, and the time of the last drawing.
WATCH = """(charts) => {
    window.drawn = { first: new Map(), last: 0 };
    new MutationObserver(() => {
        const { provenance, drawn } = charts.dataset;
        if (!window.drawn.first.has(provenance)) window.drawn.first.set(provenance, Number(drawn));
        window.drawn.last = Number(drawn);
    }).observe(charts, { attributes: true, attributeFilter: ["data-drawn"] });
}"""


@contextmanager
def server() -> Iterator[tuple[str, float]]:
    """Run the app on a free port; yields its address and the seconds until it answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                    break
            except OSError:
                if process.poll() is not None or time.perf_counter() - start > 120:
                    raise
                time.sleep(0.02)
        yield f"http://localhost:{port}", time.perf_counter() - start
    finally:
        process.terminate()
        process.wait(timeout=20)


def open_page(page: Page, address: str) -> float:
    """Seconds until the overview's chart is drawn."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("svg.plot", timeout=60_000)
    page.wait_for_selector(QUIET)
    return time.perf_counter() - start


def slider_to_charts(page: Page) -> dict[str, list[float]]:
    """Milliseconds from each key press on a lever to the charts of that setting, to the charts with
    all bands, and to the charts when the bands of the press before are still in the making."""
    page.get_by_role("link", name="情景对比").click()
    page.locator(f".st-key-group-{GROUP} summary").click()
    slider = page.get_by_role("slider", name=LEVER)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(QUIET)
    page.locator(".charts").evaluate(WATCH)
    times: dict[str, list[float]] = {key: [] for key in MEASURED}
    for _ in range(PRESSES):
        start, first = press(page)
        times["first"].append(first)
        page.wait_for_function(f"() => performance.now() - window.drawn.last > {STILL}")
        times["all"].append(page.evaluate("() => window.drawn.last") - start)
    for _ in range(PRESSES):
        times["hasty"].append(press(page)[1])
        page.wait_for_timeout(HASTE)
    return times


def press(page: Page) -> tuple[float, float]:
    """Press a key; return the page's time then, and how long the new scenario took to be drawn."""
    start = page.evaluate("() => performance.now()")
    page.keyboard.press("ArrowRight")
    newest = "Math.max(...window.drawn.first.values())"
    page.wait_for_function(f"(start) => {newest} > start", arg=start)
    return start, page.evaluate(f"() => {newest}") - start


def table() -> str:
    """Measure and return the table."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return "\napp: not measured, no Chromium on this machine"
    with server() as (address, up), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        first = open_page(browser.new_page(), address)
        page = browser.new_page()
        later = open_page(page, address)
        times = slider_to_charts(page)
        browser.close()
    rows = (
        ("server answers (s)", f"{up:.2f}"),
        ("first page of the first user (s)", f"{first:.2f}"),
        ("first page of a later user (s)", f"{later:.2f}"),
        *(
            (f"{label} (ms)", f"{statistics.median(times[key]):.0f}, slowest {max(times[key]):.0f}")
            for key, label in MEASURED.items()
        ),
    )
    return "\n".join(["\napp", *(f"{label:>40}  {value}" for label, value in rows)])
