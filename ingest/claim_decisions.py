"""What was decided about claims, `content/claims.csv`: read and checked, every row or an error."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from index.errors import ContentError, SeveralContentErrors
from safety.claims import ClaimKind

FILE_NAME = "claims.csv"
COLUMNS = ("article", "sentence", "kind", "decision", "reason", "reference", "by", "date")
# What `python -m ingest claims --csv` adds for the editor; it may stay in the file, unread.
EXPLANATION_COLUMNS = ("state", "severity", "claim", "why", "neutral_wording", "evidence", "place")
_DECIDED = ("decision", "reason", "reference", "by", "date")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# A spreadsheet would take a cell that begins like this for a formula; "- Painless" is a list item.
_FORMULA = ("=", "+", "-", "@")

Choice = TypeVar("Choice", bound=StrEnum)


class Decision(StrEnum):
    """What an editor decided about a claim."""

    REFERENCED = "referenced"
    ACCEPTED = "accepted"
    REWRITE = "rewrite"


@dataclass(frozen=True, slots=True)
class ClaimDecision:
    """One row: a decision about the claims of one kind in one sentence of one article.

    `sentence` is on one line; `line` is the row's line in the file, for messages.
    """

    article: str
    sentence: str
    kind: ClaimKind
    decision: Decision
    reason: str
    reference: str
    by: str
    date: date
    line: int

    @property
    def settles(self) -> bool:
        """Say whether nothing is left to do: a sentence to be rewritten still stands there."""
        return self.decision is not Decision.REWRITE


def read_claim_decisions(content: Path) -> list[ClaimDecision]:
    """Read the decisions from the content folder, in the order of rows; a missing file is empty.

    A row in which nothing is decided yet says nothing and is passed over. Raises ContentError
    naming every row that cannot be taken: an unknown kind or decision, no name or date, a
    reference or reason that is missing, or two decisions about the same claim.
    """
    path = content / FILE_NAME
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(
            "The decisions about claims cannot be read.",
            where=str(path),
            expected="a table in CSV, in UTF-8",
            found=str(error),
            mend="save it as CSV with encoding UTF-8, then run: python -m ingest",
        ) from error
    numbered = _numbered(text, path)
    header = [name.strip() for name in next(numbered, (1, []))[1]]
    known = {*COLUMNS, *EXPLANATION_COLUMNS}
    if not set(COLUMNS) <= set(header) <= known or len(set(header)) < len(header):
        raise _problem(f"{path}, line 1", f"the columns {', '.join(COLUMNS)}", ", ".join(header))
    rows, errors = [], []
    for line, cells in numbered:
        where = f"{path}, line {line}"
        row = dict.fromkeys(COLUMNS, "") | dict(zip(header, map(_from_cell, cells), strict=False))
        try:
            if any(cell.strip() for cell in cells[len(header) :]):
                raise _problem(
                    where, f"{len(header)} columns", f"{len(cells)}; quote a text with commas"
                )
            if any(row[name] for name in _DECIDED):
                rows.append(_checked(row, where, line))
        except ContentError as error:
            errors.append(error)
    errors += _repeated(rows, path)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralContentErrors(errors)
    return rows


def to_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def one_line(text: str) -> str:
    """Return a text with every stretch of white space as one space."""
    return " ".join(text.split())


def _from_cell(cell: str) -> str:
    text = one_line(cell)
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _numbered(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
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


def _checked(row: dict[str, str], where: str, line: int) -> ClaimDecision:
    for name, what in (("article", "the id of an article"), ("sentence", "the whole sentence")):
        if not row[name]:
            raise _problem(where, what, "nothing")
    kind = _one_of(ClaimKind, row["kind"], where, "kind")
    decision = _one_of(Decision, row["decision"], where, "decision")
    if not row["by"]:
        raise _problem(where, "by: the name of the person who decided", "nothing")
    if decision is Decision.REFERENCED and not row["reference"]:
        raise _problem(where, "reference: where the evidence is published", "nothing")
    if decision is Decision.ACCEPTED and not row["reason"]:
        raise _problem(where, "reason: why the sentence may stand as it is", "nothing")
    return ClaimDecision(
        article=row["article"],
        sentence=row["sentence"],
        kind=kind,
        decision=decision,
        reason=row["reason"],
        reference=row["reference"],
        by=row["by"],
        date=_date(row["date"], where),
        line=line,
    )


def _one_of(choices: type[Choice], wrong: str, where: str, column: str) -> Choice:
    try:
        return choices(wrong)
    except ValueError as error:
        names = [choice.value for choice in choices]
        close = difflib.get_close_matches(wrong, names, n=1, cutoff=0.6)
        hint = f", perhaps {close[0]}" if close else ""
        raise _problem(
            where, f"{column}: one of {', '.join(names)}{hint}", wrong or "nothing"
        ) from error


def _date(text: str, where: str) -> date:
    problem = _problem(where, "date: a day as 2025-03-31", text or "nothing")
    if not _DATE.fullmatch(text):
        raise problem
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise problem from error


def _repeated(rows: Iterable[ClaimDecision], path: Path) -> list[ContentError]:
    """Name every claim that is decided twice."""
    first: dict[tuple[str, str, ClaimKind], ClaimDecision] = {}
    return [
        _problem(
            f"{path}, lines {other.line} and {row.line}",
            "one decision about a claim",
            f"two about {row.kind}: {row.sentence}",
        )
        for row in rows
        if (other := first.setdefault((row.article, row.sentence, row.kind), row)) is not row
    ]


def _problem(where: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "A row of the decisions about claims cannot be taken.",
        where=where,
        expected=expected,
        found=found,
        mend="correct the row, then run: python -m ingest",
    )
