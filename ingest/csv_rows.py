"""Tables that an editor keeps as CSV in the content folder: every row is taken or is an error."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from index.errors import ContentError, SeveralContentErrors

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """Where a table lies, the columns that an editor is told of, and its name in an error."""

    path: Path
    name: str
    columns: tuple[str, ...]

    def wrong(self, lines: str, expected: str, found: str) -> ContentError:
        """Make the error for a row; `lines` says which ("line 4")."""
        return ContentError(
            f"A row of {self.name} cannot be taken.",
            where=f"{self.path}, {lines}",
            expected=expected,
            found=found,
            mend="correct the row, then run: python -m ingest",
        )


def read_rows(
    table: CsvTable,
    take: Callable[[dict[str, str], int], Row | None],
    *,
    is_header: Callable[[list[str]], bool],
) -> tuple[list[Row], list[ContentError]]:
    """Read a table; return its rows in their order, and an error for each that cannot be taken.

    `take` makes a row of its cells by column, stripped, and of the number of the line on which it
    begins; it returns None for a row to be passed over and raises ContentError for one that is
    wrong. A missing file has no rows, and blank lines are none. Raises ContentError for a file that
    cannot be read as a table at all.
    """
    text = _text(table)
    if text is None:
        return [], []
    numbered = _numbered(table, text)
    header = [name.strip() for name in next(numbered, (1, []))[1]]
    if not is_header(header):
        raise table.wrong("line 1", f"the columns {', '.join(table.columns)}", ", ".join(header))
    rows, errors = [], []
    for line, cells in numbered:
        given = (cell.strip() for cell in cells)
        row = dict.fromkeys([*table.columns, *header], "") | dict(zip(header, given, strict=False))
        try:
            if any(cell.strip() for cell in cells[len(header) :]):
                raise table.wrong(
                    f"line {line}",
                    f"{len(header)} columns",
                    f"{len(cells)}; quote a text with commas",
                )
            taken = take(row, line)
        except ContentError as error:
            errors.append(error)
            continue
        if taken is not None:
            rows.append(taken)
    return rows, errors


def twice(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> Iterator[tuple[Row, Row]]:
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


def _text(table: CsvTable) -> str | None:
    try:
        return table.path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(
            f"{table.name[0].upper()}{table.name[1:]} cannot be read.",
            where=str(table.path),
            expected="a table in CSV, in UTF-8",
            found=str(error),
            mend="save it as CSV with encoding UTF-8, then run: python -m ingest",
        ) from error


def _numbered(table: CsvTable, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise table.wrong(f"line {line}", "a row of CSV", str(error)) from error
        if any(cell.strip() for cell in cells):
            yield line, cells
