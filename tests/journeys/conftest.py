"""A server of the app and a real browser for the journeys; neither outlives the tests."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "artefacts"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)
START_LIMIT = 120.0  # seconds; the first start of all compiles the model
WIDE: ViewportSize = {"width": 1400, "height": 1000}
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Start the app on a free port and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ARTEFACTS.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (ARTEFACTS / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_until_up(health: str, server: subprocess.Popen) -> None:
    """Return when the server answers; fail with its log when it does not."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The app did not start; see {ARTEFACTS / 'server.log'}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, or fail and say how to get it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("The journeys need Chromium: on Debian, apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


@dataclass
class Watch:
    """What a page asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the page reports as an error."""
        if message.type == "error":
            self.complaints.append(message.text)

    def outside(self) -> list[str]:
        """Return the requests that left this host."""
        names = ("http://localhost:", "ws://localhost:", "http://127.0.0.1:", "ws://127.0.0.1:")
        local = (*names, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(local)]


@pytest.fixture
def watch() -> Watch:
    """Return an empty record of the page's requests and complaints."""
    return Watch()


@pytest.fixture
def page(browser: Browser, address: str, watch: Watch) -> Iterator[Page]:
    """Open the app in a fresh browser profile; fail if it complained or left this host."""
    context = browser.new_context(viewport=WIDE, accept_downloads=True)
    context.set_default_timeout(15_000)
    tab = context.new_page()
    tab.on("request", lambda request: watch.requests.append(request.url))
    tab.on("websocket", lambda socket: watch.requests.append(socket.url))
    tab.on("pageerror", lambda error: watch.complaints.append(str(error)))
    tab.on("console", watch.hear)
    tab.goto(address)
    settle(tab)
    yield tab
    context.close()
    assert watch.outside() == []
    assert watch.complaints == []


def settle(page: Page) -> None:
    """Wait until the app has finished its run."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
