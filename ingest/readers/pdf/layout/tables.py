"""Reads tables of a page: which lines are one row, and what is in its cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.blocks import table_text
from ingest.readers.pdf.direction import Place
from ingest.readers.pdf.drawings import Rule, between
from ingest.readers.pdf.fragments import Fragment
from ingest.readers.pdf.layout.rows import Line, Row, table_line

# Of the size of letters.
_CELL_GAP = 0.2
_FAR, _FURTHEST = 3.2, 6.0
_SAME_EDGE = 0.5
_EXACT = 0.06
_WORD_GAP = 0.45
_LINE = 1.5
# Of the least distance of lines: those of one cell, those of another row.
_SAME, _MORE = 1.12, 1.2
_LEAST_ROWS = 2
_LEAST_RULES = 2


def table_of(
    rows: Sequence[Row], start: int, page: int, rules: Sequence[Rule]
) -> tuple[int, Line | None]:
    """Return the end of the table that begins at this row, and the table; None without one."""
    found = _rows_from(rows, start)
    if len(found) < _LEAST_ROWS:
        return start + 1, None
    return start + len(found), _table(found, page, rules)


def _rows_from(rows: Sequence[Row], start: int) -> list[Row]:
    """Return the rows that have a gap at the same position as this one, cells that touch apart."""
    best: list[Row] = []
    for before, after in pairwise(rows[start].cells):
        gutter, found, end = (before.right, after.left), [rows[start]], 1
        edges = [cell.left for cell in rows[start].cells]
        for i in range(start + 1, len(rows)):
            row = _divided(rows[i], edges)
            narrowed = _narrowed(gutter, row)
            gap = rows[i - 1].y - rows[i].y
            far = _FURTHEST if _is_aligned(row, edges) else _FAR
            if narrowed is None or gap > far * row.size:
                break
            gutter = narrowed
            found.append(row)
            # A row of one cell belongs to a table when it is right of the first column, or when it
            # surely goes on in the cell above.
            if len(row.cells) > 1 or row.cells[0].left >= gutter[1] or _is_rest(found):
                end = len(found)
            if len(row.cells) > len(edges):
                edges = [cell.left for cell in row.cells]
        best = max(best, found[:end], key=len)
    return best


def _divided(row: Row, edges: Sequence[float]) -> Row:
    """Return a row whose cells end where the next column begins, if it has other cells as well."""
    cells: list[Fragment] = []
    waiting = list(reversed(row.cells))
    while waiting:
        cell = waiting.pop()
        at = next(
            (
                i
                for i, word in enumerate(cell.words[1:], start=1)
                if any(abs(word.left - edge) <= _EXACT * cell.size for edge in edges[1:])
                and (len(row.cells) > 1 or _is_apart(cell.words[i - 1], word, cell.size))
            ),
            None,
        )
        if at:
            cell, rest = cell.divided(at)
            waiting.append(rest)
        cells.append(cell)
    is_whole = len(cells) == len(edges) or len(row.cells) > 1
    return Row(tuple(cells)) if len(cells) > len(row.cells) and is_whole else row


def _is_apart(word: Place, following: Place, size: float) -> bool:
    """Say whether two words have no usual space between: as if something else began there."""
    return not word.text.endswith(" ") or following.left - word.right > size * _WORD_GAP


def _is_aligned(row: Row, edges: Sequence[float]) -> bool:
    """Say whether a row has cells that begin where all the columns do."""
    return len(row.cells) == len(edges) > 2 and all(
        abs(cell.left - edge) <= _SAME_EDGE * cell.size
        for cell, edge in zip(row.cells, edges, strict=True)
    )


def _is_rest(rows: Sequence[Row]) -> bool:
    """Say whether the last row is closer to the one above than that is to the one above it."""
    if len(rows) < 3:
        return False
    before, above, row = rows[-3:]
    gap = above.y - row.y
    return gap <= _LINE * row.size and gap * _MORE <= before.y - above.y


def _narrowed(gutter: tuple[float, float], row: Row) -> tuple[float, float] | None:
    """Return the part of a gutter that is free beside a row, None when there is none."""
    left, right = gutter
    for cell in row.cells:
        if cell.right - left <= right - cell.left:
            left = max(left, cell.right)
        else:
            right = min(right, cell.left)
    return (left, right) if right - left >= _CELL_GAP * row.size else None


def _table(rows: Sequence[Row], page: int, rules: Sequence[Rule]) -> Line:
    """Return the rows of a table as one line of text each."""
    columns = _columns(rows)
    lines = [_texts(row, columns) for row in rows]
    heads = _heads(rows)
    grid: list[list[str]] = []
    for i, (texts, begins) in enumerate(zip(lines, _begin_rows(rows, lines, rules), strict=True)):
        if grid and (i < heads or not begins) and i != heads:
            grid[-1] = [f"{a} {b}".strip() for a, b in zip(grid[-1], texts, strict=True)]
        else:
            grid.append(texts)
    cells = [cell for row in rows for cell in row.cells]
    left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
    return table_line(rows, table_text(grid, has_head=heads > 0), left=left, right=right, page=page)


def _columns(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return the left and right edges of the columns, by the rows with most cells."""
    most = max(len(row.cells) for row in rows)
    whole = [row.cells for row in rows if len(row.cells) == most]
    lefts = [min(cell.left for cell in column) for column in zip(*whole, strict=True)]
    rights = [max(cell.right for cell in column) for column in zip(*whole, strict=True)]
    ends = [min(right, left) for right, left in zip(rights, [*lefts[1:], rights[-1]], strict=True)]
    return list(zip(lefts, ends, strict=True))


