"""The door and the names of the page in a real browser: a rebound name, the link, another site."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.pages.browser import (
    ARGUMENTS,
    DOOR,
    STAFF,
    Server,
    chromium,
    idle,
    opened,
    serving,
    violations,
)
from tests.support.pages.visitor import Visitor, without
from ui.languages import text

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # Not pytest's own: the driver's sockets are closed by its process, after the interpreter looks.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

EVIL = "evil.example"
CONNECT = """address => new Promise(done => {
    const socket = new WebSocket(address + '_stcore/stream')
    socket.onopen = () => done('open')
    socket.onerror = () => done('refused')
})"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real page for staff; without an index, because who gets in does not depend on it."""
    folder = tmp_path_factory.mktemp("door")
    with serving(folder / "built", folder / "page.log", wait_for=503, environment=STAFF) as running:
        yield running


@pytest.fixture
def stranger(browser: Browser, server: Server) -> Iterator[Visitor]:
    """Somebody who has not opened the link."""
    made = Visitor(browser, server.url)
    yield made
    made.context.close()


def test_a_website_whose_name_leads_here_reads_nothing_and_cannot_connect(server: Server) -> None:
    program = chromium()
    if program is None:
        without("chromium")
    with ThreadPoolExecutor(1) as pool:  # the other browser keeps a loop running in this thread
        pool.submit(rebind, server, program).result()


def rebind(server: Server, program: str) -> None:
    rebound = [*ARGUMENTS, f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"]
    address = server.url.replace("127.0.0.1", EVIL)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=rebound)
        page = browser.new_page()
        for path in ("", "?view=health&section=cards", f"?token={DOOR.token}"):
            shown = page.goto(address + path)
            assert shown is not None
            assert shown.status == 421
        assert page.evaluate("fetch('/staff/claims.csv').then(answer => answer.status)") == 421
        for there in (address, server.url):  # its own name, and ours from its page
            assert page.evaluate(CONNECT, there.replace("http", "ws", 1)) == "refused"
        browser.close()


def test_without_the_link_the_page_says_calmly_how_to_get_in(stranger: Visitor) -> None:
    shown = stranger.page.goto("./?view=health&section=cards")
    assert shown is not None
    assert shown.status == 403
    expect(stranger.page.locator("h1")).to_have_text(text.DOOR)
    expect(stranger.page.get_by_text(text.HELP)).to_be_visible()
    assert violations(stranger.page) == []
    assert stranger.page.evaluate(CONNECT, stranger.url.replace("http", "ws", 1)) == "refused"


def entered(page: Page, address: str) -> None:
    expect(page).to_have_url(address)
    expect(page.locator("#cs-state")).to_be_attached()
    idle(page)


def test_the_link_opens_the_page_and_leaves_neither_address_nor_history(stranger: Visitor) -> None:
    page = stranger.page
    page.goto(f"./?token={DOOR.token}&view=staff")
    entered(page, f"{stranger.url}?view=staff")
    expect(page.locator("#cs-title")).to_have_text([text.EDITOR_TITLE])
    (cookie,) = stranger.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    assert cookie["expires"] == -1
    assert DOOR.token not in cookie["value"]
    assert page.evaluate("document.cookie") == ""
    told = stranger.context.new_cdp_session(page).send("Page.getNavigationHistory")
    assert DOOR.token not in str([entry["url"] for entry in told["entries"]])
    opened(page)
    assert stranger.wrong == []


@pytest.mark.parametrize("webmail", ["http://localhost/", "https://mail.example/", ""])
def test_the_link_on_another_website_lets_in_by_one_click_more(
    stranger: Visitor, webmail: str
) -> None:
    """The browser keeps a strict cookie back as long as the other website is where it came from."""
    page = stranger.page
    link = f"<a href='{stranger.url}?token={DOOR.token}'>staff</a>"
    page.route(webmail or "data:", lambda route: route.fulfill(body=link, content_type="text/html"))
    page.goto(webmail or f"data:text/html,{link}")
    page.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(text.DOOR)
    expect(page).to_have_url(stranger.url)  # the secret has left the address already
    page.reload()
    expect(page.get_by_role("link", name=text.DOOR_AGAIN)).to_be_visible()
    page.get_by_role("link", name=text.DOOR_AGAIN).click()
    entered(page, stranger.url)
