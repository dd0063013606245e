"""Marks of lists: those that say something are kept, the others are one dash."""

from __future__ import annotations

import pytest

from ingest.readers.marks import drawn, shown_mark


@pytest.mark.parametrize(
    ("text", "font", "signs"),
    [
        ("\uf0fb", "Wingdings", "\u2717"),
        ("\u00fc", "ABCDEF+Wingdings-Regular", "\u2713"),
        ("P O", "Wingdings 2", "\u2713 \u2717"),
        ("ar", "Webdings", "\u2713\u2717"),
        ("3478", "ZapfDingbats", "\u2713\u2714\u2717\u2718"),
        ("\uf0b7", "Symbol", "\u2022"),
        ("5 \uf06d", "SymbolMT", "5 \u00b5"),  # a dose in micrograms
        ("\u00a3 5 \u00b0", "Symbol", "\u2264 5 \u00b0"),
        ("\uf0fc\uf0b7\uf0a3", "", "\u2713\u2022\u2264"),
        ("\uf0ff", "Wingdings", ""),
        ("x 5", "Segoe UI Symbol", "x 5"),
        ("\u00fc", "Calibri", "\u00fc"),
        ("", "Wingdings", ""),
    ],
)
def test_letters_of_symbol_fonts_are_the_signs_that_they_draw(
    text: str, font: str, signs: str
) -> None:
    assert drawn(text, font) == signs


@pytest.mark.parametrize("mark", ["\u2713", "\u2718", "\u2612", "\u2610", "!", "+", "x", "Do:"])
def test_marks_that_say_something_are_kept(mark: str) -> None:
    assert shown_mark(f" {mark}\ufe0f") == f"- {mark}"


@pytest.mark.parametrize("mark", ["-", "\u2022", "o", "\u2192", "\u25a1", "", "*"])
def test_marks_that_say_nothing_are_dashes(mark: str) -> None:
    assert shown_mark(mark, {mark, "\u2023"}) == "-"


@pytest.mark.parametrize("mark", ["1.", "2)", "a)", "iv.", "(3)", "1.2."])
def test_numbers_stay(mark: str) -> None:
    assert shown_mark(mark) == mark


def test_filled_and_hollow_marks_are_kept_where_both_are_used() -> None:
    both = {"\u25cf", "\u25cb"}
    assert [shown_mark(mark, both) for mark in sorted(both)] == ["- \u25cb", "- \u25cf"]
    assert shown_mark("\u25cf", {"\u25cf", "\u25a0"}) == "-"
