"""States that people meet, in the real browser: slow, not ready, replaced, lost, a second tab."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.pages.browser import (
    EVERY_SCREEN,
    Server,
    answer,
    home,
    idle,
    opened,
    search,
    serving,
    taken_over,
    violations,
)
from tests.support.pages.visitor import Visitor, visiting
from ui.languages import text

pytestmark = pytest.mark.browser

NECKS = (
    "All About Necks\n\nA stiff neck is common. It often passes.\n\n"
    "Why It Hurts\n\nThe neck carries the head. Pain can spread to the back.\n"
)
COLOUR = 'accent = "#7b1e3a"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content about necks in the clinic's own colour, its index, and room for a control file."""
    made = tmp_path_factory.mktemp("states")
    articles = made / "content" / "articles"
    articles.mkdir(parents=True)
    (articles / "necks.txt").write_text(NECKS)
    label_enough_to_calibrate(made / "content")
    build_with(BagOfWordsEncoder(), made / "content", made / "built")
    (made / "content" / "clinic.toml").write_text(COLOUR)
    return made


def stand_in(folder: Path, *, wait_for: int = 200) -> AbstractContextManager[Server]:
    return serving(
        folder / "built",
        folder / "page.log",
        content=folder / "content",
        launcher=("-m", "tests.support.pages.stand_in", str(folder)),
        wait_for=wait_for,
    )


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with stand_in(folder) as running:
        yield running


@pytest.fixture
def slow(folder: Path) -> Iterator[Path]:
    """A file that keeps every search from ending, as long as it is there."""
    yield folder / "slow"
    (folder / "slow").unlink(missing_ok=True)


def asked(page: Page, question: str) -> None:
    """Send a question without waiting for what it finds."""
    page.get_by_label(text.LABEL).fill(question)
    page.get_by_label(text.LABEL).press("Enter")


# -- slow, not ready, replaced --------------------------------------------------------------------


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_no_old_result_stands_under_a_new_question(page: Page, slow: Path) -> None:
    home(page)
    search(page, "stiff neck")
    expect(page.get_by_role("article").first).to_be_visible()
    slow.touch()
    asked(page, "stiff neck apple")
    expect(page.locator(".cs-busy")).to_be_visible()
    expect(page.locator(".cs-busy")).to_contain_text(text.SEARCHING)
    expect(page.locator(".cs-card:visible")).to_have_count(0)
    stale = page.locator("[data-stale=true]").filter(has=page.locator(".cs-foot"))
    expect(stale).to_have_css("transition-duration", "0s")  # Streamlit would fade it for a second
    expect(stale).to_have_css("opacity", "1")
    assert violations(page) == []
    slow.unlink()
    expect(page.get_by_role("article").first).to_be_visible()
    expect(page.locator(".cs-busy")).to_have_count(0)


def test_results_go_even_when_the_server_says_nothing(visitor: Visitor) -> None:
    page = visitor.page
    home(page)
    search(page, "stiff neck")
    page.evaluate("for (const one of document.querySelectorAll('#cs-state')) one.remove()")
    page.evaluate("WebSocket.prototype.send = () => {}")  # whatever is asked is never heard
    asked(page, "stiff neck apple")
    expect(page.locator(".cs-card:visible")).to_have_count(0)


@pytest.mark.parametrize("visitor_settings", EVERY_SCREEN)
def test_while_the_index_is_opened_the_box_takes_a_question_and_answers_it_then(
    browser: Browser, folder: Path, visitor_settings: dict[str, object], tmp_path: Path
) -> None:
    for name in ("content", "built"):
        shutil.copytree(folder / name, tmp_path / name)
    (tmp_path / "loading").touch()
    with (
        stand_in(tmp_path, wait_for=503) as running,
        visiting(browser, running.url, **visitor_settings) as visitor,
    ):
        page = visitor.page
        page.goto("./")
        expect(page.locator("[data-testid=stMain]")).to_contain_text(text.PREPARING)
        expect(page.locator("#cs-first [role=search]")).to_be_visible()
        assert violations(page) == []
        page.locator("#cs-first textarea").fill("stiff neck")
        page.locator("#cs-first textarea").press("Enter")
        expect(page).to_have_url(re.compile(r"\?search="))
        expect(page.locator("#cs-first .cs-panel")).to_contain_text(str(text.STILL_PREPARING))
        (tmp_path / "loading").unlink()
        expect(page.get_by_role("article").first).to_be_visible()
        taken_over(page)
        expect(page.get_by_label(text.LABEL)).to_have_value("stiff neck")


