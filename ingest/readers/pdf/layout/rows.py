"""Rows of a page: pieces of text at one height, from left to right, and what they are as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.readers.pdf.fragments import Emphasis, Fragment

_BULLET = (
    "(?:[-*\u2010-\u2015\u2022\u2023\u2043\u2192\u2219\u00b7\u25a0-\u25ff\u2605\u2606\u2610-\u2613"
    "\u26d4\u2700-\u27bf\u2b05-\u2bff\u2297\u2298\u22a0\u221a!\u203c\u26a0\U0001f44d\U0001f44e"
    "\U0001f5f4-\U0001f5f9\U0001f6ab]|[\u00d7+](?!\\s*\\d))\ufe0f?|o"
)
_CLAUSE = r"[1-9](?:\.[1-9]\d?){2,3}\.?"  # "1.2.3" in front of a recommendation
MARK = re.compile(rf"(?:{_BULLET}|\d{{1,2}}[.)]|\(?[A-Za-z][.)]|{_CLAUSE})\Z")
ITEM = re.compile(rf"(?:(?P<bullet>{_BULLET})|(?P<number>\d{{1,2}})[.)])\s+(?=\S)")
_SIGN = re.compile(rf"(?:{_BULLET}|\d{{1,2}}[.)]?)\Z")
# Choices of a form: "A. I sleep well".
LETTERED = re.compile(r"\(?(?:[A-Za-z]|[ivx]{2,4})[.)]\s+(?=\S)")
# Of the size of letters.
_SAME_ROW = 0.5
_GAP = 1.0
_RISE, _FALL = 0.7, 0.25
_NEXT_LINE = 2.0
# Sizes of one row: a price in small print beside its service, and no letterhead beside a title.
_ALIKE = 1.35
_SAME_SIZE = 1.08
_LOOK_BACK = 4  # rows


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a table with its last row at `bottom`; `y` grows upwards.

    `ink` is 0xRRGGBB of its first letter.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: Emphasis
    page: int
    bottom: float
    is_table: bool = False
    ink: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """Fragments at one height, from left to right, with wide gaps between."""

    cells: tuple[Fragment, ...]

    @property
    def y(self) -> float:
        """The height of the base line."""
        return self.cells[0].y

    @property
    def left(self) -> float:
        """The left edge of the first cell."""
        return self.cells[0].left

    @property
    def right(self) -> float:
        """The right edge of the last cell."""
        return self.cells[-1].right

    @property
    def size(self) -> float:
        """The size of most letters."""
        return max(self.cells, key=lambda cell: len(cell.text)).size

    @property
    def text(self) -> str:
        """The text of the whole row."""
        return " ".join(cell.text for cell in self.cells)

    def plain(self, page: int) -> Line:
        """Return the row as one line of text, whatever its gaps."""
        return Line(
            text=self.text,
            left=self.left,
            right=self.right,
            y=self.y,
            size=self.size,
            bold=min(cell.bold for cell in self.cells),
            page=page,
            bottom=self.y,
            ink=self.cells[0].ink,
        )


def table_line(rows: Sequence[Row], text: str, *, left: float, right: float, page: int) -> Line:
    """Return the table that these rows are, from the first down to the last."""
    return Line(
        text=text,
        left=left,
        right=right,
        y=rows[0].y,
        size=rows[0].size,
        bold=Emphasis.NONE,
        page=page,
        bottom=rows[-1].y,
        is_table=True,
    )


def rows_of(fragments: Sequence[Fragment]) -> list[Row]:
    """Return the rows of a page from top to bottom; a mark is joined to the text after it."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda p: (-p.y, p.left)):
        row = next((row for row in rows[: -_LOOK_BACK - 1 : -1] if _fits(fragment, row)), None)
        if row is None:
            rows.append([fragment])
        else:
            row.append(fragment)
    return [Row(tuple(_joined(sorted(row, key=lambda p: p.left)))) for row in rows]


def _fits(fragment: Fragment, row: Sequence[Fragment]) -> bool:
    """Say whether a fragment is in a row: at its height, and of a size like its own."""
    first = row[0]
    if first.y - fragment.y >= _SAME_ROW * max(fragment.size, first.size):
        return False
    return (
        _alike(fragment, first)
        or bool(_SIGN.match(fragment.text) or _SIGN.match(first.text))
        or any(_touch(fragment, other) for other in row[-_LOOK_BACK:])
    )


def _alike(a: Fragment, b: Fragment) -> bool:
    return max(a.size, b.size) <= min(a.size, b.size) * _ALIKE


def _touch(a: Fragment, b: Fragment) -> bool:
    gap = max(a.left - b.right, b.left - a.right)
    return gap <= _GAP * min(a.size, b.size)


def largest_first(rows: Sequence[Row], at: int) -> tuple[int, list[Row]]:
    """Return the end of a title and the letterhead beside it, and these rows with the title first.

    The end is `at` when no row from there is beside much larger letters.
    """
    first = next(
        (i for i in range(at, min(at + _LOOK_BACK, len(rows))) if _is_beside_smaller(rows, i)), None
    )
    if first is None or rows[at].y > rows[first].y + _RISE * rows[first].size:
        return at, []
    large = _large_block(rows, first)
    bottom = rows[large[-1]].y - _FALL * rows[first].size
    end = large[-1] + 1
    while end < len(rows) and rows[end].y >= bottom:
        end += 1
    others = [rows[i] for i in range(at, end) if i not in large]
    return end, [*(rows[i] for i in large), *others]


def _is_beside_smaller(rows: Sequence[Row], at: int) -> bool:
    row = rows[at]
    size, y = row.size, row.y
    lowest, highest = y - _FALL * size, y + _RISE * size
    return any(
        lowest <= other.y <= highest
        and (other.right < row.left or row.right < other.left)
        and other.size * _ALIKE < size
        for other in rows[max(0, at - _LOOK_BACK) : at + 1 + _LOOK_BACK]
    )


def _large_block(rows: Sequence[Row], first: int) -> list[int]:
    """Return the indices of the rows of large letters from `first` on, with nothing between."""
    block = [first]
    for i in range(first + 1, len(rows)):
        last, row = rows[block[-1]], rows[i]
        if last.y - row.y > _NEXT_LINE * last.size:
            break
        if row.right < last.left or last.right < row.left:
            continue
        if max(row.size, last.size) > min(row.size, last.size) * _SAME_SIZE:
            break
        block.append(i)
    return block


def _joined(cells: list[Fragment]) -> Iterator[Fragment]:
    waiting: Fragment | None = None
    for cell in cells:
        if waiting is None:
            waiting = cell
        elif MARK.match(waiting.text) or cell.left - waiting.right <= _GAP * max(
            cell.size, waiting.size
        ):
            waiting = _both(waiting, cell)
        else:
            yield waiting
            waiting = cell
    if waiting:
        yield waiting


def _both(a: Fragment, b: Fragment) -> Fragment:
    is_mark = bool(MARK.match(a.text))
    return replace(
        b if is_mark else a,
        text=f"{a.text} {b.text}",
        left=a.left,
        right=max(a.right, b.right),
        size=b.size if is_mark else max(a, b, key=lambda fragment: len(fragment.text)).size,
        bold=b.bold if is_mark else min(a.bold, b.bold),
        ink=a.ink,
        words=(*a.words[:-1], a.words[-1]._replace(text=f"{a.words[-1].text} "), *b.words)
        if a.words and b.words
        else (),
    )
