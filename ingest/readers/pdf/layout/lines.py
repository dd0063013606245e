"""Orders the rows of a page into lines in reading order: columns, tables and plain lines."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.pdf.drawings import Rule
from ingest.readers.pdf.layout.columns import columns
from ingest.readers.pdf.layout.panels import panels_of
from ingest.readers.pdf.layout.rows import Line, Row, largest_first
from ingest.readers.pdf.layout.ruled import ruled_tables
from ingest.readers.pdf.layout.tables import table_of


def lines_of(rows: Sequence[Row], page: int, rules: Sequence[Rule] = ()) -> list[Line]:
    """Return the lines of a page in reading order; `rules` are its drawn lines."""
    found: list[Line] = []
    for panel in panels_of(rows):
        at = 0
        for start, end, table in ruled_tables(panel, page, rules):
            if start >= at:
                found += [*_without_grids(panel[at:start], page, rules), table]
                at = end
        found += _without_grids(panel[at:], page, rules)
    return found


def _without_grids(rows: Sequence[Row], page: int, rules: Sequence[Rule]) -> list[Line]:
    """Return the lines of rows between tables whose cells are drawn."""
    found: list[Line] = []
    widest = max((r.right for r in rows), default=0.0) - min((r.left for r in rows), default=0.0)
    i = 0
    while i < len(rows):
        end, sides = columns(rows, i, widest, rules)
        if sides:
            for side in sides:
                found += _without_grids(side, page, rules)
            i = end
            continue
        end, beside = largest_first(rows, i)
        if beside:
            found += [row.plain(page) for row in beside]
            i = end
            continue
        end, table = table_of(rows, i, page, rules)
        found.append(table or rows[i].plain(page))
        i = end
    return found
