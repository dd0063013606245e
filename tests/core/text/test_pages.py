"""Pages of a file: on which one a place in the text stands, and that an index keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.pages import page_of
from core.types import Article, Provenance, Section, Span
from index.store import arrow_schema
from index.store.arrow_files import read_table, write_table

TEXT = "One two three four five six"


def article(*pages: int) -> Article:
    sections = (Section("a#introduction", (), Span(0, len(TEXT))),)
    return Article("a", "T", TEXT, sections, "a.pdf", "0" * 64, Provenance(), pages)


@pytest.mark.parametrize(
    ("pages", "offset", "number"),
    [
        ((), 3, None),
        ((0,), 26, 1),
        ((0, 8), 7, 1),
        ((0, 8), 8, 2),
        ((0, 8, 8, 19), 8, 3),
        ((0, 8, 8, 19), 19, 4),
        ((5, 8), 0, 1),
        ((0, 27, 27), 26, 1),
    ],
)
def test_a_place_stands_on_the_last_page_that_begins_before_it(
    pages: tuple[int, ...], offset: int, number: int | None
) -> None:
    assert page_of(article(*pages), offset) == number


@given(st.lists(st.integers(0, len(TEXT)), min_size=1).map(sorted), st.integers(0, len(TEXT)))
def test_the_page_is_one_that_there_is(pages: list[int], offset: int) -> None:
    assert 1 <= (page_of(article(*pages), offset) or 0) <= len(pages)


@pytest.mark.parametrize("pages", [(), (0, 8, 8, 19)])
def test_an_index_keeps_the_pages(pages: tuple[int, ...], tmp_path: Path) -> None:
    path = tmp_path / "articles.arrow"
    write_table(arrow_schema.articles_table([article(*pages)]), path)
    rows = arrow_schema.article_rows(read_table(path, arrow_schema.ARTICLES))
    assert rows[0] == article(*pages)
