"""The search without JavaScript in a real browser: it looks, reads and goes back as it should."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.pages import every_state
from tests.support.pages.browser import EVERY_SCREEN, Server, serving, violations
from tests.support.pages.visitor import Visitor
from ui.languages import text

pytestmark = [
    pytest.mark.browser,
    # Not pytest's own: the driver's sockets are closed by its process, after the interpreter looks.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

NO_SCRIPT = {"java_script_enabled": False}
SMALL = {"width": 320, "height": 568}
SECRET = "glockenspielerin"
QUESTIONS = (
    *(every_state.ANSWER, every_state.CLAIM, every_state.RELATED, every_state.NOTHING),
    *(every_state.ROUTE, every_state.CORRECTED, every_state.EMERGENCY, every_state.URGENT),
    *(every_state.CAUTION, every_state.INFORMATION, every_state.HIDDEN),
)


@pytest.fixture(scope="module")
def server(clinic_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page over the real articles, without a model."""
    folder = tmp_path_factory.mktemp("plain")
    content = every_state.copied_content(folder / "content")
    launcher = ("-m", "tests.support.pages.every_state")
    with serving(clinic_built, folder / "page.log", content=content, launcher=launcher) as running:
        yield running


def find(page: Page, question: str) -> None:
    page.get_by_role("searchbox").fill(question)
    with page.expect_navigation():
        page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#cs-results")).to_be_visible()


@pytest.mark.parametrize("visitor", [NO_SCRIPT], indirect=True)
def test_a_visitor_without_javascript_searches_at_once_and_reads_the_article(
    page: Page, visitor: Visitor, server: Server
) -> None:
    page.goto("./")
    find(page, f"{every_state.ANSWER} {SECRET}")
    assert page.url == f"{server.url}plain"
    expect(page.locator("mark").first).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=text.READ).first.click()
    article = opened.value
    expect(article.locator("#cs-found")).to_be_in_viewport()
    expect(page.locator("#cs-results")).to_be_visible()
    with article.expect_navigation():
        article.get_by_role("link", name=text.ASK_AGAIN).click()
    assert article.url == f"{server.url}plain"
    article.close()
    page.go_back()
    expect(page.get_by_role("searchbox")).to_be_visible()
    asked = [address for address in visitor.asked if SECRET in address]
    assert asked == []
    assert visitor.context.cookies() == []
    assert SECRET not in server.written()


@pytest.mark.parametrize("visitor", [NO_SCRIPT], indirect=True)
def test_an_example_and_a_correction_are_buttons_that_search(page: Page) -> None:
    page.goto("./plain")
    example = page.locator(".cs-example").first
    words = example.inner_text()
    with page.expect_navigation():
        example.click()
    expect(page.get_by_role("searchbox")).to_have_value(words)
    find(page, every_state.CORRECTED)
    with page.expect_navigation():
        page.get_by_role("button", name=text.UNDO_MORE).click()
    expect(page.get_by_role("searchbox")).to_have_value(f"+{every_state.CORRECTED}")


@pytest.mark.parametrize("visitor", [NO_SCRIPT], indirect=True)
def test_all_plain_pages_can_be_reached_by_their_links(page: Page) -> None:
    page.goto("./")
    banner = page.locator(".cs-top")
    for name, heading in ((text.ARTICLES, text.ARTICLES_TITLE), (text.ABOUT, text.ABOUT_TITLE)):
        page.goto("./plain")
        banner.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        banner.get_by_role("link", name=text.ASK, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(text.TITLE)
    page.locator(".cs-help summary").click()
    page.get_by_role("link", name=text.ALL_NOTICES).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(text.NOTICES_TITLE)
    page.get_by_role("link", name=text.PLAIN_LINK).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(text.TITLE)


@pytest.mark.parametrize("screen", EVERY_SCREEN)
def test_axe_finds_nothing_on_any_plain_page(
    browser: Browser, server: Server, screen: dict[str, Any]
) -> None:
    # With JavaScript, which axe is written in; these pages have none of their own either way.
    visitor = Visitor(browser, server.url, **screen)
    page = visitor.page
    article = "plain/article?article=dry-needling-benefits"
    for address in ("plain", "plain/article", "plain/about", f"{article}&section=nowhere", article):
        page.goto(f"./{address}")
        assert violations(page) == [], address
        assert _sideways(page) <= 0, address
    page.goto("./plain")
    for question in QUESTIONS:
        find(page, question)
        assert violations(page) == [], question
        assert _sideways(page) <= 0, question
    assert visitor.wrong == []
    page.goto("./nowhere/at/all")
    expect(page.get_by_role("heading", level=1)).to_have_text(text.NO_PAGE)
    assert violations(page) == []
    assert _sideways(page) <= 0
    visitor.context.close()
    # The browser itself says that a page which it asked for is not there.
    assert all("404" in one for one in visitor.wrong)


@pytest.mark.parametrize("visitor", [{**NO_SCRIPT, "viewport": SMALL}], indirect=True)
def test_at_320_pixels_nothing_has_to_be_scrolled_sideways(page: Page) -> None:
    for address in ("./", "./plain", "./plain/article"):
        page.goto(address)
        assert _sideways(page) <= 0, address
    page.goto("./")
    for question in (every_state.CORRECTED, every_state.HIDDEN, every_state.ROUTE):
        find(page, question)
        assert _sideways(page) <= 0, question


def _sideways(page: Page) -> int:
    """Return by how many pixels the page can be scrolled sideways; the driver's own script."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
