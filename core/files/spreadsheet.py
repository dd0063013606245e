"""CSV files for spreadsheets: written in this one way, so that no cell runs as a formula. Pure.

A text that begins with a formula's sign gets an apostrophe in front of it, which spreadsheets take
for "this is text". https://owasp.org/www-community/attacks/CSV_Injection lists the signs; the wide
ones are what some East Asian spreadsheets take for the same.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_QUOTE = "'"


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as a CSV file with a byte order mark, by which Excel knows UTF-8."""
    return csv_text([columns, *rows]).encode("utf-8-sig")


def csv_text(rows: Iterable[Sequence[object]], *, line_end: str = "\r\n") -> str:
    """Return rows as CSV, every text `escape_formula`; None is an empty cell."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=line_end)
    writer.writerows(
        [escape_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return stream.getvalue()


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet runs; `unescape_formula` gives it back exactly."""
    return _QUOTE + cell if _looks_like_formula(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return a cell as it was before `escape_formula`; a cell written by hand stays as it is."""
    return cell[1:] if cell.startswith(_QUOTE) and _looks_like_formula(cell) else cell


def _looks_like_formula(cell: str) -> bool:
    # Apostrophes count as nothing, or a text that has one of its own would lose it when it is read.
    return cell.lstrip(_QUOTE).startswith(FORMULA_SIGNS)
