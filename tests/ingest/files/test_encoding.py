"""Bytes become text, and what was guessed is told."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ContentError
from ingest.files.encoding import decode

WORDS = "Title\n\nCafé – rest."


@pytest.mark.parametrize(
    "raw",
    [
        WORDS.encode(),
        codecs.BOM_UTF8 + WORDS.encode(),
        codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + WORDS.encode("utf-32-be"),
    ],
)
def test_unicode_is_read_without_a_word(raw: bytes) -> None:
    decoded = decode(raw, "a.txt")
    assert (decoded.text, decoded.warnings) == (WORDS, ())


def test_windows_is_a_guess_that_names_the_first_line_in_doubt() -> None:
    decoded = decode(WORDS.encode("cp1252"), "a.txt")
    assert decoded.text == WORDS
    assert decoded.warnings == (
        "not in UTF-8, read as Windows-1252: check line 3, “Café – rest.”, and save the file with "
        "encoding UTF-8",
    )


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("windows-1252", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("iso-8859-15", "iso8859-15"),
        ("windows-1250", "cp1250"),
    ],
)
def test_a_page_may_say_its_own_encoding(said: str, encoding: str) -> None:
    page = f'<html><head><META http-equiv=x content="text/html; charset={said}"><p>Café'
    decoded = decode(page.encode(encoding), "a.html", is_page=True)
    assert decoded.text == page
    assert decoded.warnings == ()


def test_what_a_page_says_of_itself_counts_less_than_what_it_is() -> None:
    page = '<meta charset="windows-1252"><p>Café'
    assert decode(page.encode(), "a.html", is_page=True).text == page


@pytest.mark.parametrize("said", ["zip", "rot13", "unicode_escape", "utf-7", "idna", "nonsense"])
def test_what_is_no_encoding_of_pages_is_not_used(said: str) -> None:
    page = f"<meta charset={said}><p>Café".encode("cp1252")
    assert decode(page, "a.html", is_page=True).warnings


def test_a_text_is_not_asked_for_its_encoding() -> None:
    assert decode("<meta charset=cp1251>\ncafé".encode("cp1252"), "a.txt").text.endswith("café")


@pytest.mark.parametrize(
    ("raw", "where", "found"),
    [
        (
            b"ok\nok\x00\x01\x02\x00\x00",
            "a.txt, line 2",
            "many null bytes: no text, or unmarked UTF-16",
        ),
        ("Title\n\nrest".encode("utf-16-le"), "a.txt, line 1", "many null bytes"),
        ("a\nné né".encode() + b"\xe9", "a.txt, line 2", "the byte 0xe9 among letters in UTF-8"),
        (b"a\n\nb\x81", "a.txt, line 3", "the byte 0x81"),
        (b"a\xe9\n\x07", "a.txt, line 2", "the byte 0x07"),
        ("боль в шее".encode("cp1251"), "a.txt, line 1", "an encoding that is not Western"),
        (codecs.BOM_UTF16_LE + b"a\x00\n\x00\x00\xd8a\x00", "a.txt, line 2", "the byte 0x00"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(raw: bytes, where: str, found: str) -> None:
    with pytest.raises(ContentError) as caught:
        decode(raw, "a.txt")
    assert caught.value.where == where
    assert (caught.value.found or "").startswith(found)


@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda t: t.encode("cp1252", "ignore")))
def test_any_bytes_are_text_or_an_error_that_names_a_line(raw: bytes) -> None:
    for is_page in (False, True):
        try:
            text = decode(raw, "a", is_page=is_page).text
        except ContentError as error:
            text = ""
            where = error.where or ""
        else:
            where = "a, line "
        assert where.startswith("a, line ")
        assert text.encode().decode() == text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_what_was_written_is_what_is_read(text: str) -> None:
    if text.count("\0") * 10 <= len(text.encode()):
        assert decode(codecs.BOM_UTF8 + text.encode(), "a").text == text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman", "cp850"])
@pytest.mark.parametrize(
    "text", ["It’s fine", "wait – then", "£20", "café", "50 °C", "łydka", "боль"]
)
def test_letters_that_were_wrong_before_are_told_with_their_line(text: str, encoding: str) -> None:
    wrong = f"Title\n\n{text.encode().decode(encoding, 'replace')}"
    (warning,) = decode(wrong.encode(), "a.txt").warnings
    assert warning.startswith("wrong letters in ")
    assert "check line 3, " in warning


@pytest.mark.parametrize(
    "text",
    [
        "NÃO “sim” à café naïve Übung £3 ±2 °C É «x» ÂGE",
        "Tiếng Việt: đau lưng",
        "боль в спине",
        "πόνος στη μέση",
        "腰痛はいつ",
        "Größe √2 ¬ ‚so‘",
    ],
)
def test_letters_of_other_languages_are_right(text: str) -> None:
    assert decode(text.encode(), "a.txt").warnings == ()
