"""The letters of a PDF and their positions; the only user of pypdfium2.

Nothing is drawn and no script of the file is run: only the text of the pages is read.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from core.errors import ContentError
from core.text.characters import one_line
from ingest.files.limits import PAGES, TEXT_CHARS
from ingest.readers.marks import drawn
from ingest.readers.pdf.direction import is_right_to_left
from ingest.readers.pdf.drawings import Rule, rules_of
from ingest.readers.pdf.emphasis import relative
from ingest.readers.pdf.fragments import (
    PLAIN,
    Fragment,
    Glyph,
    Style,
    fragments_of,
    is_upright,
    quarter_turns,
    rotate,
)
from ingest.readers.pdf.replaced import JOINED, ON_PAGE, Matrix, Replaced, form_of

_AGAIN = "then run: python -m ingest"
_PROBLEM = "This PDF cannot be read."
_RESAVE = f"open it, print or export it as PDF again, {_AGAIN}"
_NEEDS_PASSWORD = (4, 5)  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"semibold", b"demi")
_FORCED_BOLD = 1 << 18
_SYMBOL_NAMES = (b"dings", b"dingbats", b"symbol")
# A bullet, and codes for a hyphen at the end of a line.
_MARKS = {0x7F: "\u2022", 0x02: "-", 0xFFFE: "-", 0xAD: "-"}
_PRIVATE = range(0xE000, 0xF900)
_LIGATURES = range(0xFB00, 0xFF00)  # letters joined, or in the form that they have in a word
_FAR = 1e6  # points; pages are at most 14,400 wide


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The fragments of a page, in the order of the file, without `unreadable` letters.

    `askew` is the text that is turned otherwise than the page, `outside` that beyond its edges,
    where nobody sees it; `rules` are its drawn lines, `sides` its left and its right edge.
    """

    fragments: tuple[Fragment, ...]
    height: float
    letters: int
    unreadable: int
    askew: str = ""
    outside: str = ""
    rules: tuple[Rule, ...] = ()
    sides: tuple[float, float] = (0.0, 0.0)


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
        kept = relative([page.fragments for page in pages])
        pages = [
            replace(page, fragments=fragments) for page, fragments in zip(pages, kept, strict=True)
        ]
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
        replaced = Replaced()
        glyphs = list(_glyphs(text.raw, count, pdfium, replaced))
        glyphs = replaced.respaced(glyphs, page.raw, pdfium)
        corners = page.get_cropbox()
        glyphs, outside = _on_page(glyphs, *corners)
        # Some programs turn the text instead of the page: the direction of most letters is upright.
        turns = Counter(quarter_turns(glyph.angle) for glyph in glyphs if glyph.text.strip())
        turn = turns.most_common(1)[0][0] if turns else 0
        places = [rotate(x, y, turn) for x, y in (corners[:2], corners[2:])]
        ends, sides = [y for _, y in places], sorted(x for x, _ in places)
        upright = [glyph for glyph in glyphs if is_upright(glyph.angle, turn)]
        for glyph in upright:
            glyph.turn(turn, min(ends))
        letters = [glyph for glyph in upright if not glyph.ends_line]
        unreadable = sum(not glyph.text for glyph in letters)
        fragments = tuple(fragments_of([g for g in upright if g.text or g.ends_line]))
        askew = ""
        if len(upright) < len(glyphs):
            askew = "".join(g.text for g in glyphs if not is_upright(g.angle, turn))
        rules = () if turn else rules_of(page.raw, min(ends), pdfium)
        if is_right_to_left(" ".join(fragment.text for fragment in fragments)):
            # As in a mirror, so that every rule about left and right holds.
            fragments = tuple(replace(f, left=-f.right, right=-f.left) for f in fragments)
            rules = tuple(rule._replace(left=-rule.right, right=-rule.left) for rule in rules)
            sides = [-x for x in reversed(sides)]
        return PdfPage(
            *(fragments, abs(ends[1] - ends[0]), len(letters), unreadable),
            *(one_line(askew), one_line(outside), rules, (sides[0], sides[1])),
        )
    finally:
        text.close()
        page.close()


def _on_page(
    glyphs: list[Glyph], left: float, bottom: float, right: float, top: float
) -> tuple[list[Glyph], str]:
    """Return the letters of lines that are on the page, of which these are the edges.

    And the text of lines of which nothing is there.
    """

    def is_outside(g: Glyph) -> bool:
        return g.right < left or g.left > right or g.top < bottom or g.bottom > top

    if not any(is_outside(g) for g in glyphs if not g.ends_line):
        return glyphs, ""
    found: list[Glyph] = []
    outside: list[str] = []
    for ends_line, group in groupby(glyphs, lambda g: g.ends_line):
        line = list(group)
        if not ends_line and all(map(is_outside, line)):
            outside.append("".join(g.text for g in line))
        else:
            found += line
    return found, " ".join(outside)


