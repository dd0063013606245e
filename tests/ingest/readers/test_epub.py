"""E-books become articles: the chapters in order, as the reader for web pages reads them."""

from __future__ import annotations

import pytest

from core.errors import ContentError
from ingest.readers.epub import parse_epub
from ingest.readers.outline import ParsedText
from tests.support.files.office_files import chapter, epub


def told(parsed: ParsedText) -> list[tuple[tuple[str, ...], str]]:
    return [(s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


def test_a_book_of_three_chapters() -> None:
    table = (
        "<table><tr><th>Week</th><th>Sets</th></tr><tr><td>1</td><td>3</td></tr>"
        "<tr><td>2</td><td>4</td></tr></table>"
    )
    parsed = parse_epub(
        epub(
            chapter("<h1>Tennis elbow</h1><p>By a clinic.</p>"),
            chapter("<h1>Causes</h1><p>Mostly work.</p><h2>Who</h2><p>People of forty.</p>"),
            chapter(f"<h1>Exercises</h1><ul><li>Squeeze</li><li>Twist</li></ul>{table}"),
            title="Tennis elbow",
            author="Priya Nair",
            nav="<ol><li><a href='a'>Causes</a></li></ol>",
        ),
        "elbow",
        "File",
    )
    assert parsed.title == "Tennis elbow"
    assert parsed.provenance.author == "Priya Nair"
    assert parsed.warnings == ()
    assert told(parsed) == [
        ((), "By a clinic."),
        (("Causes",), "Mostly work."),
        (("Causes", "Who"), "People of forty."),
        (("Exercises",), "- Squeeze\n- Twist\n\n- Week: 1; Sets: 3\n- Week: 2; Sets: 4"),
    ]


@pytest.mark.parametrize(
    "page",
    [
        '<html><head><title/><script src="x"/></head><body><p>Seen.</p></body></html>',
        '<html><body><a id="x"/><div class="line" /><p>Seen.<br/></p></body></html>',
        "<html><body epub:type='bodymatter'><i/><p>Seen.</p></body></html>",
        "<p>Seen.</p>",
    ],
)
def test_elements_that_close_themselves_swallow_nothing(page: str) -> None:
    parsed = parse_epub(epub(page, chapter("<h2>Next</h2><p>Also.</p>"), title="B"), "a", "File")
    assert told(parsed) == [((), "Seen."), (("Next",), "Also.")]


def test_a_book_without_a_title_has_that_of_its_first_chapter() -> None:
    parsed = parse_epub(epub(chapter("<h1>Elbow</h1><p>It bends.</p>")), "a", "File")
    assert parsed.title == "Elbow"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (epub(chapter("<p>a")).replace(b"part 1.xhtml", b"part 9.xhtml"), "one that is missing"),
        (epub(parts={"OEBPS/book.opf": "<package/>", "META-INF/container.xml": "<x/>"}), "none"),
        (
            epub(
                parts={
                    "META-INF/encryption.xml": '<e xmlns="x"><r URI="OEBPS/part%201.xhtml"/></e>'
                }
            ),
            "one that has it",
        ),
    ],
)
def test_books_that_cannot_be_read_say_why(raw: bytes, found: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_epub(raw, "a", "File")
    assert caught.value.found == found


def test_scrambled_fonts_do_no_harm() -> None:
    fonts = {"META-INF/encryption.xml": '<e xmlns="x"><r URI="OEBPS/a.ttf"/></e>'}
    parsed = parse_epub(epub(chapter("<p>Seen."), title="B", parts=fonts), "a", "File")
    assert told(parsed) == [((), "Seen.")]
