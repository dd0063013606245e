"""Labelled questions to be tested with: those of the bank, or those of a file from outside."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.bank import OFF_TOPIC
from index.errors import ContentError

if TYPE_CHECKING:
    from pathlib import Path

    from index.types import BankRow

COLUMNS = ("question", "answers", "route", "kind")
_SEPARATOR = "|"


class QuestionKind(StrEnum):
    """What should become of a question."""

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    OFF_TOPIC = "off-topic"


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with the sections that answer it, any of them, or the route card it leads to."""

    text: str
    sections: tuple[str, ...]
    route: str | None

    @property
    def kind(self) -> QuestionKind:
        """Say what should become of the question."""
        if self.sections:
            return QuestionKind.ANSWERABLE
        on_topic = self.route != OFF_TOPIC
        return QuestionKind.UNANSWERABLE if on_topic else QuestionKind.OFF_TOPIC


def labelled(rows: Sequence[BankRow]) -> list[LabelledQuestion]:
    """Return rows of the bank as questions to be tested with, in their order."""
    return [LabelledQuestion(row.text, row.sections, row.route) for row in rows]


def read_questions(
    path: Path, *, sections: Collection[str], routes: Collection[str]
) -> list[LabelledQuestion]:
    """Read a CSV file with the columns question, answers, route and, not used, kind.

    Raises ContentError for a file that cannot be read and for the first row whose label names
    something that does not exist: a label that was dropped would flatter the result.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _problem(str(path), "a table in CSV, in UTF-8", str(error)) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    if not {"question", "answers", "route"} <= set(header):
        raise _problem(f"{path}, line 1", f"the columns {', '.join(COLUMNS)}", ", ".join(header))
    found = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        where = f"{path}, line {reader.line_num}"
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        found.append(_checked(row, where, sections, routes))
    if not found:
        raise _problem(str(path), "at least one question", "none")
    return found


def _checked(
    row: dict[str, str], where: str, sections: Collection[str], routes: Collection[str]
) -> LabelledQuestion:
    answers = tuple(a.strip() for a in row.get("answers", "").split(_SEPARATOR) if a.strip())
    route = row.get("route") or None
    if not row["question"]:
        raise _problem(where, "a question", "an empty cell")
    unknown = [answer for answer in answers if answer not in sections]
    if unknown:
        raise _problem(where, "the id of a section", f"unknown section {unknown[0]}")
    if route is not None and route not in routes:
        raise _problem(where, "the id of a route card", f"unknown route {route}")
    if bool(answers) == (route is not None):
        raise _problem(where, "either answers or a route", "both" if answers else "neither")
    return LabelledQuestion(row["question"], answers, route)


def _problem(where: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "The questions cannot be tested with.",
        where=where,
        expected=expected,
        found=found,
        mend="correct the file, then run the same command again",
    )
