"""The page in a frame on the clinic's website: only there, and as good to use as by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FrameLocator, Page, Request, expect

from tests.support.engines.reader import Reader
from tests.support.engines.started import Engine
from tests.support.engines.tab import Tab, until
from tests.support.pages import every_state
from tests.support.pages.browser import DESKTOP, PHONE, Server, axe_script, serving
from tests.support.pages.browser import RULES as AXE
from tests.support.paths import ROOT
from ui.languages import text

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    # Not pytest's own: the driver's sockets are closed by its process, after the interpreter looks.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

GUIDE = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
EXAMPLE = "https://search.clinic.example/"
SMALL = {"width": 320, "height": 640}


@dataclass
class Website:
    """A clinic's website on another origin: one page."""

    url: str = ""
    page: str = ""


@pytest.fixture(scope="module")
def website() -> Iterator[Website]:
    """A website at `localhost`, which for a browser is another site than 127.0.0.1."""
    made = Website()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = made.page.encode() if self.path == "/" else b""
            self.send_response(200 if body else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=served.serve_forever, daemon=True).start()
    made.url = f"http://localhost:{served.server_address[1]}"
    yield made
    served.shutdown()
    served.server_close()


@pytest.fixture(scope="module")
def server(
    website: Website, clinic_built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Path]]:
    """The page of a clinic that lets this website show it."""
    folder = tmp_path_factory.mktemp("embed")
    allowed = f'embed_origins = ["{website.url}"]\n'
    content = every_state.copied_content(folder / "content", allowed)
    launcher = ("-m", "tests.support.pages.every_state")
    with serving(clinic_built, folder / "page.log", content=content, launcher=launcher) as running:
        yield running, content


def snippet() -> str:
    """Return frame and script as docs/embedding.md gives them to a webmaster."""
    (found,) = re.findall(r"<iframe.*?</script>", GUIDE, flags=re.DOTALL)
    assert found.count(EXAMPLE) == 1
    return str(found)


def write_page(website: Website, running: Server, left_out: str = "") -> None:
    """Put the snippet of the guide into the website's page, which keeps what it is told."""
    assert left_out in snippet()
    frame = snippet().replace(EXAMPLE, running.url).replace(left_out, "")
    heading = "<h1>Our clinic</h1><p>" + escape("Welcome. " * 60) + "</p>"
    website.page = (
        "<!DOCTYPE html><html lang=en><meta name=viewport content='width=device-width'>"
        "<link rel=icon href=data:,>"
        "<script>heard = []; addEventListener('message', ({ data }) => heard.push(data))</script>"
        f"<title>Clinic</title><body style='margin:0'><main>{heading}{frame}</main></html>"
    )


class Guest:
    """A visitor of the clinic's website, whose browser notes what went wrong."""

    def __init__(
        self, browser: Browser, website: Website, running: Server, left_out: str = "", **more: Any
    ) -> None:
        write_page(website, running, left_out)
        self.context = browser.new_context(**more)
        self.wrong: list[str] = []
        self.sent_from: list[str] = []
        self.own = (website.url, running.url, "data:", "blob:")
        self.context.on("request", self._asked)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.goto(website.url)
        self.frame: FrameLocator = self.page.frame_locator("iframe")

    def _asked(self, request: Request) -> None:
        self.sent_from.append(request.headers.get("referer", ""))
        if not request.url.startswith(self.own):
            self.wrong.append(f"foreign: {request.url}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(f"console: {message.text}")

    def axe(self) -> list[Any]:
        inner = self.page.frames[1]
        inner.evaluate(axe_script())
        found = inner.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", AXE
        )
        return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"]]

    def sideways(self) -> int:
        wide = "document.documentElement.scrollWidth - innerWidth"
        return int(self.page.frames[1].evaluate(wide))

    def search(self, question: str) -> None:
        box = self.frame.locator(".st-key-question textarea")
        expect(self.frame.locator("#cs-first")).to_have_count(0)
        expect(self.frame.locator("[role=search]")).to_be_visible()
        self.idle()
        box.fill(question)
        box.press("Enter")
        expect(self.frame.locator("#cs-results")).to_be_visible()
        self.idle()

    def idle(self) -> None:
        """Wait until Streamlit has finished a run."""
        app = self.frame.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE, SMALL], ids=["desktop", "phone", "small"])
