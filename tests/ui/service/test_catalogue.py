"""The list of articles: its order, its pages, its letters and its filter."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.types import Article, Section, Span
from ui.languages import text
from ui.rendering.articles import articles_html, counted
from ui.service.catalogue import (
    PER_PAGE,
    Shelf,
    catalogue,
    filtered,
    folded,
    page_of_list,
)

TODAY = date(2026, 3, 1)
HOSTILE = '"><script>alert(1)</script>'


def article(title: str, *headings: str, folder: str = "") -> Article:
    sections = tuple(
        Section(f"{title}#{number}", (heading,), Span(0, 1))
        for number, heading in enumerate(headings)
    )
    name = folded(title).replace(" ", "-")
    return Article(name, title, "x", sections, f"{folder}{name}.txt", "0" * 64)


SOME = [
    article("Frozen shoulder", "Causes", "How long does it last?", folder="shoulder/"),
    article("élan after a knee operation", "When can I drive?", folder="knee/"),
    article("Zygapophysial joints"),
    article("10 tips for runners", "Causes of pain"),
    article("Ankle sprain", "Causes", "Exercises"),
]
MANY = [article(f"{letter}{number:02} pain") for letter in "CAB" for number in range(40)]


def titles(shelf: Shelf) -> list[str]:
    return [one.title for one in shelf.listed]


def drawn(shelf: Shelf, articles: list[Article]) -> str:
    return articles_html(shelf, {one.id: one for one in articles}, today=TODAY)


def test_the_order_is_a_to_z_without_case_and_accents_and_figures_come_last() -> None:
    shelf = page_of_list(catalogue(SOME))
    assert titles(shelf) == [
        "ankle sprain",
        "elan after a knee operation",
        "frozen shoulder",
        "zygapophysial joints",
        "10 tips for runners",
    ]
    assert shelf.letters == ("A", "E", "F", "Z", "#")


def test_a_letter_and_a_number_lead_to_their_page_and_anything_else_to_the_first() -> None:
    listed = catalogue(MANY)
    assert (page_of_list(listed).number, page_of_list(listed).pages) == (1, 3)
    assert page_of_list(listed, letter="B").number == 1
    assert page_of_list(listed, letter="C").number == 2
    assert page_of_list(listed, page="3").number == 3
    for page in ("0", "99", "-1", "x", "9" * 30, "²", HOSTILE):
        assert 1 <= page_of_list(listed, page=page).number <= 3
    assert page_of_list(listed, letter=HOSTILE).number == 1
    seen = [title for page in "123" for title in titles(page_of_list(listed, page=page))]
    assert seen == sorted(folded(one.title) for one in MANY)
    assert page_of_list(()).listed == ()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("frozen", ["frozen shoulder"]),
        ("SHOULDER froz", ["frozen shoulder"]),
        ("elan", ["elan after a knee operation"]),
        ("Élan, after", ["elan after a knee operation"]),
        ("knee", ["elan after a knee operation"]),
        ("drive", ["elan after a knee operation"]),
        ("causes", ["ankle sprain", "frozen shoulder", "10 tips for runners"]),
        ("shoulder last", ["frozen shoulder"]),
        ("ozen", []),
        ("exercises last", []),
    ],
)
def test_every_word_begins_a_word_of_the_title_the_area_or_one_heading(
    typed: str, found: list[str]
) -> None:
    assert titles(filtered(catalogue(SOME), typed)) == found


def test_titles_come_before_headings() -> None:
    articles = [article("Aches", "Pain at night"), article("Pain")]
    assert titles(filtered(catalogue(articles), "pain")) == ["pain", "aches"]


@given(some.text(max_size=600))
def test_no_text_breaks_the_filter(typed: str) -> None:
    shelf = filtered(catalogue(SOME), typed)
    assert shelf.found == len(shelf.listed)
    assert HOSTILE not in drawn(shelf, SOME)


def test_headings_stand_behind_their_title_and_open_only_where_a_word_was_found_there() -> None:
    everything = drawn(page_of_list(catalogue(SOME)), SOME)
    assert everything.count("<details>") == len(SOME)
    assert "2 sections" in everything
    assert "0 sections" not in everything
    by_title = drawn(filtered(catalogue(SOME), "frozen"), SOME)
    assert "<details>" in by_title
    by_heading = drawn(filtered(catalogue(SOME), "drive"), SOME)
    assert "<details open>" in by_heading


def test_letters_of_other_pages_lead_there_and_a_pager_says_where_one_is() -> None:
    html = drawn(page_of_list(catalogue(MANY), page="2"), MANY)
    letters = re.findall(r'href="\?view=articles&amp;letter=(\w)"', html)
    assert letters == ["A", "B", "C"]
    assert re.findall(r'href="\?view=articles&amp;page=(\d)"', html) == ["1", "3"]
    assert "Page 2 of 3" in html
    assert 'id="cs-letter-B"' in html
    assert 'id="cs-letter-A"' not in html


def test_more_than_a_page_is_counted_and_nothing_found_leads_to_a_question() -> None:
    shelf = filtered(catalogue(MANY), "pain")
    assert (len(shelf.listed), shelf.found) == (PER_PAGE, 120)
    html = drawn(shelf, MANY)
    assert "120 of 120 articles" in html
    assert text.FILTER_MORE.format(n=PER_PAGE) in html
    assert "cs-letters" not in html
    nothing = filtered(catalogue(MANY), "zebra")
    assert counted(nothing) == "0 of 120 articles"
    assert f'href="./">{text.FILTER_ASK}' in drawn(nothing, MANY)


def test_what_comes_from_content_is_escaped() -> None:
    articles = [article(f"A {HOSTILE}", HOSTILE, folder="<b>/")]
    assert "<script" not in drawn(page_of_list(catalogue(articles)), articles)
    assert "<b>" not in drawn(page_of_list(catalogue(articles)), articles)


class _Counting(Mapping[str, Article]):
    """Counts look-ups: in a large index each takes a part of a millisecond."""

    def __init__(self, articles: list[Article]) -> None:
        self.times = 0
        self._held = {one.id: one for one in articles}

    def __getitem__(self, key: str) -> Article:
        self.times += 1
        return self._held[key]

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._held)


def test_only_the_articles_of_a_page_are_looked_up() -> None:
    held = _Counting(MANY)
    articles_html(page_of_list(catalogue(MANY)), held, today=TODAY)
    assert held.times == PER_PAGE


def test_a_filter_over_a_thousand_articles_takes_no_time_to_notice() -> None:
    many = [
        article(f"Title {n} of many", *(f"Heading {n} {m}" for m in range(8))) for n in range(1000)
    ]
    listed = catalogue(many)
    start = time.perf_counter()
    shelf = filtered(listed, "heading 777")
    assert titles(shelf) == ["title 777 of many"]
    assert time.perf_counter() - start < 0.5