def test_a_new_index_answers_the_next_search_and_the_old_results_stay(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    for name in ("content", "built"):
        shutil.copytree(folder / name, tmp_path / name)
    with stand_in(tmp_path) as running, visiting(browser, running.url) as visitor:
        page = visitor.page
        home(page)
        search(page, "stiff neck")
        before = (tmp_path / "built" / "current").read_text()
        article = tmp_path / "content" / "articles" / "necks.txt"
        article.write_text(NECKS.replace("often passes", "mostly passes"))
        build_with(BagOfWordsEncoder(), tmp_path / "content", tmp_path / "built")
        now = (tmp_path / "built" / "current").read_text()
        assert now != before
        expect(page.get_by_role("article").first).to_contain_text("often passes")
        ready_now = visitor.context.request
        for _ in range(100):
            if ready_now.get("readyz").json()["generation"] == now.strip():
                break
            page.wait_for_timeout(100)
        search(page, "stiff neck apple")
        expect(page.get_by_role("article").first).to_contain_text("mostly passes")
        page.get_by_role("link", name=re.compile(f"^{text.READ}")).first.click()
        expect(page.locator("#cs-found mark")).to_be_visible()


# -- lost, a second tab, a very long question -----------------------------------------------------


LOST = re.compile(r"net::ERR_|WebSocket|server is not responding|server endpoint|disconnected")


@pytest.mark.parametrize("visitor_settings", EVERY_SCREEN)
def test_when_the_server_is_gone_a_calm_line_says_so_and_nothing_is_inert(
    browser: Browser, folder: Path, visitor_settings: dict[str, object], tmp_path: Path
) -> None:
    for name in ("content", "built"):
        shutil.copytree(folder / name, tmp_path / name)
    with stand_in(tmp_path) as running:
        visitor = Visitor(browser, running.url, **visitor_settings)
        page = visitor.page
        home(page)
        search(page, "stiff neck")
        running.process.terminate()
        running.process.wait(20)
        assert answer(running.url) == 0
        expect(page.locator("#cs-lost")).to_have_text(str(text.LOST))
        expect(page.locator("#cs-lost")).to_have_attribute("role", "status")
        page.wait_for_timeout(8_000)  # when Streamlit would have shown its dialog
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.locator("[inert], body > [aria-hidden=true]").count() == 0
        assert violations(page) == []
        page.locator(".cs-help summary").click()
        expect(page.locator(".cs-help-panel")).to_be_visible()
        visitor.context.close()
    # Trying to connect again is all that may be said to have gone wrong.
    assert [problem for problem in visitor.wrong if not LOST.search(problem)] == []


# Playwright's `set_offline` leaves open sockets alone.
_SOCKETS = """
window.sockets = []
window.WebSocket = class extends WebSocket {
    constructor(...given) { super(...given); window.sockets.push(this) }
}
"""


def _cut(visitor: Visitor) -> None:
    """Lose the connection until the browser is online again."""
    visitor.context.set_offline(True)
    visitor.page.evaluate("window.sockets.forEach(one => one.close())")
    expect(visitor.page.locator("[data-test-connection-state=CONNECTED]")).to_have_count(0)


@pytest.fixture
def losing(browser: Browser, server: Server) -> Iterator[Visitor]:
    """A visitor whose connection may be lost: what the browser says of that is no fault."""
    made = Visitor(browser, server.url)
    made.page.add_init_script(_SOCKETS)
    home(made.page)
    yield made
    made.context.close()
    assert [problem for problem in made.wrong if not LOST.search(problem)] == []


def test_address_and_view_never_part_while_the_connection_is_lost(losing: Visitor) -> None:
    page = losing.page
    search(page, "stiff neck")
    address = page.url
    _cut(losing)
    page.get_by_role("link", name=re.compile(f"^{text.READ}")).first.click()
    expect(page.locator("#cs-lost")).to_have_text(str(text.LOST))
    assert page.url == address
    page.go_back()  # the browser's own button changes the address all the same
    expect(page).to_have_url(losing.url)
    losing.context.set_offline(False)
    expect(page.locator("#cs-lost")).to_have_text(str(text.LOST_BACK))
    expect(page.locator(".cs-hero")).to_be_visible()
    expect(page.locator("#cs-results")).to_have_count(0)
    page.go_forward()
    expect(page.get_by_label(text.LABEL)).to_have_value("stiff neck")
    expect(page.locator("#cs-results")).to_be_visible()


def test_who_types_while_the_connection_is_lost_is_in_the_box_again(losing: Visitor) -> None:
    page = losing.page
    page.get_by_label(text.LABEL).press_sequentially("stiff ne")
    _cut(losing)
    losing.context.set_offline(False)
    expect(page.locator("[data-test-connection-state=CONNECTED]")).to_have_count(1)
    expect(page.get_by_label(text.LABEL)).to_be_focused()
    expect(page.get_by_label(text.LABEL)).to_have_value("stiff ne")


def test_a_question_sent_without_a_connection_is_not_lost(losing: Visitor) -> None:
    """Before the application is there: the first document says so, and asks again when told to."""
    page = losing.page
    page.route(re.compile(r"/static/js/index\.D[^/]+\.js$"), lambda _route: None)
    page.goto("./")
    losing.context.set_offline(True)
    asked(page, "stiff neck")
    expect(page.locator("#cs-lost")).to_have_text(str(text.LOST))
    expect(page.get_by_label(text.LABEL)).to_have_value("stiff neck")
    assert page.url == losing.url  # it names no search that has not been made
    losing.context.set_offline(False)
    page.get_by_label(text.LABEL).press("Enter")
    expect(page.locator("#cs-results")).to_be_visible()
    expect(page.locator("#cs-lost")).to_have_text(str(text.LOST_BACK))


def test_a_second_tab_holds_its_own_searches_and_says_what_it_does_not_know(
    visitor: Visitor,
) -> None:
    page = visitor.page
    home(page)
    search(page, "stiff neck")
    second = visitor.context.new_page()
    opened(second, page.url)
    expect(second.locator(".cs-note")).to_have_text(text.FORGOTTEN)
    expect(second.get_by_label(text.LABEL)).to_have_value("")
    assert violations(second) == []
    asked(second, "does the back hurt")
    expect(second.locator("#cs-results")).to_be_visible()
    expect(page.get_by_label(text.LABEL)).to_have_value("stiff neck")
    page.reload()
    taken_over(page)
    expect(page.get_by_label(text.LABEL)).to_have_value("stiff neck")
    expect(page.locator("#cs-results")).to_be_visible()


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_a_very_long_question_is_searched_and_said_to_be_cut(page: Page) -> None:
    home(page)
    search(page, "stiff neck " * 900)
    expect(page.locator(".cs-note").first).to_contain_text("We searched for its first 4000 letters")
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= page.evaluate("innerWidth")
    assert violations(page) == []


# -- the clinic's colours -------------------------------------------------------------------------


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_the_page_is_in_the_clinics_colour_and_axe_finds_nothing(page: Page) -> None:
    home(page)
    button = page.get_by_role("button", name=text.SEARCH, exact=True)
    expect(button).to_have_css("background-color", "rgb(123, 30, 58)")
    search(page, "stiff neck apple")
    link = page.get_by_role("link", name=re.compile(f"^{text.READ}")).first
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    if not dark:
        expect(link).to_have_css("color", "rgb(123, 30, 58)")
    assert violations(page) == []
    idle(page)