def test_a_search_works_in_a_frame_on_the_clinics_website(
    browser: Browser, website: Website, server: tuple[Server, Path], size: Any, scheme: Any
) -> None:
    guest = Guest(browser, website, server[0], viewport=size, color_scheme=scheme)
    frame = guest.frame
    expect(frame.locator(".cs-example").first).to_be_visible()
    assert guest.axe() == []
    assert guest.sideways() <= 0
    guest.search(every_state.ANSWER)
    expect(frame.locator("mark").first).to_be_visible()
    expect(frame.locator(".cs-top nav")).not_to_be_visible()
    expect(frame.get_by_text(text.SHORT_PURPOSE).first).to_be_visible()
    assert guest.axe() == []
    assert guest.sideways() <= 0
    frame.locator(".cs-help summary").click()
    expect(frame.locator(".cs-help a[href='tel:999']")).to_be_in_viewport()
    assert guest.sideways() <= 0
    guest.page.keyboard.press("Escape")
    guest.search(every_state.EMERGENCY)
    expect(frame.locator(".cs-notice.cs-emergency")).to_be_visible()
    assert guest.axe() == []
    cookies, errors = guest.context.cookies(), guest.wrong
    guest.context.close()
    assert (cookies, errors) == ([], [])
    assert not [url for url in guest.sent_from if website.url in url and url != website.url]


def test_an_article_opens_inside_of_the_frame_and_other_websites_in_a_tab_of_their_own(
    browser: Browser, website: Website, server: tuple[Server, Path]
) -> None:
    guest = Guest(browser, website, server[0])
    guest.context.route("https://booking.example/**", lambda route: route.fulfill(body="Booked"))
    guest.search(every_state.ANSWER)
    guest.frame.get_by_role("link", name=text.READ).first.click()
    expect(guest.frame.locator("#cs-found")).to_be_visible()
    expect(guest.frame.locator(".cs-top nav")).not_to_be_visible()
    guest.frame.get_by_role("link", name=text.BACK).click()
    expect(guest.frame.locator(".st-key-question textarea")).to_have_value(every_state.ANSWER)
    expect(guest.frame.locator("#cs-results")).to_be_visible()
    guest.search(every_state.ROUTE)
    with guest.context.expect_page() as opened:
        guest.frame.get_by_role("link", name=text.BOOK).click()
    assert opened.value.url == "https://booking.example/"
    expect(guest.frame.locator("#cs-results")).to_be_visible()
    guest.context.close()


def test_the_frame_takes_neither_the_focus_nor_the_scroll_position_of_the_website(
    browser: Browser, website: Website, server: tuple[Server, Path]
) -> None:
    guest = Guest(browser, website, server[0], viewport=DESKTOP)
    expect(guest.frame.locator("[role=search]")).to_be_visible()
    expect(guest.frame.locator(".cs-example").first).to_be_visible()
    guest.page.wait_for_timeout(300)  # the focus would be taken a moment after
    assert guest.page.evaluate("[document.activeElement.tagName, scrollY]") == ["BODY", 0]
    guest.context.close()


