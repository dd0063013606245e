"""The letters of a PDF and their positions; the only user of pypdfium2.

Nothing is drawn and no script of the file is run: only the text of the pages is read.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.errors import ContentError
from ingest.files.limits import PAGES, TEXT_CHARS
from ingest.readers.pdf.fragments import (
    Fragment,
    Glyph,
    fragments_of,
    is_upright,
    quarter_turns,
    rotate,
)

_AGAIN = "then run: python -m ingest"
_PROBLEM = "This PDF cannot be read."
_RESAVE = f"open it, print or export it as PDF again, {_AGAIN}"
_NEEDS_PASSWORD = (4, 5)  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"semibold", b"demi")
_BOLD_WEIGHT = 600
_FORCED_BOLD = 1 << 18
# Bullets in symbol fonts, and codes for a hyphen at the end of a line.
_MARKS = {0xF0B7: "\u2022", 0xF0A7: "\u2022", 0xF0D8: "\u2022", 0xF076: "\u2022", 0x7F: "\u2022",
          0xF0FC: "\u2713", 0x02: "-", 0xFFFE: "-", 0xAD: "-"}  # fmt: skip
_FAR = 1e6  # points; pages are at most 14,400 wide


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The fragments of a page, in the order of the file, without `unreadable` letters."""

    fragments: tuple[Fragment, ...]
    height: float
    letters: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class PdfFile:
    """The pages of a PDF; `title` and `author` as stated, "" when missing."""

    title: str
    author: str
    pages: tuple[PdfPage, ...]


def read_pdf(raw: bytes) -> PdfFile:
    """Read the text of a PDF with the positions of its letters.

    Raises ContentError when it needs a password, is damaged, or has too many pages or letters.
    """
    import pypdfium2  # type: ignore[import-untyped]
    from pypdfium2 import raw as pdfium

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() in _NEEDS_PASSWORD or "assword" in str(error):
            raise _refused(
                "a PDF that opens without a password",
                "a PDF with a password",
                f"save it without a password, {_AGAIN}",
            ) from error
        raise _refused("an undamaged PDF", "a damaged file") from error
    try:
        if len(document) > PAGES:
            raise _refused(
                f"at most {PAGES:,} pages",
                f"{len(document):,} pages",
                f"divide it into articles, {_AGAIN}",
            )
        stated = document.get_metadata_dict()
        pages: list[PdfPage] = []
        for number in range(len(document)):
            try:
                pages.append(_page(document, number, pdfium))
            except pypdfium2.PdfiumError as error:
                where = f"page {number + 1}"
                raise _refused("an undamaged PDF", "a damaged page", where=where) from error
            if sum(page.letters for page in pages) > TEXT_CHARS:
                raise _refused(
                    f"at most {TEXT_CHARS:,} letters",
                    "more",
                    f"divide it into articles, {_AGAIN}",
                    where=f"page {number + 1}",
                )
        return PdfFile(stated.get("Title", ""), stated.get("Author", ""), tuple(pages))
    finally:
        document.close()


def _page(document: Any, number: int, pdfium: Any) -> PdfPage:
    page = document[number]
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > TEXT_CHARS:  # the caller raises the error with its page
            return PdfPage((), 0, count, 0)
        glyphs = list(_glyphs(text.raw, count, pdfium))
        # Some programs turn the text instead of the page: the direction of most letters is upright.
        turns = Counter(quarter_turns(glyph.angle) for glyph in glyphs if glyph.text.strip())
        turn = turns.most_common(1)[0][0] if turns else 0
        corners = page.get_cropbox()
        ends = [rotate(x, y, turn)[1] for x, y in (corners[:2], corners[2:])]
        upright = [glyph for glyph in glyphs if is_upright(glyph.angle, turn)]
        for glyph in upright:
            glyph.turn(turn, min(ends))
        letters = [glyph for glyph in upright if not glyph.ends_line]
        unreadable = sum(not glyph.text for glyph in letters)
        fragments = tuple(fragments_of([g for g in upright if g.text or g.ends_line]))
        return PdfPage(fragments, abs(ends[1] - ends[0]), len(letters), unreadable)
    finally:
        text.close()
        page.close()


def _glyphs(text: Any, count: int, pdfium: Any) -> Iterator[Glyph]:
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    last: int | None = None
    size, is_bold, angle = 1.0, False, 0.0
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(text, i)
        if code in (10, 13):
            yield Glyph("", 0, 0, 0, 0, 0, 0, size, is_bold, angle, ends_line=True)
            continue
        where = pdfium.FPDFText_GetTextObject(text, i)
        here = ctypes.cast(where, ctypes.c_void_p).value
        if here and here != last:
            last = here
            size, is_bold, angle = _style(text, i, pdfium)
        pdfium.FPDFText_GetLooseCharBox(text, i, box)
        pdfium.FPDFText_GetCharOrigin(text, i, x, y)
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        furthest = max(abs(left), abs(right), abs(bottom), abs(top), abs(x.value), abs(y.value))
        if furthest < _FAR:  # also excludes "not a number", which some files give
            yield Glyph(
                _letter(code), left, right, bottom, top, x.value, y.value, size, is_bold, angle
            )


def _style(text: Any, i: int, pdfium: Any) -> tuple[float, bool, float]:
    """Return the size in points, whether the letter is bold, and its angle in radians."""
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, i, name, 200, flags)
    weight = pdfium.FPDFText_GetFontWeight(text, i)
    is_bold = (
        any(word in name.value.lower() for word in _BOLD_NAMES)
        or weight >= _BOLD_WEIGHT
        or bool(flags.value & _FORCED_BOLD)
    )
    matrix = pdfium.FS_MATRIX()
    scale = 1.0
    if pdfium.FPDFText_GetMatrix(text, i, matrix):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = pdfium.FPDFText_GetFontSize(text, i) * scale
    angle = pdfium.FPDFText_GetCharAngle(text, i)
    sane = math.isfinite(size) and 0 < size < 10_000
    return (size if sane else 1.0), is_bold, (angle if math.isfinite(angle) else 0.0)


def _letter(code: int) -> str:
    """Return a character as text, "" when the file does not name it."""
    if code in _MARKS:
        return _MARKS[code]
    if code < 32 or code == 0xFFFD or 0xE000 <= code <= 0xF8FF or code > 0x10FFFF:
        return " " if code == 9 else ""
    return chr(code)


def _refused(
    expected: str, found: str, fix: str = _RESAVE, *, where: str | None = None
) -> ContentError:
    return ContentError(_PROBLEM, where=where, expected=expected, found=found, fix=fix)
