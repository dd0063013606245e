"""The cells of a table on a web page, also those that span rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.readers.blocks import SPAN_MAX, Block, cell_text
from ingest.readers.html.node import Node


def spanning(cell: Node, read: Callable[[Node], Sequence[Block]]) -> tuple[str, int, int]:
    """Return the text of a cell, and the columns and rows that it spans, for `grid`.

    `read` returns the blocks of a cell.
    """
    return cell_text(read(cell)), _span(cell, "colspan"), _span(cell, "rowspan")


def _span(cell: Node, name: str) -> int:
    value = cell.get(name)
    return min(int(value), SPAN_MAX) if value.isdecimal() and len(value) < 5 and int(value) else 1