def test_the_frame_is_as_high_as_what_it_shows_and_tells_two_numbers_only(
    engine: Engine, website: Website, server: tuple[Server, Path]
) -> None:
    write_page(website, server[0])
    with engine() as tab:
        tab.open(website.url)
        tab.enter()
        reader = Reader(tab)
        reader.write(text.LABEL, every_state.ANSWER)
        until("all of the search", lambda: scrolled_away(tab) <= 0)
        low = height(tab)
        tab.press("Enter")
        reader.see("link", text.READ)
        until("all of the results", lambda: height(tab) > low and scrolled_away(tab) <= 0)
        reader.click("link", text.READ)
        reader.see("button", text.PRINT)
        until("all of the article", lambda: scrolled_away(tab) <= 0)
        high = height(tab)
        until("what was found", lambda: 0 <= top_on_website(tab) < DESKTOP["height"])
        reader.click("link", text.BACK)
        until("a lower frame", lambda: height(tab) < high and scrolled_away(tab) <= 0)
        tab.leave()
        tab.run("() => postMessage({ height: 7 }, '*')")  # not from the search
        heard = until("messages", lambda: tab.run("() => heard.at(-1).height === 7 && heard"))
        assert "blood" not in str(heard)  # Streamlit has messages of its own
        ours = [one for one in heard if "height" in one]
        assert {key for one in ours for key in one} == {"height", "top"}
        assert all(isinstance(value, int) for one in ours for value in one.values())
        tab.enter()
        assert height(tab) > 7


def scrolled_away(tab: Tab) -> int:
    """Return how many pixels of the page in the frame are not to be seen without scrolling it."""
    pixels: int = tab.run(
        """() => Math.max(...[...document.querySelectorAll("html, main, section")]
          .filter((one) => one.clientHeight && getComputedStyle(one).overflowY !== "visible")
          .map((one) => one.scrollHeight - one.clientHeight))"""
    )
    return pixels


def height(tab: Tab) -> int:
    pixels: int = tab.run("() => innerHeight")
    return pixels


def top_on_website(tab: Tab) -> float:
    """Return how far what was found is below the top of what is seen of the website."""
    place = "() => document.getElementById('cs-found').getBoundingClientRect().top"
    inside = tab.run(place)
    tab.leave()
    around = tab.run("() => document.querySelector('iframe').getBoundingClientRect().top")
    tab.enter()
    return float(inside + around)


def test_without_javascript_the_frame_searches_by_form(
    browser: Browser, website: Website, server: tuple[Server, Path]
) -> None:
    # Switched off for a whole browser, the driver does not tell frames of other origins.
    guest = Guest(browser, website, server[0], left_out="allow-scripts ")
    box = guest.frame.get_by_role("searchbox")
    box.fill(every_state.ANSWER)
    box.press("Enter")
    expect(guest.frame.locator("mark").first).to_be_visible()
    guest.context.close()


def test_an_article_can_be_shared_from_the_frame(
    browser: Browser, website: Website, server: tuple[Server, Path]
) -> None:
    guest = Guest(browser, website, server[0])
    guest.search(every_state.ANSWER)
    guest.frame.get_by_role("button", name=text.SHARE).first.click()
    expect(guest.frame.get_by_text(text.COPIED, exact=True).first).to_be_visible()
    guest.context.close()


def test_a_website_that_is_not_named_is_refused_and_so_is_everybody_once_the_line_is_gone(
    browser: Browser, website: Website, server: tuple[Server, Path]
) -> None:
    """Refused by the browser, which then shows a page of its own in the frame."""
    running, content = server
    file = content / "clinic.toml"
    before = file.read_text(encoding="utf-8")
    try:
        for line in ('embed_origins = ["https://www.other.example"]', ""):
            file.write_text(re.sub(r"embed_origins.*", line, before), encoding="utf-8")
            guest = Guest(browser, website, running)
            expect(guest.frame.locator("body")).to_be_attached()
            assert guest.page.frames[1].url.startswith("chrome-error:")
            guest.context.close()
    finally:
        file.write_text(before, encoding="utf-8")
    guest = Guest(browser, website, running)
    expect(guest.frame.locator(".st-key-question textarea")).to_be_visible()  # the control
    guest.context.close()


def test_the_snippet_has_what_a_frame_needs() -> None:
    frame = snippet()
    needed = ('title="', 'width="100%"', 'height="', 'sandbox="', "?embed=true")
    for part in (*needed, 'allow="clipboard-write; web-share"', 'referrerpolicy="no-referrer"'):
        assert part in frame
