"""Tables that an editor keeps as CSV in the content folder: every row is taken or is an error."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.errors import ContentError, SeveralContentErrors
from core.files.regular_file import read_regular
from core.files.spreadsheet import unescape_formula

SEPARATOR = "|"
"""Between the texts of a cell that holds several."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """Where a table lies, the columns that an editor is told of, and its name in an error.

    `again` says in an error what to do once the table is correct. Where `is_exact`, a row has a
    cell for every column and none beyond, not even an empty one.
    """

    path: Path
    name: str
    columns: tuple[str, ...]
    again: str = "run: python -m ingest"
    is_exact: bool = False

    def wrong(self, lines: str, expected: str, found: str) -> ContentError:
        """Make the error for a row; `lines` says which ("line 4")."""
        return ContentError(
            f"A row of {self.name} cannot be taken.",
            where=f"{self.path}, {lines}",
            expected=expected,
            found=found,
            fix=f"correct the row, then {self.again}",
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it stands in a file: its cells, the line it begins on, and its very text.

    Blank lines have no cells of their own: `raw` holds those that follow the row too.
    """

    line: int
    cells: tuple[str, ...]
    raw: str


def read_rows(
    table: CsvTable,
    take: Callable[[dict[str, str], int], Row | None],
    *,
    is_header: Callable[[list[str]], bool],
) -> tuple[list[Row], list[ContentError]]:
    """Read a table from its file as `take_rows` does; a missing file has no rows."""
    text = read_text(table)
    return ([], []) if text is None else parse_rows(table, text, take, is_header=is_header)


def parse_rows(
    table: CsvTable,
    text: str,
    take: Callable[[dict[str, str], int], Row | None],
    *,
    is_header: Callable[[list[str]], bool],
) -> tuple[list[Row], list[ContentError]]:
    """Return the rows of a text in their order, and an error for each that cannot be taken.

    `take` makes a row of its cells by column, stripped and without a spreadsheet's apostrophe
    (`core/files/spreadsheet.py`), and of the number of the line on which it begins; it returns None
    for a row to be passed over and raises ContentError for one that is wrong. Blank lines are no
    rows. Raises ContentError for a text that cannot be read as a table at all.
    """
    numbered = records(table, text)
    first = next(numbered, Record(1, (), ""))
    header = [name.strip() for name in first.cells]
    if not is_header(header):
        raise table.wrong("line 1", f"the columns {', '.join(table.columns)}", ", ".join(header))
    rows, errors = [], []
    for record in numbered:
        given = (unescape_formula(cell.strip()) for cell in record.cells)
        row = dict.fromkeys([*table.columns, *header], "") | dict(zip(header, given, strict=False))
        try:
            is_short = table.is_exact and len(record.cells) < len(header)
            more = record.cells[len(header) :]
            if is_short or any(cell.strip() or table.is_exact for cell in more):
                raise table.wrong(
                    f"line {record.line}",
                    f"{len(header)} columns; quote a text with commas",
                    str(len(record.cells)),
                )
            taken = take(row, record.line)
        except ContentError as error:
            errors.append(error)
            continue
        if taken is not None:
            rows.append(taken)
    return rows, errors


def split_cell(cell: str) -> tuple[str, ...]:
    """Return the texts of a cell that holds several, without empty ones."""
    return tuple(text for part in cell.split(SEPARATOR) if (text := part.strip()))


def one_line(text: str) -> str:
    """Return a text as a table names it, with one space for every stretch of white space."""
    return " ".join(text.split())


def find_duplicates(
    rows: Iterable[Row], key: Callable[[Row], Hashable]
) -> Iterator[tuple[Row, Row]]:
    """Yield each row whose key an earlier row has, after the first row that has it."""
    first: dict[Hashable, Row] = {}
    for row in rows:
        other = first.setdefault(key(row), row)
        if other is not row:
            yield other, row


def raise_all(errors: list[ContentError]) -> None:
    """Raise every error at once, so that an editor mends them in one go; none for no errors."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralContentErrors(errors)


def read_text(table: CsvTable) -> str | None:
    """Return the text of a table's file, None when there is none; ContentError when unreadable."""
    try:
        return decode(table, read_regular(table.path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(table, error) from error


def decode(table: CsvTable, raw: bytes) -> str:
    """Return the text of a file's bytes without a byte order mark; ContentError when not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(table, error) from error


def records(table: CsvTable, text: str) -> Iterator[Record]:
    """Yield the rows that are not blank, each with the line it begins on."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, strict=True)
    held: Record | None = None
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if held:
                yield held
            raise table.wrong(f"line {before + 1}", "a row of CSV", str(error)) from error
        raw = "".join(lines[before : reader.line_num])
        if any(cell.strip() for cell in cells):
            if held:
                yield held
            held = Record(before + 1, tuple(cells), raw)
        elif held:
            held = Record(held.line, held.cells, held.raw + raw)
    if held:
        yield held


def _unreadable(table: CsvTable, error: Exception) -> ContentError:
    return ContentError(
        f"{table.name[0].upper()}{table.name[1:]} cannot be read.",
        where=str(table.path),
        expected="a table in CSV, in UTF-8",
        found=str(error),
        fix=f"save it as CSV with encoding UTF-8, then {table.again}",
    )
