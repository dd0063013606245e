"""The question bank, `content/questions.csv`: read and checked, every row or an error."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ContentError, SeveralContentErrors
from index.words import words_of

FILE_NAME = "questions.csv"
COLUMNS = ("question", "answers", "route", "note")
_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """One row: a question as a patient would type it, and what serves it.

    Either `sections` (ids of sections, any of which answers it) or `route` (the id of a route
    card) is given, never both. `line` is the row's line in the file, for messages.
    """

    question: str
    sections: tuple[str, ...]
    route: str | None
    line: int

    @property
    def answerable(self) -> bool:
        """Say whether a section of the content answers the question."""
        return bool(self.sections)


def read_question_bank(
    content: Path, *, sections: Collection[str], routes: Collection[str]
) -> list[BankQuestion]:
    """Read the bank from the content folder, in the order of its rows; a missing file is empty.

    Raises ContentError naming every row that cannot be taken: a section or route that does not
    exist, both or neither of them, no question, or the same question twice.
    """
    path = content / FILE_NAME
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(
            "The question bank cannot be read.",
            where=str(path),
            expected="a table in CSV, in UTF-8",
            found=str(error),
            mend="save it as CSV with encoding UTF-8, then run: python -m ingest",
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    numbered = _numbered(reader, path)
    header = [name.strip() for name in next(numbered, (1, []))[1]]
    if header[:2] != list(COLUMNS[:2]) or not set(header) <= set(COLUMNS):
        raise _problem(f"{path}, line 1", f"the columns {', '.join(COLUMNS)}", ", ".join(header))
    rows, errors = [], []
    for line, cells in numbered:
        where = f"{path}, line {line}"
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        try:
            if any(cell.strip() for cell in cells[len(header) :]):
                raise _problem(
                    where, f"{len(header)} columns", f"{len(cells)}; quote a text with commas"
                )
            rows.append(_checked(row, where, line, sections, routes))
        except ContentError as error:
            errors.append(error)
    errors += _repeated(rows, path)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralContentErrors(errors)
    return rows


def _numbered(reader: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line it begins on."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _problem(f"{path}, line {line}", "a row of CSV", str(error)) from error
        if any(cell.strip() for cell in cells):
            yield line, cells


def _checked(
    row: dict[str, str], where: str, line: int, sections: Collection[str], routes: Collection[str]
) -> BankQuestion:
    question = " ".join(row["question"].split())
    answers = tuple(
        dict.fromkeys(a.strip() for a in row.get("answers", "").split(_SEPARATOR) if a.strip())
    )
    route = row.get("route") or None
    if not question:
        raise _problem(where, "a question", repr(row["question"]))
    for answer in answers:
        if answer not in sections:
            raise _problem(
                where,
                _nearest("the id of a section", answer, sections),
                f"unknown section {answer}",
            )
    if route is not None and route not in routes:
        raise _problem(
            where, _nearest("the id of a route card", route, routes), f"unknown route {route}"
        )
    if bool(answers) == (route is not None):
        found = "both" if answers else "neither"
        raise _problem(where, "either answers or a route", f"{found}, for: {question}")
    return BankQuestion(question, answers, route, line)


def _repeated(rows: Iterable[BankQuestion], path: Path) -> list[ContentError]:
    """Name every question that stands twice; case, punctuation and spaces make no other one."""
    first: dict[tuple[str, ...], BankQuestion] = {}
    errors = []
    for row in rows:
        words = (row.question[w.start : w.end].casefold() for w in words_of(row.question))
        key = tuple(words) or (row.question,)
        other = first.setdefault(key, row)
        if other is row:
            continue
        same = (set(other.sections), other.route) == (set(row.sections), row.route)
        errors.append(
            _problem(
                f"{path}, lines {other.line} and {row.line}",
                "each question once",
                f"{'the same question twice' if same else 'two answers to one question'}: "
                f"{row.question}",
            )
        )
    return errors


def _nearest(what: str, wrong: str, known: Collection[str]) -> str:
    import difflib

    close = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.0)
    return f"{what}, perhaps {close[0]}" if close else what


def _problem(where: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "A row of the question bank cannot be taken.",
        where=where,
        expected=expected,
        found=found,
        mend="correct the row, then run: python -m ingest",
    )
