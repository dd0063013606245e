"""The list of articles in the real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages.browser import (
    EVERY_SCREEN,
    SCREENS,
    Server,
    idle,
    is_sideways,
    opened,
    serving,
    violations,
)
from tests.support.pages.visitor import Visitor
from ui.languages import text

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page over 120 articles, six for each of twenty letters, in two folders."""
    folder = tmp_path_factory.mktemp("many")
    for letter in "abcdefghijklmnoprstv":
        for number in range(6):
            path = folder / "content" / "articles" / ("neck" if number % 2 else "back")
            path.mkdir(parents=True, exist_ok=True)
            (path / f"{letter}{number}.md").write_text(
                f"# {letter.upper()}{number} pain\n\nA stiff neck, number {letter}{number}.\n\n"
                f"## Moving {letter}{number}\n\nSleep helps the back {letter}{number}.\n\n"
                f"## Do\n\nRest {letter}{number}.\n"
            )
    build_with(BagOfWordsEncoder(), folder / "content", folder / "built")
    with serving(
        folder / "built",
        folder / "page.log",
        content=folder / "content",
        launcher=("-m", "tests.support.pages.stand_in", str(folder)),
    ) as running:
        yield running


def at_list(page: Page) -> None:
    opened(page, "?view=articles")
    expect(page.get_by_label(text.FILTER_LABEL)).to_be_visible()
    idle(page)


def find(page: Page, words: str) -> None:
    box = page.get_by_label(text.FILTER_LABEL)
    box.fill(words)
    box.press("Enter")


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_every_state_of_the_list_is_accessible_and_nothing_scrolls_sideways(page: Page) -> None:
    at_list(page)
    assert violations(page) == []
    assert not is_sideways(page)
    find(page, "moving s3")
    expect(page.locator(".cs-titles > li")).to_have_count(1)
    expect(page.get_by_role("link", name="Moving s3")).to_be_visible()
    assert violations(page) == []
    find(page, "zebra")
    expect(page.get_by_text(text.FILTER_NONE)).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(
    "visitor",
    [{**SCREENS["phone-light"], "viewport": {"width": 320, "height": 640}}],
    indirect=True,
)
def test_a_narrow_phone_shows_titles_only_and_jumps_by_letter(page: Page) -> None:
    at_list(page)
    assert not is_sideways(page)
    expect(page.locator(".cs-titles > li")).to_have_count(50)
    expect(page.get_by_role("link", name="Moving a0")).to_be_hidden()
    page.get_by_role("link", name="T", exact=True).click()  # begins on another page
    expect(page.locator("#cs-letter-T")).to_be_in_viewport()
    expect(page.get_by_text(text.PAGE_OF_LIST.format(n=3, total=3))).to_be_attached()
    page.go_back()
    expect(page.locator("#cs-letter-A")).to_be_in_viewport()


def test_the_filter_says_what_it_found_and_its_words_leave_no_trace(
    page: Page, visitor: Visitor, server: Server
) -> None:
    at_list(page)
    find(page, "pain ermintrude")
    expect(page.locator("#cs-live")).to_have_text("0 of 120 articles")
    find(page, "pain")
    expect(page.locator("#cs-live")).to_have_text("120 of 120 articles")
    find(page, "neck b1")  # the folder is the body area
    expect(page.locator(".cs-titles > li")).to_have_count(1)
    assert page.url == f"{server.url}?view=articles"
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    for word in ("ermintrude", "neck"):
        assert word not in kept
        assert not [url for url in visitor.asked if word in url]
    assert "ermintrude" not in server.written()
    page.get_by_role("button", name=text.FILTER_ALL).click()
    expect(page.locator(".cs-titles > li")).to_have_count(50)


def test_titles_and_headings_are_suggested_without_a_bank_and_no_order_is_an_example(
    page: Page,
) -> None:
    opened(page, "")
    box = page.get_by_label(text.LABEL)
    expect(page.locator(".cs-examples button").first).to_be_visible()
    for example in page.locator(".cs-examples button").all_inner_texts():
        assert example.endswith(" pain")
    box.press_sequentially("s3")
    expect(page.get_by_role("option", name="S3 pain")).to_be_visible()