def _glyphs(text: Any, count: int, pdfium: Any, replaced: Replaced) -> Iterator[Glyph]:
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    last: int | None = None
    styles = _Styles(text, pdfium)
    style, size, font, angle = PLAIN, 1.0, "", 0.0
    form: Matrix | None = None
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(text, i)
        if code in (10, 13):
            yield Glyph("", 0, 0, 0, 0, 0, 0, size, angle, style, ends_line=True)
            continue
        where = pdfium.FPDFText_GetTextObject(text, i)
        here = ctypes.addressof(where.contents) if where else None
        begins = bool(here and here != last)
        if begins:
            last = here
            style, size, font, angle = styles.at(i)
        pdfium.FPDFText_GetLooseCharBox(text, i, box)
        pdfium.FPDFText_GetCharOrigin(text, i, x, y)
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        # Also excludes "not a number", which some files give.
        if (
            -_FAR < left < _FAR
            and -_FAR < right < _FAR
            and -_FAR < bottom < _FAR
            and -_FAR < top < _FAR
            and -_FAR < x.value < _FAR
            and -_FAR < y.value < _FAR
        ):
            letter = _letter(code, font)
            glyph = Glyph(
                letter, left, right, bottom, top, x.value, y.value, size, angle, style, begins
            )
            if begins:
                form = styles.form_at(where, x.value, y.value)
            if here and (form or code in JOINED):
                replaced.move(glyph, form or ON_PAGE, here)
            yield glyph


class _Styles:
    """Reads how letters are drawn, with one set of buffers for a page."""

    def __init__(self, text: Any, pdfium: Any) -> None:
        self._text, self._pdfium = text, pdfium
        self._name, self._flags = ctypes.create_string_buffer(200), ctypes.c_int()
        self._matrix, self._object = pdfium.FS_MATRIX(), pdfium.FS_MATRIX()
        self._colour = tuple(ctypes.c_uint() for _ in range(4))

    def at(self, i: int) -> tuple[Style, float, str, float]:
        """Return the style of a letter, its size in points, its font, its angle in radians.

        The font is "" unless it draws symbols.
        """
        text, pdfium, matrix = self._text, self._pdfium, self._matrix
        pdfium.FPDFText_GetFontInfo(text, i, self._name, 200, self._flags)
        name = self._name.value.lower()
        is_bold = any(word in name for word in _BOLD_NAMES)
        scale = 1.0
        if pdfium.FPDFText_GetMatrix(text, i, matrix):
            scale = math.hypot(matrix.c, matrix.d) or 1.0
        size = pdfium.FPDFText_GetFontSize(text, i) * scale
        angle = pdfium.FPDFText_GetCharAngle(text, i)
        pdfium.FPDFText_GetFillColor(text, i, *self._colour)
        red, green, blue, _ = (part.value for part in self._colour)
        style = Style(
            is_bold or bool(self._flags.value & _FORCED_BOLD),
            max(pdfium.FPDFText_GetFontWeight(text, i), 0),
            red << 16 | green << 8 | blue,
        )
        sane = math.isfinite(size) and 0 < size < 10_000
        return (
            style,
            size if sane else 1.0,
            name.decode("latin-1") if any(word in name for word in _SYMBOL_NAMES) else "",
            angle if math.isfinite(angle) else 0.0,
        )

    def form_at(self, where: Any, x: float, y: float) -> Matrix | None:
        """Return the way from a form to the page for letters whose object begins at x, y in it.

        It is None for nearly all of them. `at` was called for the first of these letters before.
        """
        a, b = self._matrix, self._object
        if not self._pdfium.FPDFPageObj_GetMatrix(where, b):
            return None
        on_page, in_form = (Matrix(m.a, m.b, m.c, m.d, m.e, m.f) for m in (a, b))
        return form_of(on_page, in_form, x, y)


def _letter(code: int, font: str) -> str:
    """Return a character as text, "" when the file does not name it."""
    if code in _MARKS:
        return _MARKS[code]
    if font or code in _PRIVATE:
        text = drawn(chr(code), font) if code < 0xD800 or code in _PRIVATE else ""
        return "" if text and ord(text) in _PRIVATE else text
    if code in _LIGATURES:
        return unicodedata.normalize("NFKC", chr(code)).strip()
    if code < 32 or code == 0xFFFD or code > 0x10FFFF:
        return " " if code == 9 else ""
    return chr(code)


def _refused(
    expected: str, found: str, fix: str = _RESAVE, *, where: str | None = None
) -> ContentError:
    return ContentError(_PROBLEM, where=where, expected=expected, found=found, fix=fix)
