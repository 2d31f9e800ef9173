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

from playwright.sync_api import Page, expect, sync_playwright

from bench.cases import ROOT

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
QUIET = "[data-testid=stApp][data-test-script-state=notRunning]"
LEVER = "居住证待遇比例（0—1）"
PRESSES = 20


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


def slider_to_charts(page: Page) -> list[float]:
    """Milliseconds from each key press on a lever to the charts' own stamp of having drawn."""
    page.get_by_role("link", name="情景对比").click()
    page.locator(".st-key-group-settling summary").click()
    slider = page.get_by_role("slider", name=LEVER)
    charts = page.locator(".charts")
    times = []
    for press in range(PRESSES + 1):
        before = charts.get_attribute("data-drawn")
        slider.focus()
        start = page.evaluate("() => performance.now()")
        page.keyboard.press("ArrowLeft" if press % 2 else "ArrowRight")
        expect(charts).not_to_have_attribute("data-drawn", before or "")
        page.wait_for_selector(QUIET)
        times.append(float(charts.get_attribute("data-drawn") or 0) - start)
    return times[1:]


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
        ("slider to charts, median (ms)", f"{statistics.median(times):.0f}"),
        ("slider to charts, slowest of 20 (ms)", f"{max(times):.0f}"),
    )
    return "\n".join(["\napp", *(f"{label:>40}  {value}" for label, value in rows)])
