"""Joins letters of a PDF that are side by side into fragments of text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.text.characters import one_line

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SMALL, _MOVED = 0.88, 0.1
# Of the size of the letters: a wider gap divides a line, letters further apart are on two lines.
_GAP = 1.0
_SAME_LINE = 0.45
_UPRIGHT = 0.1  # radians


@dataclass(frozen=True, slots=True)
class Fragment:
    """Letters side by side; lengths in points, `y` is that of the base line and grows upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float
    is_bold: bool


@dataclass(slots=True)
class Glyph:
    """A letter ("" when unknown) or the end of a line; `angle` is clockwise, in radians."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    x: float
    y: float
    size: float
    is_bold: bool
    angle: float
    ends_line: bool = False

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
    run: list[Glyph] = []
    right = 0.0  # of the last letter that is no space
    for glyph in glyphs:
        if glyph.ends_line or (run and not _continues(run, glyph, right)):
            yield from _fragment(run)
            run = []
        is_inked = bool(glyph.text.strip())
        if not glyph.ends_line and (run or is_inked):
            run.append(glyph)
            right = glyph.right if is_inked else right
    yield from _fragment(run)


def _continues(run: list[Glyph], glyph: Glyph, right: float) -> bool:
    size = max(run[0].size, glyph.size)
    return (
        abs(glyph.y - run[0].y) <= size * _SAME_LINE
        and glyph.left - run[-1].right > -size / 2
        and glyph.left - right <= size * _GAP
    )


def _fragment(run: list[Glyph]) -> Iterator[Fragment]:
    inked = [glyph for glyph in run if glyph.text.strip()]
    if not inked:
        return
    # The size of most letters: a raised number or a large mark before an item does not count.
    sizes = Counter(glyph.size for glyph in inked)
    size = max(sizes, key=lambda size: (sizes[size], size))
    line = next(g.y for g in inked if g.size == size)
    text = "".join(_placed(glyph, size, line) for glyph in run)
    yield Fragment(
        text=one_line(_join_surrogates(text)),
        left=inked[0].left,
        right=max(glyph.right for glyph in inked),
        y=line,
        size=size,
        is_bold=all(glyph.is_bold for glyph in inked),
    )


def _placed(glyph: Glyph, size: float, line: float) -> str:
    """Return a letter; a small digit above or below the line becomes a superscript or subscript."""
    moved = glyph.y - line
    if glyph.size >= size * _SMALL or abs(moved) < size * _MOVED:
        return glyph.text
    return glyph.text.translate(_RAISED if moved > 0 else _LOWERED)


def _join_surrogates(text: str) -> str:
    """Return the text with pairs of surrogates joined."""
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
