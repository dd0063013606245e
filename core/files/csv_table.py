"""Read the tables that an editor keeps as CSV: every row is used or is an error."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from core.errors import ContentError, SeveralContentErrors
from core.files.regular_file import read_regular
from core.files.spreadsheet import unescape_formula

SEPARATOR = "|"
"""Separates the texts of a cell that holds several."""
Row = TypeVar("Row")
# Makes a row of its cells by column and of the number of its line; None skips the row.
ParseRow = Callable[[dict[str, str], int], Row | None]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table's file, its columns, and its name in an error.

    `again` says in an error what to do once the table is correct. Where `is_exact`, a row has a
    cell for every column and none beyond, not even an empty one.
    """

    path: Path
    name: str
    columns: tuple[str, ...]
    again: str = "run: python -m ingest"
    is_exact: bool = False

    def wrong(self, lines: str, expected: str, found: str) -> ContentError:
        """Return the error for a row; `lines` says which ("line 4")."""
        return ContentError(
            f"A row of {self.name} cannot be used.",
            where=f"{self.path}, {lines}",
            expected=expected,
            found=found,
            fix=f"correct the row, then {self.again}",
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A row as the file has it: the line it begins on, its cells, and its text.

    `raw` includes the blank lines that follow the row.
    """

    line: int
    cells: tuple[str, ...]
    raw: str


def read_rows(
    table: CsvTable, parse_row: ParseRow[Row], *, is_header: Callable[[list[str]], bool]
) -> tuple[list[Row], list[ContentError]]:
    """Read a table from its file as `parse_rows` does; a missing file has no rows."""
    text = read_text(table)
    return ([], []) if text is None else parse_rows(table, text, parse_row, is_header=is_header)


def parse_rows(
    table: CsvTable,
    text: str,
    parse_row: ParseRow[Row],
    *,
    is_header: Callable[[list[str]], bool],
) -> tuple[list[Row], list[ContentError]]:
    """Return the rows of a text in their order, and the errors of the rows that are wrong.

    Cells are stripped and unescaped (`core/files/spreadsheet.py`) before `parse_row`, which raises
    ContentError for a wrong row. Blank lines are no rows. Raises ContentError for a text that is no
    such table at all.
    """
    numbered = records(table, text)
    first = next(numbered, Record(1, (), ""))
    header = [name.strip() for name in first.cells]
    if not is_header(header):
        raise table.wrong("line 1", f"the columns {', '.join(table.columns)}", ", ".join(header))
    rows, errors = [], []
    for record in numbered:
        cells = (unescape_formula(cell.strip()) for cell in record.cells)
        row = dict.fromkeys([*table.columns, *header], "") | dict(zip(header, cells, strict=False))
        is_short = table.is_exact and len(record.cells) < len(header)
        surplus = record.cells[len(header) :]
        try:
            if is_short or any(cell.strip() or table.is_exact for cell in surplus):
                expected = f"{len(header)} columns; quote a text with commas"
                raise table.wrong(f"line {record.line}", expected, str(len(record.cells)))
            parsed = parse_row(row, record.line)
        except ContentError as error:
            errors.append(error)
            continue
        if parsed is not None:
            rows.append(parsed)
    return rows, errors


def split_cell(cell: str) -> tuple[str, ...]:
    """Return the texts of a cell that holds several, without empty ones."""
    return tuple(text for part in cell.split(SEPARATOR) if (text := part.strip()))


def find_duplicates(
    rows: Iterable[Row], key: Callable[[Row], Hashable]
) -> Iterator[tuple[Row, Row]]:
    """Yield each row that repeats a key, after the first row with that key."""
    first: dict[Hashable, Row] = {}
    for row in rows:
        earlier = first.setdefault(key(row), row)
        if earlier is not row:
            yield earlier, row


def raise_all(errors: list[ContentError]) -> None:
    """Raise all errors together, so that an editor can fix them together; none for no errors."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralContentErrors(errors)


def read_text(table: CsvTable) -> str | None:
    """Return the text of a table's file, None for no file; raise ContentError when unreadable."""
    try:
        return decode(table, read_regular(table.path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(table, error) from error


def decode(table: CsvTable, raw: bytes) -> str:
    """Decode UTF-8 without its byte order mark; raise ContentError for another encoding."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(table, error) from error


def records(table: CsvTable, text: str) -> Iterator[Record]:
    """Yield the rows that are not blank."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, strict=True)
    record: Record | None = None
    while (before := reader.line_num) < len(lines):
        try:
            cells = next(reader)
        except csv.Error as error:
            if record:
                yield record
            raise table.wrong(f"line {before + 1}", "a row of CSV", str(error)) from error
        raw = "".join(lines[before : reader.line_num])
        if any(cell.strip() for cell in cells):
            if record:
                yield record
            record = Record(before + 1, tuple(cells), raw)
        elif record:
            record = replace(record, raw=record.raw + raw)
    if record:
        yield record


def _unreadable(table: CsvTable, error: Exception) -> ContentError:
    return ContentError(
        f"{table.name[0].upper()}{table.name[1:]} cannot be read.",
        where=str(table.path),
        expected="a table in CSV, in UTF-8",
        found=str(error),
        fix=f"save it as CSV with encoding UTF-8, then {table.again}",
    )
