"""A visitor in a real browser before the real page: what all browser tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    WebSocket,
    expect,
    sync_playwright,
)

from tests.support.pages.browser import ARGUMENTS, DESKTOP, Server, chromium, serving
from tests.support.watch import Watch

# How long to wait for what will happen: a test ends as soon as it has, on a busy machine later.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


def without(package: str) -> NoReturn:
    """Skip a test whose tool is not installed, loudly; where everything must be there, fail."""
    said = f"{package} is not installed (apt-get install {package})"
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(f"SKIPPED: {said}")


class Visitor:
    """A browser of its own for one test, which notes every foreign request and every error."""

    def __init__(
        self, browser: Browser, url: str, *, cookies: Sequence[Any] = (), **settings: Any
    ) -> None:
        self.url = url
        self.context: BrowserContext = browser.new_context(
            base_url=url, **{"viewport": DESKTOP, **settings}
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_cookies(list(cookies))
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.sent: list[str | bytes] = []
        self.received: list[str | bytes] = []
        self.context.route(
            lambda there: not there.startswith((url, "data:", "blob:")), self._refuse
        )
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("dialog", self._asked)
        self.page.on("websocket", self._connected)

    def _refuse(self, route: Any) -> None:
        self.wrong.append(f"foreign request: {route.request.url}")
        route.abort()

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.wrong.append(f"console: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.wrong.append("dialog")
        dialog.dismiss()

    def _connected(self, socket: WebSocket) -> None:
        self.asked.append(socket.url)
        if not socket.url.startswith(self.url.replace("http", "ws", 1)):
            self.wrong.append(f"foreign websocket: {socket.url}")
        socket.on("framesent", lambda frame: self.sent.append(frame))  # noqa: PLW0108
        socket.on("framereceived", lambda frame: self.received.append(frame))  # noqa: PLW0108


@pytest.fixture(scope="session")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """What the shared page does besides answering: whom it calls, what it writes."""
    return Watch(tmp_path_factory.mktemp("watch"))


@pytest.fixture(scope="session")
def server(real_built: Path, watch: Watch) -> Iterator[Server]:
    """The real page over the real index, watched; shared, so no test may stop it."""
    environment = watch.environment()
    log, cwd = watch.folder / "page.log", watch.places()[0]
    with serving(real_built, log, environment=environment, cwd=cwd) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    program = chromium()
    if program is None:
        without("chromium")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Ignore the driver's sockets: its process closes them after the interpreter looks."""
    if item.get_closest_marker("browser"):
        item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


@contextmanager
def visiting(browser: Browser, url: str, **settings: Any) -> Iterator[Visitor]:
    """Open a page for a visitor; afterwards nothing may have gone wrong."""
    made = Visitor(browser, url, **settings)
    yield made
    made.context.close()
    assert made.wrong == []


@pytest.fixture
def visitor(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A visitor of the shared page; a test may give settings of the browser by `indirect`."""
    settings = getattr(request, "param", {})
    with visiting(browser, server.url, cookies=server.cookies, **settings) as made:
        yield made


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """The visitor's page, for tests that only look at it."""
    return visitor.page
