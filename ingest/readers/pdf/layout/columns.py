"""Tells columns, which are read one after the other, from tables, which are read by rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.readers.pdf.drawings import Rule, between
from ingest.readers.pdf.fragments import Fragment
from ingest.readers.pdf.layout.rows import ITEM, LETTERED, Row, rows_of

# Of the size of letters.
_GUTTER = 0.8
_CLOSE = 1.6
_FAR = 3.2
_WIDE_GUTTER = 1.5
_LINE = 1.45
_EDGE = 1.0
_SAME_EDGE, _SAME_SIZE = 0.3, 0.05
_HANGING, _LEAST_ITEMS = 3.0, 3
_SAME_STEP = 1.05  # of the widest distance of lines before
# Of the width of the text on a page: a wider row is in no column.
_WIDE = 0.6
_LOOK_AHEAD = 200  # rows
# Columns of prose have full lines; cells of tables have a few words.
_ROWS = 3
_CHARS = 20
_CONTINUED = 0.3
# Two halves of a page: where the right one begins, and lines that all begin at one edge.
_HALF = (0.38, 0.75)
_EVEN = 0.7
_MORE = 1.25
_SENTENCE_END = re.compile(
    "[.!?:;\u0964\u0965\u061f\u06d4\u3002\uff01\uff1f][\"'\u201d\u2019)]?\\Z"
)
_VALUE = re.compile(r"[^\w\s]{0,2}\s?\d")


def columns(
    rows: Sequence[Row], start: int, widest: float, rules: Sequence[Rule]
) -> tuple[int, list[list[Row]] | None]:
    """Return the end of columns that begin at this row, and the rows of both sides."""
    end, gutter = _stretch(rows, start, widest)
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
    last = _last(rows, sides, end)
    # Fragments at nearly one height in both columns may be on different rows of one column.
    kept = [rows_of([c for i, row in side if i < last for c in row.cells]) for side in sides]
    if not all(kept):
        return start, None
    is_down = (
        all(map(_is_prose, kept))
        or _are_lists(kept)
        or (
            not _is_ruled(rows[start:last], rules)
            and not any(len(row.cells) > 2 for row in rows[start:last])
            and (_both_go_on(kept, rows[start:last]) or _are_halves(kept, gutter, rows, widest))
        )
    )
    return (last, kept) if is_down else (start, None)


def _last(rows: Sequence[Row], sides: Sequence[Sequence[tuple[int, Row]]], end: int) -> int:
    """Return the end of the columns: after one side has ended, the other may go on.

    Its lines follow closely, or they are in letters and at an edge that it has, and are further
    items or no further than lines before.
    """
    if not all(sides):
        return end
    last = min(side[-1][0] for side in sides) + 1
    before = [row for i, row in max(sides, key=lambda side: side[-1][0]) if i < last]
    furthest = max((a.y - b.y for a, b in pairwise(before)), default=0.0)
    while last < end and before:
        row = rows[last]
        gap = before[-1].y - row.y
        alike = [other for other in before if _are_alike(row, other)]
        is_item = bool(ITEM.match(row.text)) and any(ITEM.match(other.text) for other in alike)
        is_near = is_item or (bool(alike) and gap <= furthest * _SAME_STEP)
        if gap > _CLOSE * row.size and not is_near:
            break
        before.append(row)
        last += 1
    return last


def _are_alike(a: Row, b: Row) -> bool:
    """Say whether two rows of one column are in the same letters and begin at the same edge."""
    return (
        abs(a.left - b.left) <= _SAME_EDGE * a.size
        and abs(a.size - b.size) <= _SAME_SIZE * a.size
        and a.cells[0].bold == b.cells[0].bold
    )


def _stretch(
    rows: Sequence[Row], start: int, widest: float
) -> tuple[int, tuple[float, float] | None]:
    """Return the end of the rows that have a gap at one position, and the widest such gap."""
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
    return end, gutter


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


def _is_prose(rows: Sequence[Row]) -> bool:
    """Say whether the rows of one side are prose or a list, and no cells."""
    texts = [row.text for row in rows]
    if len(texts) < _ROWS:
        return False
    continued = sum(text[:1].islower() for text in texts)
    items = sum(_items(rows))
    is_filled = median(map(len, texts)) >= _CHARS
    return (is_filled and continued >= len(texts) * _CONTINUED) or items * 2 > len(texts)


def _are_lists(sides: Sequence[Sequence[Row]]) -> bool:
    """Say whether both sides are lists, perhaps under headings, with lines below their marks."""
    items = [_items(rows) for rows in sides]
    return sum(map(sum, items)) >= _LEAST_ITEMS and all(map(_hangs, sides, items))


def _items(rows: Sequence[Row]) -> list[bool]:
    return [bool(ITEM.match(row.text) or LETTERED.match(row.text)) for row in rows]


def _hangs(rows: Sequence[Row], items: Sequence[bool]) -> bool:
    """Say whether all rows from the first item on are items, or lines that go on below its text."""
    if not any(items):
        return False
    first = items.index(True)
    edge = rows[first].left
    return all(
        is_item or 0 < row.left - edge <= _HANGING * row.size
        for row, is_item in zip(rows[first:], items[first:], strict=True)
    )


def _is_ruled(rows: Sequence[Row], rules: Sequence[Rule]) -> bool:
    """Say whether lines are drawn between the rows of a table."""
    middle = rows[0].left + rows[0].size
    edges = between(rules, rows[0].y, rows[-1].y, middle)
    return len(edges) * 3 >= len(rows)


def _both_go_on(sides: Sequence[Sequence[Row]], rows: Sequence[Row]) -> bool:
    """Say whether lines of both sides go on in the line below, and not within rows of a table."""
    steps = [a.y - b.y for a, b in pairwise(rows) if a.y > b.y]
    is_even = not steps or max(steps) < min(steps) * _MORE
    return is_even and all(_goes_on(side) for side in sides)


def _goes_on(rows: Sequence[Row]) -> bool:
    pairs = list(pairwise(row.text for row in rows))
    on = [a for a, b in pairs if b[:1].islower() and not _SENTENCE_END.search(a)]
    is_close = all(a.y - b.y <= _CLOSE * a.size for a, b in pairwise(rows))
    return is_close and bool(on) and len(on) >= len(pairs) * _CONTINUED


def _are_halves(
    sides: Sequence[Sequence[Row]], gutter: tuple[float, float], rows: Sequence[Row], widest: float
) -> bool:
    """Say whether two sides are alike: lists of short lines or addresses, and no labels."""
    left, right = sides
    page_left = min(row.left for row in rows)
    begins = (min(row.left for row in right) - page_left) / widest
    size = left[0].size
    has_head = all(s[0].cells[0].bold and not any(r.cells[0].bold for r in s[1:]) for s in sides)
    values = sum(bool(_VALUE.match(row.text)) for row in right)
    labels = sum(row.text.endswith(":") for row in left[1:])
    return (
        all(len(side) >= _ROWS and _is_even(side) for side in sides)
        and _HALF[0] <= begins <= _HALF[1]
        and gutter[1] - gutter[0] >= _WIDE_GUTTER * size
        and all(a.y - b.y <= _LINE * size for side in sides for a, b in pairwise(side))
        and not has_head
        and values * 2 <= len(right)
        and not labels
    )


def _is_even(rows: Sequence[Row]) -> bool:
    """Say whether most rows are one piece that begins at one edge."""
    edge = min(row.left for row in rows)
    at = sum(row.left - edge < _EDGE * row.size for row in rows)
    return at >= len(rows) * _EVEN and all(len(row.cells) == 1 for row in rows)
