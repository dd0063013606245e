"""Joins letters of a PDF that are side by side into fragments of text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from core.text.characters import one_line
from ingest.readers.pdf.direction import RIGHT_TO_LEFT, Place, in_order

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_INK, _SURROGATE = re.compile(r"\S+"), re.compile("[\ud800-\udfff]")
_SMALL, _MOVED = 0.88, 0.1
# Of the size of the letters: a wider gap divides a line, letters further apart are on two lines.
_GAP = 1.0
SAME_LINE = 0.45
_SAME_PLACE = 0.02
_UPRIGHT = 0.1  # radians
_HYPHENS = frozenset("-\xad\u2010\u2011")


class Emphasis(IntEnum):
    """How surely letters are bold: only thicker than the others, or by the name of the font."""

    NONE = 0
    HINT = 1
    BOLD = 2


@dataclass(frozen=True, slots=True)
class Fragment:
    """Letters side by side; lengths in points, `y` is that of the base line and grows upwards.

    `weight` is that of its thinnest letter, from 100 to 900 and 0 when unknown; `ink` is 0xRRGGBB
    of its first letter. `words` are the edges and texts of its words, from left to right; none in
    scripts from right to left.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: Emphasis
    weight: int = 0
    ink: int = 0
    words: tuple[Place, ...] = ()

    def divided(self, at: int) -> tuple[Fragment, Fragment]:
        """Return the words before `at` and the others, neither of them empty."""
        before, after = self.words[:at], self.words[at:]
        return (
            replace(self, text=_text(before), right=before[-1].right, words=before),
            replace(self, text=_text(after), left=after[0].left, words=after),
        )


class Style(NamedTuple):
    """How letters are drawn: `is_bold` is what the font says of itself, `ink` is 0xRRGGBB.

    `weight` is what pdfium makes of the thickness of the stems, 0 when unknown.
    """

    is_bold: bool
    weight: int
    ink: int


PLAIN = Style(is_bold=False, weight=0, ink=0)


