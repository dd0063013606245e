"""Suggestions in a real browser: a text box with a list, and no letter that leaves it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.pages.browser import (
    EVERY_SCREEN,
    SCREENS,
    Server,
    idle,
    opened,
    ready,
    serving,
    violations,
)
from tests.support.pages.visitor import Visitor
from ui.languages import text

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # Not pytest's own: the driver's sockets are closed by its process, after the interpreter looks.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page over counted words and a bank that is about necks."""
    folder = tmp_path_factory.mktemp("suggested")
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    (articles / "necks.txt").write_text(
        "All About Necks\n\nA stiff neck is common. It often passes.\n\n"
        "Why It Hurts\n\nThe neck carries the head. Pain can spread to the back.\n"
    )
    label_enough_to_calibrate(folder / "content")
    build_with(BagOfWordsEncoder(), folder / "content", folder / "built")
    with serving(
        folder / "built",
        folder / "page.log",
        content=folder / "content",
        launcher=("-m", "tests.support.pages.stand_in", str(folder)),
    ) as running:
        yield running


def typed(page: Page, words: str) -> Locator:
    """Open the page, wait until the list is there, type, and return the box."""
    with page.expect_response(re.compile(r"suggestions\.json$")):
        opened(page)
        ready(page)
        box = page.get_by_label(text.LABEL)
        box.focus()
    expect(box).to_have_attribute("aria-autocomplete", "list")
    box.press_sequentially(words)
    return box


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_it_has_a_list_of_at_most_six_and_says_so_and_axe_finds_nothing(page: Page) -> None:
    box = typed(page, "stif")
    expect(page.get_by_role("listbox", name=text.SUGGESTIONS)).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(6)
    expect(page.get_by_role("textbox", name=text.LABEL)).to_have_attribute(
        "aria-haspopup", "listbox"
    )
    expect(box).to_have_attribute("aria-controls", "cs-suggestions")
    expect(page.locator("#cs-live")).to_have_text(text.SUGGESTIONS_COUNTED.format(n=6))
    assert violations(page) == []
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    assert violations(page) == []
    width = page.get_by_role("listbox").bounding_box()
    assert width is not None
    assert width["x"] + width["width"] <= page.evaluate("innerWidth")


def test_arrows_go_round_and_escape_leaves_what_was_typed(page: Page) -> None:
    box = typed(page, "stiff neck")
    options = page.get_by_role("option")
    expect(options).to_have_count(6)
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "cs-suggestions-0")
    box.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    box.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", "cs-suggestions-5")
    expect(page.locator("#cs-suggestions-5")).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("stiff neck")
    box.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()


@pytest.mark.parametrize("visitor", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
def test_arrows_move_the_caret_between_lines_before_they_choose(page: Page) -> None:
    words = "stiff neck ribbo"  # two lines here
    box = typed(page, words)
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("ArrowUp")
    assert box.evaluate("one => one.selectionStart") < len("stiff neck")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    box.press("ArrowDown")
    assert box.evaluate("one => one.selectionStart") > len("stiff neck")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "cs-suggestions-0")
    expect(box).to_have_value(words)


def test_enter_searches_for_the_chosen_one_and_for_the_typed_words_without_a_choice(
    page: Page,
) -> None:
    box = typed(page, "stiff neck ap")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"\?search=[0-9a-f]{8}$"))
    expect(box).to_have_value("stiff neck apple")
    expect(page.get_by_role("article").first).to_be_visible()
    expect(page.get_by_role("listbox")).to_be_hidden()
    idle(page)
    before = page.url
    box.fill("neck")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Enter")
    expect(page).not_to_have_url(before)
    expect(box).to_have_value("neck")
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize(
    "visitor", [SCREENS["desktop-light"], SCREENS["phone-light"]], indirect=True
)
def test_a_click_or_a_touch_chooses_and_searches(page: Page) -> None:
    box = typed(page, "ribbon")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"\?search=[0-9a-f]{8}$"))
    expect(box).to_have_value("stiff neck ribbon")
    expect(page.get_by_role("article").first).to_be_visible()


def test_no_letter_leaves_the_browser_before_the_question_is_sent(visitor: Visitor) -> None:
    box = typed(visitor.page, "")
    asked, sent = len(visitor.asked), len(visitor.sent)
    for letter in "stiff neck zebra":
        box.press(letter)
    expect(visitor.page.get_by_role("listbox")).to_be_hidden()  # it is there in full
    box.press("Backspace")
    expect(visitor.page.get_by_role("option")).to_have_count(1)
    assert visitor.asked[asked:] == []
    assert visitor.sent[sent:] == []


def test_a_search_is_never_suggested_to_another_visitor(visitor: Visitor, server: Server) -> None:
    box = typed(visitor.page, "stiff xylophone")
    box.press("Enter")
    expect(visitor.page.locator("#cs-results")).to_be_visible()
    raw = visitor.context.request.get(server.url + "suggestions.json").text()
    assert "xylophone" not in raw
    assert json.loads(raw)["questions"]


@pytest.mark.parametrize("visitor", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_nothing_is_suggested(visitor: Visitor) -> None:
    visitor.page.goto("./")
    expect(visitor.page.get_by_role("searchbox")).to_have_count(1)
    expect(visitor.page.locator("[aria-autocomplete]")).to_have_count(0)
    assert not [url for url in visitor.asked if "suggestions" in url]