def _texts(row: Row, columns: Sequence[tuple[float, float]]) -> list[str]:
    texts = [""] * len(columns)
    for cell in row.cells:
        shared = [min(b, cell.right) - max(a, cell.left) for a, b in columns]
        at = max(range(len(columns)), key=shared.__getitem__)
        texts[at] = f"{texts[at]} {cell.text}".strip()
    return texts


def _heads(rows: Sequence[Row]) -> int:
    """Return how many lines the head has: the bold ones at the top, when others are not bold."""
    bold = [all(cell.bold for cell in row.cells) for row in rows]
    if all(bold) or not bold[0]:
        return 0
    heads = 1
    while bold[heads] and rows[heads - 1].y - rows[heads].y <= _LINE * rows[heads].size:
        heads += 1
    return heads


def _begin_rows(
    rows: Sequence[Row], lines: Sequence[Sequence[str]], rules: Sequence[Rule]
) -> list[bool]:
    """Say of each line whether a row begins there: by rules, distance, or its first cell."""
    steps = [a.y - b.y for a, b in pairwise(rows)]
    size = max(row.size for row in rows)
    ruled = between(rules, rows[0].y, rows[-1].y, rows[0].left + size)
    if len(ruled) >= _LEAST_RULES:
        crossed = [any(b.y < y < a.y for y in ruled) for a, b in pairwise(rows)]
        loose = [step for step, has_rule in zip(steps, crossed, strict=True) if not has_rule]
        if max(loose, default=0.0) <= _LINE * size:
            return [True, *crossed]
    least = min(steps)
    is_told = least <= _LINE * size and max(steps) >= least * _MORE
    found = [True]
    for step, above, texts in zip(steps, lines, lines[1:], strict=False):
        if is_told and step > least * _SAME:
            found.append(True)
        elif is_told:
            found.append(not _goes_on(above, texts))
        else:
            found.append(bool(texts[0]))
    return found


def _goes_on(above: Sequence[str], texts: Sequence[str]) -> bool:
    """Say whether a line close under another is the rest of its cells and not a row."""
    return not all(texts) or any(a and b[:1].islower() for a, b in zip(above, texts, strict=True))
