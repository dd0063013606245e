"""The cells of a table on a web page, also those that span rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.readers.blocks import SPAN_MAX, Block, cell_text
from ingest.readers.html.node import Node


def grid(rows: list[list[Node]], read: Callable[[Node], Sequence[Block]]) -> list[list[str]]:
    """Return the texts of cells; a cell that spans several rows is repeated in each of them.

    `read` returns the blocks of a cell.
    """
    found: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column: rows to go, text
    for row in rows:
        texts: list[str] = []
        waiting = list(row)
        while waiting or len(texts) in below:
            column = len(texts)
            left, text = below.pop(column, (0, ""))
            if left:
                texts.append(text)
            else:
                cell = waiting.pop(0)
                text, left = cell_text(read(cell)), _span(cell, "rowspan")
                # An empty cell more for each column that it spans beside its own.
                texts += [text] + [""] * (_span(cell, "colspan") - 1)
            if left > 1:
                below[column] = (left - 1, text)
        found.append(texts)
    return found


def _span(cell: Node, name: str) -> int:
    value = cell.get(name)
    return min(int(value), SPAN_MAX) if value.isdecimal() and len(value) < 5 and int(value) else 1
