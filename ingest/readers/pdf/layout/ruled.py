"""Reads tables whose cells are drawn: what is between two lines is one row, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ingest.readers.blocks import table_text
from ingest.readers.pdf.drawings import Rule
from ingest.readers.pdf.fragments import Fragment
from ingest.readers.pdf.layout.rows import ITEM, Line, Row, table_line

_SAME = 3.0  # points
_LEAST_LEVELS, _LEAST_EDGES = 3, 3  # two rows of two cells
_HIGHEST = 400.0  # points, a row
_NEAR = 1.8  # of the size of letters
# Boxes beside each other hold lists and long texts, cells of tables do not.
_MOST_LINES, _MOST_ITEMS = 10, 1


class Grid(NamedTuple):
    """The lines of a table: heights from above, and edges of columns from the left, in points.

    `opens` and `closes` say that its first and its last line are not divided into columns.
    """

    heights: tuple[float, ...]
    edges: tuple[float, ...]
    opens: bool
    closes: bool


def ruled_tables(
    rows: Sequence[Row], page: int, rules: Sequence[Rule]
) -> Iterator[tuple[int, int, Line]]:
    """Yield the tables of a page whose cells are drawn, with the first and the end of their rows.

    A drawing that holds other text beside, lists or long texts is no table.
    """
    for whole in _grids(rules):
        grid = _fitted(whole, rows)
        inside = [i for i, row in enumerate(rows) if grid.heights[0] > row.y > grid.heights[-1]]
        if len(inside) < _LEAST_LEVELS - 1:
            continue
        within = rows[inside[0] : inside[-1] + 1]
        table = _table(within, grid, page)
        if table:
            yield inside[0], inside[-1] + 1, table


def _grids(rules: Sequence[Rule]) -> Iterator[Grid]:
    """Yield the grids of a page from above: lines of pieces that end at the same edges."""
    levels: list[tuple[float, list[float]]] = []
    for rule in sorted(rules, key=lambda rule: -rule.y):
        if not levels or levels[-1][0] - rule.y > _SAME:
            levels.append((rule.y, []))
        levels[-1][1].extend((rule.left, rule.right))
    chain: list[tuple[float, tuple[float, ...]]] = []
    for y, ends in levels:
        edges = _united(ends)
        if chain and chain[-1][0] - y <= _HIGHEST and _is_apart(edges, chain[-1][1]):
            continue
        if chain and not _go_together(chain[-1], (y, edges)):
            yield from _grid(chain)
            chain = []
        chain.append((y, edges))
    yield from _grid(chain)


def _united(ends: Sequence[float]) -> tuple[float, ...]:
    """Return the places in order, those that are nearly the same once."""
    found: list[float] = []
    for x in sorted(ends):
        if not found or x - found[-1] > _SAME:
            found.append(x)
    return tuple(found)


def _go_together(a: tuple[float, tuple[float, ...]], b: tuple[float, tuple[float, ...]]) -> bool:
    (above, upper), (below, lower) = a, b
    return (
        above - below <= _HIGHEST
        and abs(upper[0] - lower[0]) <= _SAME
        and abs(upper[-1] - lower[-1]) <= _SAME
    )


def _is_apart(edges: tuple[float, ...], level: tuple[float, ...]) -> bool:
    """Say whether a line is in a cell of a table or beside the table, as the level is above it."""
    left, right = edges[0] - level[0], level[-1] - edges[-1]
    is_inside = min(left, right) >= -_SAME and max(left, right) > _SAME
    return is_inside or edges[0] >= level[-1] or edges[-1] <= level[0]


def _grid(chain: Sequence[tuple[float, tuple[float, ...]]]) -> Iterator[Grid]:
    """Yield the grid of lines that go together, with one whole line above and below."""
    divided = [i for i, (_, edges) in enumerate(chain) if len(edges) >= _LEAST_EDGES]
    if not divided:
        return
    chain = chain[max(divided[0] - 1, 0) : divided[-1] + 2]
    every = _united([x for _, edges in chain for x in edges])
    edges = tuple(
        edge
        for edge in every
        if sum(any(abs(edge - x) <= _SAME for x in xs) for _, xs in chain) * 2 > len(divided)
    )
    if len(chain) >= _LEAST_LEVELS and len(edges) >= _LEAST_EDGES:
        heights = tuple(y for y, _ in chain)
        yield Grid(
            heights, edges, len(chain[0][1]) < _LEAST_EDGES, len(chain[-1][1]) < _LEAST_EDGES
        )


def _fitted(grid: Grid, rows: Sequence[Row]) -> Grid:
    """Return a grid without its first and last row where these are text across its columns.

    And with a last row that is not drawn, as where every other row is shaded.
    """
    heights = grid.heights
    if grid.opens and not _is_row(rows, heights[0], heights[1], grid.edges):
        heights = heights[1:]
    if grid.closes and not _is_row(rows, heights[-2], heights[-1], grid.edges):
        heights = heights[:-1]
    end = _end_of_open_row(rows, heights[-1], grid.edges)
    if end < heights[-1]:
        heights = (*heights, end)
    return grid._replace(heights=heights)


def _is_row(rows: Sequence[Row], top: float, bottom: float, edges: Sequence[float]) -> bool:
    within = [row for row in rows if top >= row.y > bottom]
    columns = {_column(cell, edges) for row in within for cell in row.cells}
    return len(columns) > 1 and not any(_crosses(row, edges) for row in within)


def _crosses(row: Row, edges: Sequence[float]) -> bool:
    return any(
        cell.left < edge - _SAME and cell.right > edge + _SAME
        for cell in row.cells
        for edge in edges
    )


def _end_of_open_row(rows: Sequence[Row], bottom: float, edges: Sequence[float]) -> float:
    """Return the height below a row right under a grid that fits its columns, else `bottom`."""
    last, end = bottom, bottom
    for row in rows:
        if row.y > bottom:
            continue
        if last - row.y > _NEAR * row.size or _crosses(row, edges):
            break
        last = end = row.y
    end -= _SAME
    is_first = any(row.left < edges[1] for row in rows if bottom >= row.y > end)
    return end if is_first and _is_row(rows, bottom, end, edges) else bottom


def _table(rows: Sequence[Row], grid: Grid, page: int) -> Line | None:
    """Return the table in a grid as one line, None when it is none."""
    bands: list[list[list[Fragment]]] = []
    for top, bottom in pairwise(grid.heights):
        cells: list[list[Fragment]] = [[] for _ in grid.edges[1:]]
        for fragment in (f for row in rows if top >= row.y > bottom for f in row.cells):
            middle = (fragment.left + fragment.right) / 2
            if not grid.edges[0] - _SAME <= middle <= grid.edges[-1] + _SAME:
                return None
            for column, part in _parts(fragment, grid.edges):
                cells[column].append(part)
        if any(cells):
            bands.append(cells)
    texts = [[_text(cell) for cell in cells] for cells in bands]
    filled = [sum(map(bool, line)) for line in texts]
    if len(bands) < _LEAST_LEVELS - 1 or sum(n > 1 for n in filled) * 2 < len(filled):
        return None
    if any(_is_long(cell) for cells in bands for cell in cells):
        return None
    bold = [all(f.bold for cell in cells for f in cell) for cells in bands]
    text = table_text(texts, has_head=bold[0] and not all(bold) and filled[0] > 1)
    return table_line(rows, text, left=grid.edges[0], right=grid.edges[-1], page=page)


def _parts(fragment: Fragment, edges: Sequence[float]) -> Iterator[tuple[int, Fragment]]:
    """Yield a fragment by columns: divided where an edge is between two of its words."""
    rest = fragment
    for edge in edges[1:-1]:
        at = sum((word.left + word.right) / 2 < edge for word in rest.words)
        crosses = any(w.left < edge - _SAME and w.right > edge + _SAME for w in rest.words)
        if 0 < at < len(rest.words) and not crosses:
            first, rest = rest.divided(at)
            yield _column(first, edges), first
    yield _column(rest, edges), rest


def _column(fragment: Fragment, edges: Sequence[float]) -> int:
    """Return the column that holds most of a fragment; of several whole ones, the first."""
    shared = [
        min(right, fragment.right) - max(left, fragment.left) for left, right in pairwise(edges)
    ]
    return max(range(len(shared)), key=shared.__getitem__)


def _lines(cell: Sequence[Fragment]) -> list[str]:
    return [f.text for f in sorted(cell, key=lambda f: (-f.y, f.left))]


def _text(cell: Sequence[Fragment]) -> str:
    return " ".join(_lines(cell))


def _is_long(cell: Sequence[Fragment]) -> bool:
    lines = _lines(cell)
    return len(lines) > _MOST_LINES or sum(bool(ITEM.match(line)) for line in lines) > _MOST_ITEMS
