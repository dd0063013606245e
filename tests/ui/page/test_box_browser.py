"""The search box in a real browser: it grows, and is otherwise a box of one line.

How high it grows in each engine is in test_engines.py, what becomes of it when the application
takes over in test_first_browser.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.pages.browser import PHONE, Server, home, idle, search, serving, violations
from ui.languages import text

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = "is dry needling safe for my neck if I take blood thinners"


@pytest.fixture(scope="module")
def server(clinic_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("box") / "page.log"
    launcher = ("-m", "tests.support.pages.every_state")
    with serving(clinic_built, log, launcher=launcher) as running:
        yield running


@pytest.fixture
def box(page: Page) -> Locator:
    home(page)
    return page.get_by_label(text.LABEL)


@pytest.mark.parametrize("keys", ["Enter", "Shift+Enter", "Control+Enter"])
def test_enter_sends_once_and_begins_no_line(page: Page, box: Locator, keys: str) -> None:
    box.fill("neck pain and blood")
    before = page.evaluate("history.length")
    box.press(keys)
    expect(page.locator("#cs-results")).to_be_visible()
    idle(page)
    expect(box).to_have_value("neck pain and blood")
    assert page.evaluate("history.length") == before + 1


def test_pasted_lines_become_one_and_the_caret_stays_behind_them(page: Page, box: Locator) -> None:
    box.fill("my  hurts")
    box.evaluate("one => one.setSelectionRange(3, 3)")
    page.keyboard.insert_text("neck\nand\nback")
    expect(box).to_have_value("my neck and back hurts")
    page.keyboard.type("!")
    expect(box).to_have_value("my neck and back! hurts")
    box.press("Enter")
    expect(page.locator("#cs-results")).to_be_visible()
    expect(box).to_have_value("my neck and back! hurts")


def test_a_button_empties_it_and_leaves_what_was_found(page: Page, box: Locator) -> None:
    clear = page.get_by_role("button", name=text.CLEAR)
    expect(clear).to_have_count(0)  # there is nothing to clear
    search(page, LONG)
    found = page.locator("#cs-results").inner_text()
    address = page.url
    clear.click()
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(clear).to_have_count(0)
    expect(page.locator("#cs-results")).to_have_text(found)
    assert page.url == address
    box.press("Enter")  # React knows that it is empty
    expect(page.locator(".cs-note")).to_have_text(str(text.EMPTY))


def test_a_search_from_before_makes_it_as_high_as_its_words(page: Page, box: Locator) -> None:
    search(page, LONG * 2)
    high = box.evaluate("one => one.clientHeight")
    search(page, "neck pain and blood")
    low = box.evaluate("one => one.clientHeight")
    page.go_back()
    expect(box).to_have_value(LONG * 2)
    assert box.evaluate("one => one.clientHeight") == high > low


@pytest.mark.parametrize(
    "visitor",
    [{"viewport": PHONE, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}],
    indirect=True,
)
def test_on_a_phone_its_key_says_search_and_axe_finds_nothing(page: Page, box: Locator) -> None:
    expect(box).to_have_attribute("enterkeyhint", "search")
    box.fill(LONG)
    assert violations(page) == []
    for place in (box, page.get_by_role("button", name=text.CLEAR)):
        seen = place.bounding_box()
        assert seen is not None
        assert min(seen["width"], seen["height"]) >= 24
    expect(page.get_by_test_id("InputInstructions")).to_be_hidden()  # "Press Ctrl+Enter"
    assert box.evaluate("one => getComputedStyle(one).resize") == "none"
    box.press("Enter")
    expect(page.locator("#cs-results")).to_be_visible()
    expect(box).not_to_be_focused()  # the keyboard would cover the answer
