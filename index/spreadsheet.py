"""Cells of a CSV file that a spreadsheet would run as formulas: made harmless, and read back. Pure.

A text that begins with a formula's sign gets an apostrophe in front of it, which spreadsheets take
for "this is text". https://owasp.org/www-community/attacks/CSV_Injection lists the signs; the wide
ones are what some East Asian spreadsheets take for the same.
"""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_QUOTE = "'"


def harmless(cell: str) -> str:
    """Return a cell as a spreadsheet may have it; `as_meant` gives back exactly what came in."""
    return _QUOTE + cell if _looks_like_formula(cell) else cell


def as_meant(cell: str) -> str:
    """Return what a cell said before `harmless`; a cell written by hand stays as it is."""
    return cell[1:] if cell.startswith(_QUOTE) and _looks_like_formula(cell) else cell


def _looks_like_formula(cell: str) -> bool:
    # Apostrophes count as nothing, or a text that has one of its own would lose it when it is read.
    return cell.lstrip(_QUOTE).startswith(FORMULA_SIGNS)
