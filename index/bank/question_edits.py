"""Edit the text of a question bank row by row; all other bytes stay as they are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.files.csv_table import CsvTable, Record, records, split_cell
from core.files.spreadsheet import csv_text, unescape_formula
from index.bank.question_bank import COLUMNS


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the bank: its number from 0, the line it begins on, and its cells by column."""

    number: int
    line: int
    cells: Mapping[str, str]
    raw: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A bank as written in its file: the header and every row, with their text."""

    header: tuple[str, ...]
    head: str
    rows: tuple[SheetRow, ...]

    @property
    def line_end(self) -> str:
        """The ending of the file's first line."""
        return "\r\n" if self.head.endswith("\r\n") else "\n"


def read_sheet(text: str, table: CsvTable) -> Sheet:
    """Read a bank's text; an empty text has the usual header. Raises ContentError for bad CSV."""
    found = list(records(table, text)) or [Record(1, COLUMNS, ",".join(COLUMNS) + "\n")]
    first, *others = found
    header = tuple(name.strip() for name in first.cells)
    rows = [
        SheetRow(number, record.line, _cells(header, record.cells), record.raw)
        for number, record in enumerate(others)
    ]
    return Sheet(header, first.raw, tuple(rows))


def edited(
    sheet: Sheet,
    rows: Iterable[tuple[int | None, Mapping[str, str]]],
    *,
    in_place: bool = False,
) -> str:
    """Return the text of a bank with these rows, each with its number, None for a new row.

    A row with unchanged cells stays as written, quotes and spaces included; columns that are not
    given stay, too. With `in_place` a removed row leaves blank lines, so that every other row keeps
    its line number, for messages.
    """
    rows = list(rows)
    known = {number: cells for number, cells in rows if number is not None}
    parts = [sheet.head]
    for row in sheet.rows:
        if row.number in known:
            new = _written(sheet, row, known[row.number])
            parts.append(new + _blank(row.raw, new, sheet) if in_place else new)
        elif in_place:
            parts.append(_blank(row.raw, "", sheet))
    added = [cells for number, cells in rows if number is None]
    if added and parts[-1] and not parts[-1].endswith(("\n", "\r")):
        parts.append(sheet.line_end)  # the last line of the file had no end
    parts += [_line(sheet, cells) for cells in added if any(cells.values())]
    return "".join(parts)


def _cells(header: tuple[str, ...], cells: Iterable[str]) -> dict[str, str]:
    given = dict(zip(header, (unescape_formula(cell.strip()) for cell in cells), strict=False))
    return dict.fromkeys([*COLUMNS, *header], "") | given


def _written(sheet: Sheet, row: SheetRow, cells: Mapping[str, str]) -> str:
    if all(_same(name, row.cells.get(name, ""), cell) for name, cell in cells.items()):
        return row.raw
    merged = {
        name: before if _same(name, before, cells.get(name, before)) else cells[name]
        for name, before in row.cells.items()
    }
    end = sheet.line_end if row.raw.endswith(("\n", "\r")) else ""
    blank = row.raw[len(row.raw.rstrip("\r\n")) :]
    return _line(sheet, merged).removesuffix(sheet.line_end) + (blank or end)


def _same(name: str, before: str, after: str) -> bool:
    if name == "answers":
        return split_cell(before) == split_cell(after)
    return " ".join(before.split()) == " ".join(after.split())


def _line(sheet: Sheet, cells: Mapping[str, str]) -> str:
    tidy = [" ".join(cells.get(name, "").split()) for name in sheet.header]
    return csv_text([tidy], line_end=sheet.line_end)


def _blank(before: str, after: str, sheet: Sheet) -> str:
    missing = len(before.splitlines()) - len(after.splitlines())
    return sheet.line_end * max(missing, 0)
