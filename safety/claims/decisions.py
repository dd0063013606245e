"""Reads and checks the decisions about claims, `content/claims.csv`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from core.errors import ContentError
from core.files.csv_table import CsvTable, find_duplicates, parse_rows, raise_all, read_text
from core.text.characters import collapse_spaces
from core.types import ClaimKey, claim_key
from safety.claims.finder import ClaimKind

FILE_NAME = "claims.csv"
COLUMNS = ("article", "sentence", "kind", "decision", "reason", "reference", "by", "date")
# Columns that `python -m ingest claims --csv` adds for the editor; they are ignored here.
EXPLANATION_COLUMNS = ("state", "severity", "claim", "why", "neutral_wording", "evidence", "place")
_DECIDED = ("decision", "reason", "reference", "by", "date")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")

Choice = TypeVar("Choice", bound=StrEnum)


class Decision(StrEnum):
    """The decision of an editor about a claim."""

    REFERENCED = "referenced"
    ACCEPTED = "accepted"
    REWRITE = "rewrite"


@dataclass(frozen=True, slots=True)
class ClaimDecision:
    """A row: a decision about the claims of one kind in one sentence of one article.

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
    def key(self) -> ClaimKey:
        """What the decision is about."""
        return claim_key(self.article, self.sentence, self.kind)

    @property
    def settles(self) -> bool:
        """Say whether nothing is left to do; a sentence to be rewritten is still there."""
        return self.decision is not Decision.REWRITE


def read_claim_decisions(content: Path) -> list[ClaimDecision]:
    """Read the decisions from the content folder, in the order of rows; a missing file is empty.

    A row without a decision is ignored. Raises ContentError naming every wrong row: an unknown
    kind or decision, a missing name, date, reference or reason, or a second decision about the
    same claim.
    """
    table = claims_table(content)
    text = read_text(table)
    return [] if text is None else check_claim_decisions(text, table)


def claims_table(content: Path) -> CsvTable:
    """Describe the file of the decisions in a content folder: its path, name and columns."""
    return CsvTable(content / FILE_NAME, "the decisions about claims", COLUMNS)


def check_claim_decisions(text: str, table: CsvTable) -> list[ClaimDecision]:
    """Return the decisions of a text; raises ContentError as `read_claim_decisions` does."""

    def parse(row: dict[str, str], line: int) -> ClaimDecision | None:
        row = {name: collapse_spaces(cell) for name, cell in row.items()}
        return _checked(row, line, table) if any(row[name] for name in _DECIDED) else None

    rows, errors = parse_rows(table, text, parse, is_header=_is_header)
    raise_all([*errors, *_repeated(rows, table)])
    return rows


def _is_header(header: list[str]) -> bool:
    known = {*COLUMNS, *EXPLANATION_COLUMNS}
    return set(COLUMNS) <= set(header) <= known and len(set(header)) == len(header)


def _checked(row: dict[str, str], line: int, table: CsvTable) -> ClaimDecision:
    where = f"line {line}"
    for name, what in (("article", "the id of an article"), ("sentence", "the whole sentence")):
        if not row[name]:
            raise table.wrong(where, what, "nothing")
    kind = _one_of(ClaimKind, row, "kind", where, table)
    decision = _one_of(Decision, row, "decision", where, table)
    if not row["by"]:
        raise table.wrong(where, "by: the name of the person who decided", "nothing")
    if decision is Decision.REFERENCED and not row["reference"]:
        raise table.wrong(where, "reference: where the evidence is published", "nothing")
    if decision is Decision.ACCEPTED and not row["reason"]:
        raise table.wrong(where, "reason: why the sentence may stay as it is", "nothing")
    return ClaimDecision(
        article=row["article"],
        sentence=row["sentence"],
        kind=kind,
        decision=decision,
        reason=row["reason"],
        reference=row["reference"],
        by=row["by"],
        date=_date(row["date"], where, table),
        line=line,
    )


def _one_of(
    choices: type[Choice], row: dict[str, str], column: str, where: str, table: CsvTable
) -> Choice:
    wrong = row[column]
    try:
        return choices(wrong)
    except ValueError as error:
        names = [choice.value for choice in choices]
        close = difflib.get_close_matches(wrong, names, n=1, cutoff=0.6)
        hint = f", perhaps {close[0]}" if close else ""
        raise table.wrong(
            where, f"{column}: one of {', '.join(names)}{hint}", wrong or "nothing"
        ) from error


def _date(text: str, where: str, table: CsvTable) -> date:
    problem = table.wrong(where, "date: a day as 2025-03-31", text or "nothing")
    if not _DATE.fullmatch(text):
        raise problem
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise problem from error


def _repeated(rows: Iterable[ClaimDecision], table: CsvTable) -> Iterator[ContentError]:
    for other, row in find_duplicates(rows, lambda row: row.key):
        yield table.wrong(
            f"lines {other.line} and {row.line}",
            "one decision about a claim",
            f"two about {row.kind}: {row.sentence}",
        )
