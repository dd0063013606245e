"""Reads a PDF: its text with headings and pages.

A PDF states the position and size of letters, not their role. Headings are lines that stand out
from the text; lines that repeat at the edges of pages are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.errors import ContentError
from core.types import Provenance, Span
from ingest.readers.blocks import Block, Item, build_article_text, list_text
from ingest.readers.ocr import PicturesRead, Recognize, read_pictures
from ingest.readers.outline import ParsedText
from ingest.readers.pdf.glyphs import PdfFile, PdfPage, read_pdf
from ingest.readers.pdf.lines import Line, Row, lines_of, rows_of
from ingest.readers.pdf.paragraphs import Paragraph, body_size, heading_levels, paragraphs_of
from ingest.readers.properties import person
from ingest.readers.word.document import stated_title

_AGAIN = "then run: python -m ingest"
# Of a page's height: where headers and footers stand. Of pages: on how many they must be.
_EDGE = 0.12
_REPEATED = 0.3
_SAME_HEIGHT = 6.0  # points
# Of the size of the text: rows up to the first are alike whatever numbers they hold; up to the
# second they must be the same, because "Exercise 1" and "Exercise 2" are headings.
_RUNNING_SIZE, _RUNNING_SAME_SIZE = 1.05, 1.35
_LEAST_LETTERS = 10  # a page
_DEEPEST = 4
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.?)?\s*(?:[-\u2013|]\s*)?\d{1,4}\s*(?:(?:of|/)\s*\d{1,4}\s*)?[-\u2013|]?",
    re.IGNORECASE,
)
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
    pages = [rows_of(page.fragments) for page in file.pages]
    body = body_size([row.plain(number) for number, rows in enumerate(pages) for row in rows])
    running = _running(file.pages, pages, body)
    lines: list[Line] = []
    for number, rows in enumerate(pages):
        kept = [row for i, row in enumerate(rows) if (number, i) not in running]
        lines += lines_of(kept, number)
    paragraphs = paragraphs_of(lines, body)
    levels = heading_levels(paragraphs, body)
    title = _title(paragraphs, levels, body) or stated_title(file.title)
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
        left_out=read.left_out,
        report=report,
    )
    begin = _page_starts(starts, len(file.pages), len(parsed.text))
    ends = (*begin[1:], len(parsed.text))
    pictures = tuple(Span(begin[number], ends[number]) for number in read.pages)
    return replace(parsed, pages=begin, pictures=pictures)


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


def _running(
    pages: Sequence[PdfPage], rows: Sequence[Sequence[Row]], body: float
) -> set[tuple[int, int]]:
    """Return the rows, by page and index, that are page numbers or repeat on many pages."""
    places: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    for number, (page, own) in enumerate(zip(pages, rows, strict=True)):
        for i, row in enumerate(own):
            edge = page.height * _EDGE
            if edge < row.y < page.height - edge or row.size > body * _RUNNING_SAME_SIZE:
                continue
            if _PAGE_NUMBER.fullmatch(row.text):
                found.add((number, i))
            words = row.text.casefold()
            if row.size <= body * _RUNNING_SIZE:
                words = re.sub(r"\d+", "#", words)
            places[words, round(row.y / _SAME_HEIGHT)].append((number, i))
    least = 2 if len(pages) <= 3 else max(3, len(pages) * _REPEATED)
    for same in places.values():
        if len({number for number, _ in same}) >= least:
            found.update(same)
    return found


def _title(paragraphs: Sequence[Paragraph], levels: Sequence[int], body: float) -> str:
    """Return the heading at the very top, or the only one in the largest letters on page 1."""
    outermost = min((level for level in levels if level), default=0)
    if not outermost:
        return ""
    first = levels.index(outermost)
    found = paragraphs[first]
    is_alone = (
        levels.count(outermost) == 1
        and found.size > body * _RUNNING_SIZE
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
            text, places = _list(items)
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


def _list(items: Sequence[Paragraph]) -> tuple[str, list[tuple[int, int]]]:
    """Return a list as text, depth by indentation, and the offsets where pages begin."""
    edges: list[float] = []
    for left in sorted(item.lines[0].left for item in items):
        if not edges or left - edges[-1] > items[0].size:
            edges.append(left)
    text, places = "", []
    for item in items:
        depth = sum(edge <= item.lines[0].left for edge in edges) - 1
        entry = list_text([Item(min(depth, _DEEPEST), item.mark, item.text)])
        start = len(text) + bool(text)
        text = f"{text}\n{entry}" if text else entry
        before = len(entry) - len(item.text)
        places += [
            (start + (before + offset if offset else 0), page) for offset, page in item.begins
        ]
    return text, places


def _page_starts(starts: Mapping[int, int], count: int, end: int) -> tuple[int, ...]:
    """Return the offset of each page; a page without text begins where the next one does."""
    found: list[int] = []
    following = end
    for number in reversed(range(count)):
        following = min(starts.get(number, following), following)
        found.append(0 if number == 0 else following)
    return tuple(reversed(found))
