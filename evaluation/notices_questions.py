"""Questions about symptoms, written blind from the notices: read, and judged.

`evaluation/notices.csv` is sealed: it is asked, and nothing is ever tuned on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.questions import no_questions
from index.csv_rows import CsvTable, raise_all, read_rows, texts_of, twice
from index.question_bank import words_as_asked

if TYPE_CHECKING:
    from safety.notices import Notice

FILE = Path(__file__).with_name("notices.csv")
COLUMNS = ("kind", "group", "question", "note")
_PAIR = "pair-"


class Kind(StrEnum):
    """How a question speaks of symptoms."""

    SYMPTOM = "symptom"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"
    HISTORY = "history"
    IDIOM = "idiom"
    BENIGN = "benign"

    @property
    def wants_notice(self) -> bool:
        """Say whether such a question has to raise the notice that it is labelled with."""
        return self in (Kind.SYMPTOM, Kind.HYPOTHETICAL)

    @property
    def may_name_notice(self) -> bool:
        """Say whether such a question may be labelled with a notice at all."""
        return self not in (Kind.IDIOM, Kind.BENIGN)


@dataclass(frozen=True, slots=True)
class NoticeQuestion:
    """A question, and the notices that it is about, any of which is right.

    `pair` joins a symptom with the same symptom denied; empty where there is no such twin. `line`
    is where the question stands in its file.
    """

    kind: Kind
    groups: tuple[str, ...]
    text: str
    pair: str
    line: int

    def is_right(self, notices: Sequence[Notice]) -> bool:
        """Judge what was raised: a symptom's own notice, else nothing that asks to act.

        History that is labelled with a notice has to raise that one too.
        """
        own = any(one.group in self.groups for one in notices)
        if self.kind.wants_notice:
            return own
        wanted = own or self.kind is not Kind.HISTORY or not self.groups
        return wanted and not is_serious(notices)


def is_serious(notices: Sequence[Notice]) -> bool:
    """Say whether a notice that asks to get help now or today is among these."""
    return any(one.level.asks_to_act for one in notices)


def read_notice_questions(path: Path, *, groups: Collection[str]) -> list[NoticeQuestion]:
    """Read a CSV file with the columns kind, group, question and note.

    Raises ContentError, naming file and line, for a table that cannot be read and for every row
    with an unknown kind or notice, a label that its kind needs or cannot have, or a question that
    was there before; case, punctuation and spaces make no other question.
    """
    again = "run: python -m evaluation notices"
    table = CsvTable(path, "the questions about symptoms", COLUMNS, again, is_exact=True)
    found, errors = read_rows(
        table,
        lambda row, line: _checked(row, line, table, groups),
        is_header=lambda header: tuple(header) == COLUMNS,
    )
    errors += (
        table.wrong(
            f"line {row.line}", "each question once", f"the same question as on line {first.line}"
        )
        for first, row in twice(found, lambda row: words_as_asked(row.text))
    )
    raise_all(errors)
    if not found:
        raise no_questions(table)
    return found


def _checked(
    row: Mapping[str, str], line: int, table: CsvTable, groups: Collection[str]
) -> NoticeQuestion:
    kind, label, question, note = (row[name] for name in COLUMNS)
    where = f"line {line}"
    wanted = texts_of(label)
    if kind not in list(Kind):
        raise table.wrong(where, f"one of the kinds {', '.join(Kind)}", kind or "no kind")
    if not question:
        raise table.wrong(where, "a question", "an empty cell")
    for name in wanted:
        if name not in groups:
            raise table.wrong(where, "the id of a notice", f"unknown notice {name}")
    if Kind(kind).wants_notice and not wanted:
        raise table.wrong(where, f"the notice that a {kind} question has to raise", "none")
    if wanted and not Kind(kind).may_name_notice:
        raise table.wrong(where, f"no notice for the kind {kind}", label)
    pairs = [word for word in note.split() if word.startswith(_PAIR)]
    return NoticeQuestion(Kind(kind), wanted, question, pairs[0] if pairs else "", line)
