"""Orders the fragments of a page into lines: rows, columns and tables.

A PDF states only positions. Simple pages are ordered correctly: one column, columns of prose
side by side, tables with space between their rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.readers.blocks import table_text
from ingest.readers.pdf.fragments import Fragment

_BULLET = "[-*\u2022\u2013\u25cf\u25e6\u25aa\u25ab\u25a0\u25cb\u2043\u2219\u00b7\u2713\u2717]|o"
_MARK = re.compile(rf"(?:{_BULLET}|\d{{1,2}}[.)])\Z")
ITEM = re.compile(rf"(?:(?P<bullet>{_BULLET})|(?P<number>\d{{1,2}})[.)])\s+(?=\S)")
# Of the size of letters.
_SAME_ROW = 0.5
_GAP = 1.0
_GUTTER = 0.8
_CELL_GAP = 0.2
_CLOSE = 1.6
_FAR = 3.2
# Of the width of the text on a page: a wider row is in no column.
_WIDE = 0.6
_LOOK_AHEAD = 200  # rows
# Columns of prose have full lines; cells of tables have a few words.
_COLUMN_ROWS = 3
_COLUMN_CHARS = 20
_COLUMN_CONTINUED = 0.3
_TABLE_ROWS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a table with its last row at `bottom`; `y` grows upwards."""

    text: str
    left: float
    right: float
    y: float
    size: float
    is_bold: bool
    page: int
    bottom: float
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Fragments at one height, from left to right, with wide gaps between."""

    cells: tuple[Fragment, ...]

    @property
    def y(self) -> float:
        """The height of the base line."""
        return self.cells[0].y

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
            left=self.cells[0].left,
            right=self.cells[-1].right,
            y=self.y,
            size=self.size,
            is_bold=all(cell.is_bold for cell in self.cells),
            page=page,
            bottom=self.y,
        )


def rows_of(fragments: Sequence[Fragment]) -> list[Row]:
    """Return the rows of a page from top to bottom; a mark is joined to the text after it."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda p: (-p.y, p.left)):
        if rows and rows[-1][0].y - fragment.y < _SAME_ROW * max(fragment.size, rows[-1][0].size):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return [Row(tuple(_joined(sorted(row, key=lambda p: p.left)))) for row in rows]


def lines_of(rows: Sequence[Row], page: int) -> list[Line]:
    """Return the lines of a page in reading order."""
    found: list[Line] = []
    widest = max((r.cells[-1].right for r in rows), default=0.0) - min(
        (r.cells[0].left for r in rows), default=0.0
    )
    i = 0
    while i < len(rows):
        end, sides = _columns(rows, i, widest)
        if sides:
            for side in sides:
                found += lines_of(side, page)
            i = end
            continue
        end = _table_end(rows, i)
        if end - i >= _TABLE_ROWS:
            found.append(_table(rows[i:end], page))
            i = end
        else:
            found.append(rows[i].plain(page))
            i += 1
    return found


def _joined(cells: list[Fragment]) -> Iterator[Fragment]:
    waiting: Fragment | None = None
    for cell in cells:
        if waiting is None:
            waiting = cell
        elif _MARK.match(waiting.text) or cell.left - waiting.right <= _GAP * max(
            cell.size, waiting.size
        ):
            waiting = _both(waiting, cell)
        else:
            yield waiting
            waiting = cell
    if waiting:
        yield waiting


def _both(a: Fragment, b: Fragment) -> Fragment:
    is_mark = bool(_MARK.match(a.text))
    return replace(
        b if is_mark else a,
        text=f"{a.text} {b.text}",
        left=a.left,
        right=max(a.right, b.right),
        size=b.size if is_mark else max(a, b, key=lambda fragment: len(fragment.text)).size,
        is_bold=b.is_bold and (a.is_bold or is_mark),
    )


