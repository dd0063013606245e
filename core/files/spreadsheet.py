"""CSV files for spreadsheets, in which no cell runs as a formula. Pure.

A text that begins with a formula's sign gets an apostrophe before it, which marks text in
spreadsheets. https://owasp.org/www-community/attacks/CSV_Injection lists the signs; some East Asian
spreadsheets accept the wide ones too.
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
    """Return a table as a CSV file with a byte order mark, which tells Excel that it is UTF-8."""
    return csv_text([columns, *rows]).encode("utf-8-sig")


def csv_text(rows: Iterable[Sequence[object]], *, line_end: str = "\r\n") -> str:
    """Return rows as CSV with formulas escaped; None is an empty cell."""
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
    """Undo `escape_formula`; other cells stay as they are."""
    return cell[1:] if cell.startswith(_QUOTE) and _looks_like_formula(cell) else cell


def _looks_like_formula(cell: str) -> bool:
    # Apostrophes are skipped, or a text with an apostrophe of its own would lose it when read.
    return cell.lstrip(_QUOTE).startswith(FORMULA_SIGNS)
