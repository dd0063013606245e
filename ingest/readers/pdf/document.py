"""Reads a PDF: its text with headings and pages.

A PDF states the position and size of letters, not their role. Headings are lines that stand out
from the text; lines that repeat at the edges of pages are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.errors import ContentError
from core.types import Provenance, Span
from ingest.readers.blocks import Block, build_article_text
from ingest.readers.ocr import PicturesRead, Recognize, read_pictures
from ingest.readers.outline import LeftOut, ParsedText, Reason
from ingest.readers.pdf.glyphs import PdfFile, read_pdf
from ingest.readers.pdf.headings import heading_levels
from ingest.readers.pdf.layout.lines import lines_of
from ingest.readers.pdf.layout.panels import rows_by_panels
from ingest.readers.pdf.layout.rows import Line
from ingest.readers.pdf.layout.running import Place, left_out_rows, with_numbers_apart
from ingest.readers.pdf.lists import list_of
from ingest.readers.pdf.paragraphs import Paragraph, body_size, paragraphs_of
from ingest.readers.pdf.recognition import recognition_warning
from ingest.readers.properties import person, stated_title

_AGAIN = "then run: python -m ingest"
_LEAST_LETTERS = 10  # a page
_TITLE_SIZE, _LARGE_TITLE = 1.05, 1.5  # of that of the text
# Letters that nobody can read, of all: fonts that do not say which letters they draw.
_MOST_UNREADABLE = 0.1


def parse_pdf(
    raw: bytes, article_id: str, fallback_title: str, *, recognize: Recognize | None = None
) -> ParsedText:
    """Find title, author, headings, sections and the beginning of each page in a PDF.

    The title is the largest and first line of the first page, else that of the file's properties.
    `recognize` reads pages that are pictures. Raises ContentError as `read_pdf` and `read_pictures`
    do, when its pages are pictures that nothing reads, and when its letters cannot be read.
    """
    file = read_pdf(raw)
    read = read_pictures(raw, file, recognize) if recognize else PicturesRead(file)
    file = read.file
    _check(file)
    pages = [
        with_numbers_apart(rows_by_panels(page.fragments, page.sides, page.height), page.height)
        for page in file.pages
    ]
    body = body_size([row.plain(number) for number, rows in enumerate(pages) for row in rows])
    beside = left_out_rows(pages, [page.height for page in file.pages], body)
    lines: list[Line] = []
    for number, rows in enumerate(pages):
        kept = [row for i, row in enumerate(rows) if (number, i) not in beside]
        lines += lines_of(kept, number, file.pages[number].rules)
    paragraphs = paragraphs_of(lines, body)
    levels = heading_levels(paragraphs, body)
    title = _title(paragraphs, levels, body, stated_title(file.title))
    empty = [
        str(number + 1)
        for number, page in enumerate(file.pages)
        if not page.fragments and number not in read.refused
    ]
    warnings = [f"no text on page {', '.join(empty[:20])}, a picture perhaps"] * bool(empty)
    warnings += read.warnings
    blocks, begins = _blocks(paragraphs, levels)
    starts: dict[int, int] = {}

    def report(block: Block, start: int) -> None:
        for offset, page in begins[id(block)]:
            starts.setdefault(page, start + offset)

    parsed = build_article_text(
        blocks,
        article_id,
        title,
        fallback_title=fallback_title,
        provenance=Provenance(author=person(file.author) or None),
        warnings=warnings,
        left_out=_left_out(file, beside, read.left_out),
        report=report,
    )
    misread = recognition_warning(parsed.text)
    begin = _page_starts(starts, len(file.pages), len(parsed.text))
    ends = (*begin[1:], len(parsed.text))
    return replace(
        parsed,
        pages=begin,
        pictures=tuple(Span(begin[number], ends[number]) for number in read.pages),
        warnings=(*parsed.warnings, *[misread] * bool(misread)),
    )


def _check(file: PdfFile) -> None:
    """Raise ContentError when the pages have no text, or no legible text."""
    letters = sum(page.letters for page in file.pages)
    unreadable = sum(page.unreadable for page in file.pages)
    if letters and unreadable > letters * _MOST_UNREADABLE:
        raise ContentError(
            "The letters of this PDF cannot be read.",
            expected="fonts that name their characters",
            found=f"{unreadable:,} of {letters:,} letters without a character",
            fix=f"export it again from the program that made it, {_AGAIN}",
        )
    legible = sum(
        c.isalnum() for page in file.pages for fragment in page.fragments for c in fragment.text
    )
    if legible < _LEAST_LETTERS * len(file.pages):
        pages = f"{len(file.pages)} page{'s' * (len(file.pages) != 1)}"
        raise ContentError(
            "This PDF holds pictures of text and no text.",
            expected="text that can be selected and copied",
            found=f"{legible} letters on {pages}",
            fix="install tesseract-ocr with the language of your articles, or run text recognition "
            f"(OCR) on it, or save the article as text, {_AGAIN}",
        )


def _left_out(
    file: PdfFile, rows: Mapping[Place, LeftOut], pictures: Mapping[int, LeftOut]
) -> list[LeftOut]:
    """Return what is not in the article, page by page."""
    found: list[LeftOut] = []
    for number, page in enumerate(file.pages):
        found += [part for (where, _), part in rows.items() if where == number]
        if page.outside:
            found.append(LeftOut(Reason.HIDDEN, page.outside))
        if page.askew:
            found.append(LeftOut(Reason.LABEL, page.askew))
        if number in pictures:
            found.append(pictures[number])
    return found


def _title(paragraphs: Sequence[Paragraph], levels: Sequence[int], body: float, stated: str) -> str:
    """Return the title, "" when there is none.

    It is the stated one where a heading of page 1 has it; else the heading at the very top, or the
    only one in the largest letters on page 1; else a first line in very large letters above one in
    larger ones; else the stated one.
    """
    headings = [
        paragraph.text
        for paragraph, level in zip(paragraphs, levels, strict=True)
        if level and paragraph.lines[0].page == paragraphs[0].lines[0].page
    ]
    title, wanted = _largest(paragraphs, levels, body), stated.casefold()
    if title and (not stated or wanted in title.casefold()):
        return title
    if stated and any(wanted in text.casefold() for text in headings):
        return stated
    if title:
        return title
    is_first = len(levels) > 1 and 0 < levels[1] < levels[0]
    is_large = is_first and paragraphs[0].size > body * _LARGE_TITLE
    return paragraphs[0].text if is_large else stated


def _largest(paragraphs: Sequence[Paragraph], levels: Sequence[int], body: float) -> str:
    """Return the heading at the very top, or the only one in the largest letters on page 1."""
    outermost = min((level for level in levels if level), default=0)
    if not outermost:
        return ""
    first = levels.index(outermost)
    found = paragraphs[first]
    is_alone = (
        levels.count(outermost) == 1
        and found.size > body * _TITLE_SIZE
        and found.lines[0].page == paragraphs[0].lines[0].page
    )
    return found.text if first == 0 or is_alone else ""


def _blocks(
    paragraphs: Sequence[Paragraph], levels: Sequence[int]
) -> tuple[list[Block], dict[int, list[tuple[int, int]]]]:
    """Return the blocks, and by the identity of each the offsets in it where pages begin."""
    blocks: list[Block] = []
    begins: dict[int, list[tuple[int, int]]] = {}
    items: list[Paragraph] = []

    def end_list() -> None:
        if items:
            text, places = list_of(items)
            blocks.append(Block(text))
            begins[id(blocks[-1])] = places
            items.clear()

    for paragraph, level in zip(paragraphs, levels, strict=True):
        if paragraph.mark and not level:
            items.append(paragraph)
            continue
        end_list()
        blocks.append(Block(paragraph.text, level))
        begins[id(blocks[-1])] = paragraph.begins
    end_list()
    return blocks, begins


def _page_starts(starts: Mapping[int, int], count: int, end: int) -> tuple[int, ...]:
    """Return the offset of each page; a page without text begins where the next one does."""
    found: list[int] = []
    following = end
    for number in reversed(range(count)):
        following = min(starts.get(number, following), following)
        found.append(0 if number == 0 else following)
    return tuple(reversed(found))