def _columns(rows: Sequence[Row], start: int, widest: float) -> tuple[int, list[list[Row]] | None]:
    """Return the end of columns of prose that begin at this row, and the rows of both sides."""
    taken: list[tuple[float, float]] = []
    gutter: tuple[float, float] | None = None
    end = start
    for i in range(start, min(len(rows), start + _LOOK_AHEAD)):
        row = rows[i]
        if i > start and rows[i - 1].y - row.y > _FAR * row.size:
            break
        taken = _united([*taken, *((c.left, c.right) for c in row.cells)])
        gaps = [(a, b) for (_, a), (b, _) in pairwise(taken) if b - a >= _GUTTER * row.size]
        if not gaps and (gutter or taken[-1][1] - taken[0][0] > _WIDE * widest):
            break
        gutter = max(gaps, key=lambda gap: gap[1] - gap[0], default=None)
        end = i + 1
    if gutter is None:
        return start, None
    middle = (gutter[0] + gutter[1]) / 2
    sides = [
        [
            (i, Row(cells))
            for i in range(start, end)
            if (cells := _side(rows[i], middle, is_left=is_left))
        ]
        for is_left in (True, False)
    ]
    # After one side has ended, the other continues while its lines follow closely.
    last = min((side[-1][0] for side in sides if side), default=start) + 1
    while last < end and rows[last - 1].y - rows[last].y <= _CLOSE * rows[last].size:
        last += 1
    # Fragments at nearly one height in both columns may be on different rows of one column.
    kept = [rows_of([c for i, row in side if i < last for c in row.cells]) for side in sides]
    return (last, kept) if all(map(_is_prose, kept)) else (start, None)


def _united(ranges: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return ranges in order, overlapping ones merged."""
    found: list[tuple[float, float]] = []
    for left, right in sorted(ranges):
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _side(row: Row, middle: float, *, is_left: bool) -> tuple[Fragment, ...]:
    return tuple(cell for cell in row.cells if (cell.left < middle) is is_left)


def _table_end(rows: Sequence[Row], start: int) -> int:
    """Return the end of the rows that have a gap at the same position as this one."""
    best = start + 1
    for before, after in pairwise(rows[start].cells):
        gutter, end = (before.right, after.left), start + 1
        for i in range(start + 1, len(rows)):
            narrowed = _narrowed(gutter, rows[i])
            if narrowed is None or rows[i - 1].y - rows[i].y > _FAR * rows[i].size:
                break
            gutter = narrowed
            # A row of one cell belongs to a table when it is right of the first column.
            if len(rows[i].cells) > 1 or rows[i].cells[0].left >= gutter[1]:
                end = i + 1
        best = max(best, end)
    return best


def _narrowed(gutter: tuple[float, float], row: Row) -> tuple[float, float] | None:
    """Return the part of a gutter that is free beside a row, None when there is none."""
    left, right = gutter
    for cell in row.cells:
        if cell.right - left <= right - cell.left:
            left = max(left, cell.right)
        else:
            right = min(right, cell.left)
    return (left, right) if right - left >= _CELL_GAP * row.size else None


def _is_prose(rows: Sequence[Row]) -> bool:
    """Say whether the rows of one side are prose or a list, and no cells."""
    texts = [row.text for row in rows]
    if len(texts) < _COLUMN_ROWS:
        return False
    continued = sum(text[:1].islower() for text in texts)
    items = sum(bool(ITEM.match(text)) for text in texts)
    is_filled = median(map(len, texts)) >= _COLUMN_CHARS
    return (is_filled and continued >= len(texts) * _COLUMN_CONTINUED) or items * 2 > len(texts)


def _table(rows: Sequence[Row], page: int) -> Line:
    """Return the rows of a table as one line of text each; wrapped cells join the row above."""
    most = max(len(row.cells) for row in rows)
    columns = _united([(c.left, c.right) for r in rows if len(r.cells) == most for c in r.cells])
    grid: list[list[str]] = []
    for row in rows:
        texts = [""] * len(columns)
        for cell in row.cells:
            shared = [min(b, cell.right) - max(a, cell.left) for a, b in columns]
            at = max(range(len(columns)), key=shared.__getitem__)
            texts[at] = f"{texts[at]} {cell.text}".strip()
        if grid and not texts[0]:
            grid[-1] = [f"{a} {b}".strip() for a, b in zip(grid[-1], texts, strict=True)]
        else:
            grid.append(texts)
    cells = [cell for row in rows for cell in row.cells]
    has_head = all(c.is_bold for c in rows[0].cells) and not all(c.is_bold for c in cells)
    return Line(
        text=table_text(grid, has_head=has_head),
        left=min(cell.left for cell in cells),
        right=max(cell.right for cell in cells),
        y=rows[0].y,
        size=rows[0].size,
        is_bold=False,
        page=page,
        bottom=rows[-1].y,
        is_table=True,
    )