@dataclass(slots=True)
class Glyph:
    """A letter ("" when unknown) or the end of a line; `angle` is clockwise, in radians.

    `begins` says that it is the first letter of an object of text, `is_moved` that its place is not
    the one that pdfium gives.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    x: float
    y: float
    size: float
    angle: float
    style: Style
    begins: bool = False
    ends_line: bool = False
    is_moved: bool = False

    def turn(self, turn: int, lowest: float) -> None:
        """Turn it upright by so many right angles, with y from the lower edge of the page."""
        if turn:
            corners = [(x, y) for x in (self.left, self.right) for y in (self.bottom, self.top)]
            edges = [rotate(*corner, turn)[0] for corner in corners]
            self.left, self.right = min(edges), max(edges)
            self.x, self.y = rotate(self.x, self.y, turn)
        self.y -= lowest


def quarter_turns(angle: float) -> int:
    """Return the number of right angles by which a letter is turned."""
    return round(angle / (math.pi / 2)) % 4


def is_upright(angle: float, turn: int) -> bool:
    """Say whether a letter is turned like the page; stamps across a page are not."""
    off = angle - turn * math.pi / 2
    return off == 0 or abs(math.remainder(off, 2 * math.pi)) < _UPRIGHT


def rotate(x: float, y: float, turn: int) -> tuple[float, float]:
    """Return a point of the page after so many quarter turns."""
    return ((x, y), (-y, x), (-x, -y), (y, -x))[turn]


def fragments_of(glyphs: list[Glyph]) -> Iterator[Fragment]:
    """Yield runs of letters side by side on a line, in the order of the file."""
    has_reversed = bool(RIGHT_TO_LEFT.search("".join([glyph.text for glyph in glyphs])))
    line: list[Glyph] = []
    for glyph in glyphs:
        if glyph.ends_line:
            yield from _line(_by_place(line) if has_reversed else line)
            line = []
        else:
            line.append(glyph)
    yield from _line(_by_place(line) if has_reversed else line)


def _by_place(line: list[Glyph]) -> list[Glyph]:
    """Return the letters from left to right when some of them are read from right to left.

    These are in the order of the file or of the page, or of both: only their places are sure.
    """
    is_reversed = RIGHT_TO_LEFT.search("".join([glyph.text for glyph in line]))
    return sorted(line, key=lambda glyph: glyph.left) if is_reversed else line


def _line(glyphs: list[Glyph]) -> Iterator[Fragment]:
    run: list[Glyph] = []
    right = 0.0  # of the last letter that is no space
    for glyph in glyphs:
        if run and not _continues(run, glyph, right):
            yield from _fragment(run)
            run = []
        if glyph.text in _HYPHENS and run and _is_repeated(run[-1], glyph):
            continue
        is_inked = bool(glyph.text.strip())
        if run or is_inked:
            run.append(glyph)
            right = glyph.right if is_inked else right
    yield from _fragment(run)


def _continues(run: list[Glyph], glyph: Glyph, right: float) -> bool:
    first, last = run[0], run[-1]
    size = max(first.size, glyph.size)
    return (
        abs(glyph.y - first.y) <= size * SAME_LINE
        and glyph.left - right <= size * _GAP
        and (glyph.left - last.right > -size / 2 or _is_ligature(last, glyph, size))
    )


def _is_repeated(last: Glyph, glyph: Glyph) -> bool:
    """Say whether a hyphen is only named again: Word for Mac gives one three characters."""
    return last.text in _HYPHENS and _is_ligature(last, glyph, glyph.size)


def _is_ligature(a: Glyph, b: Glyph, size: float) -> bool:
    """Say whether two letters are drawn as one: pdfium gives both the place of the whole."""
    return abs(a.left - b.left) + abs(a.right - b.right) < size * _SAME_PLACE


def _fragment(run: list[Glyph]) -> Iterator[Fragment]:
    inked = [glyph for glyph in run if glyph.text.strip()]
    if not inked:
        return
    # The size of most letters: a raised number or a large mark before an item does not count.
    sizes = Counter([glyph.size for glyph in inked])
    size = max(sizes, key=lambda size: (sizes[size], size))
    line = next(g.y for g in inked if g.size == size)
    if len(sizes) > 1:
        for glyph in inked:
            glyph.text = _placed(glyph, size, line)
    styles = {id(glyph.style): glyph.style for glyph in inked}.values()
    text = "".join([glyph.text for glyph in run])
    is_reversed = bool(RIGHT_TO_LEFT.search(text))
    words = () if is_reversed else tuple(_words(run, text))
    yield Fragment(
        text=_reversed_text(run, size) if is_reversed else one_line(_join_surrogates(text)),
        left=inked[0].left,
        right=max([glyph.right for glyph in inked]),
        y=line,
        size=size,
        bold=Emphasis.BOLD if all(style.is_bold for style in styles) else Emphasis.NONE,
        weight=min(style.weight for style in styles),
        ink=inked[0].style.ink,
        words=words,
    )


def _reversed_text(run: list[Glyph], size: float) -> str:
    return one_line(
        in_order([Place(min(glyph.left, glyph.x), glyph.right, glyph.text) for glyph in run], size)
    )


def _words(run: list[Glyph], text: str) -> Iterator[Place]:
    """Yield words with the space after them; an object of text begins another one."""
    if len(text) != len(run):  # letters of several characters: where each of them is, is unknown
        yield Place(run[0].left, run[-1].right, text)
        return
    starts = {match.start() for match in _INK.finditer(text)}
    starts.update([i for i, glyph in enumerate(run) if glyph.begins and not text[i].isspace()])
    for start, end in pairwise([*sorted(starts), len(run)]):
        word = text[start:end]
        yield Place(run[start].left, run[start + len(word.rstrip()) - 1].right, word)


def _text(words: tuple[Place, ...]) -> str:
    return one_line(_join_surrogates("".join([word.text for word in words])))


def _placed(glyph: Glyph, size: float, line: float) -> str:
    """Return a letter; a small digit above or below the line becomes a superscript or subscript."""
    moved = glyph.y - line
    if glyph.size >= size * _SMALL or abs(moved) < size * _MOVED:
        return glyph.text
    return glyph.text.translate(_RAISED if moved > 0 else _LOWERED)


def _join_surrogates(text: str) -> str:
    """Return the text with pairs of surrogates joined."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
