"""Read labelled test questions, from the bank or from a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import ContentError
from core.files.csv_table import CsvTable, raise_all, read_rows, split_cell
from index.bank.route_cards import OFF_TOPIC

if TYPE_CHECKING:
    from pathlib import Path

    from core.types import BankRow

COLUMNS = ("question", "answers", "route", "kind")


class QuestionKind(StrEnum):
    """The right outcome for a question."""

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    OFF_TOPIC = "off-topic"


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with the sections that answer it (any of them is right), or its route card."""

    text: str
    sections: tuple[str, ...]
    route: str | None

    @property
    def kind(self) -> QuestionKind:
        """The right outcome for the question."""
        if self.sections:
            return QuestionKind.ANSWERABLE
        on_topic = self.route != OFF_TOPIC
        return QuestionKind.UNANSWERABLE if on_topic else QuestionKind.OFF_TOPIC


def labelled(rows: Sequence[BankRow]) -> list[LabelledQuestion]:
    """Return rows of the bank as test questions, in their order."""
    return [LabelledQuestion(row.text, row.sections, row.route) for row in rows]


def read_questions(
    path: Path, *, sections: Collection[str], routes: Collection[str]
) -> list[LabelledQuestion]:
    """Read a CSV file with the columns question, answers, route and, not used, kind.

    Raises ContentError for a file that cannot be read and for every row with an unknown label:
    dropping such a row would flatter the result.
    """
    table = CsvTable(
        path, "the questions to test with", COLUMNS, again="run the same command again"
    )
    found, errors = read_rows(
        table,
        lambda row, line: _checked(row, f"line {line}", table, sections, routes),
        is_header=lambda header: {"question", "answers", "route"} <= set(header),
    )
    raise_all(errors)
    if not found:
        raise no_questions(table)
    return found


def no_questions(table: CsvTable) -> ContentError:
    """Make the error for a table without a single question."""
    return ContentError(
        "There are no questions to test with.",
        where=str(table.path),
        expected="at least one question",
        found="none" if table.path.exists() else "no such file",
        fix=f"correct the file or its name, then {table.again}",
    )


def _checked(
    row: dict[str, str],
    where: str,
    table: CsvTable,
    sections: Collection[str],
    routes: Collection[str],
) -> LabelledQuestion:
    answers = split_cell(row["answers"])
    route = row["route"] or None
    if not row["question"]:
        raise table.wrong(where, "a question", "an empty cell")
    unknown = [answer for answer in answers if answer not in sections]
    if unknown:
        raise table.wrong(where, "the id of a section", f"unknown section {unknown[0]}")
    if route is not None and route not in routes:
        raise table.wrong(where, "the id of a route card", f"unknown route {route}")
    if bool(answers) == (route is not None):
        found = "both" if answers else "neither"
        raise table.wrong(where, "either answers or a route", found)
    return LabelledQuestion(row["question"], answers, route)
