"""Labelled questions about symptoms, written blind from the notices.

`evaluation/notices.csv` is sealed: it is only ever used to test, never to tune anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from core.files.csv_table import CsvTable, find_duplicates, raise_all, read_rows, split_cell
from core.text.tokens import words_of
from evaluation.search.questions import no_questions

if TYPE_CHECKING:
    from safety.notices.finder import Notice

FILE = Path(__file__).parent.with_name("notices.csv")
COLUMNS = ("kind", "group", "question", "note")
# Words of a note: the pair, the second set (by other writers), and who tells it, in which English.
_PAIR, _SECOND, _AGE, _ENGLISH = "pair-", "second", "age-", "english-"
_AGAIN = "run: python -m evaluation notices"


class Kind(StrEnum):
    """How a question speaks of symptoms."""

    SYMPTOM = "symptom"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"
    TWIN = "twin"
    HISTORY = "history"
    IDIOM = "idiom"
    BENIGN = "benign"

    @property
    def wants_notice(self) -> bool:
        """Whether such a question has to raise the notice in its label."""
        return self in (Kind.SYMPTOM, Kind.HYPOTHETICAL)

    @property
    def may_name_notice(self) -> bool:
        """Whether such a question may have a notice in its label at all."""
        return self not in (Kind.IDIOM, Kind.BENIGN)


@dataclass(frozen=True, slots=True)
class NoticeQuestion:
    """A question and the notices that it is about, any of which is right.

    `pair` joins a symptom with the same symptom denied, or with a harmless twin in nearly the same
    words; it is empty without such a one. `is_second` says that it is of the second set. `english`
    is the variety (british ...) and `age` (child, teen, adult, old) that of who tells it, both
    empty where they are not known. `line` is the question's line in its file.
    """

    kind: Kind
    groups: tuple[str, ...]
    text: str
    pair: str
    line: int
    is_second: bool = False
    english: str = ""
    age: str = ""

    def is_right(self, notices: Sequence[Notice]) -> bool:
        """Judge the raised notices: a symptom needs its own, other questions no serious notice.

        A question about past illness has to raise the notice in its label too, if it has a label.
        """
        own = any(notice.group in self.groups for notice in notices)
        if self.kind.wants_notice:
            return own
        wanted = own or self.kind is not Kind.HISTORY or not self.groups
        return wanted and not is_serious(notices)


def is_serious(notices: Sequence[Notice]) -> bool:
    """Return whether any of these notices asks to get help now or today."""
    return any(notice.level.asks_to_act for notice in notices)


def read_notice_questions(path: Path, *, groups: Collection[str]) -> list[NoticeQuestion]:
    """Read a CSV file with the columns of COLUMNS.

    Raises ContentError for a table that cannot be read, and names file and line of every row with
    an unknown kind or notice, a missing or forbidden label, or a question that an earlier row has:
    case, punctuation and spaces do not make another question.
    """
    table = CsvTable(path, "the questions about symptoms", COLUMNS, again=_AGAIN)
    found, errors = read_rows(
        table,
        lambda row, line: _question(row, line, table, groups),
        is_header=lambda header: tuple(header) == COLUMNS,
    )
    errors += [
        table.wrong(
            f"line {later.line}", "each question once", f"the same question as on line {first.line}"
        )
        for first, later in find_duplicates(found, _same_question)
    ]
    raise_all(errors)
    if not found:
        raise no_questions(table)
    return found


def _same_question(question: NoticeQuestion) -> tuple[str, ...]:
    text = question.text
    return tuple(text[w.start : w.end].casefold() for w in words_of(text)) or (text,)


def _question(
    row: Mapping[str, str], line: int, table: CsvTable, groups: Collection[str]
) -> NoticeQuestion:
    label, text = row["group"], row["question"]
    if row["kind"] not in list(Kind):
        found = row["kind"] or "no kind"
        raise table.wrong(f"line {line}", f"one of the kinds {', '.join(Kind)}", found)
    kind = Kind(row["kind"])
    wanted = split_cell(label)
    unknown = [name for name in wanted if name not in groups]
    is_missing = kind.wants_notice and not wanted
    for is_wrong, expected, found in (
        (not text, "a question", "an empty cell"),
        (unknown, "the id of a notice", f"unknown notice {', '.join(unknown)}"),
        (is_missing, f"the notice that a {kind} question has to raise", "none"),
        (wanted and not kind.may_name_notice, f"no notice for the kind {kind}", label),
    ):
        if is_wrong:
            raise table.wrong(f"line {line}", expected, found)
    notes = row["note"].split()

    def noted(prefix: str) -> str:
        return next((word.removeprefix(prefix) for word in notes if word.startswith(prefix)), "")

    return NoticeQuestion(
        kind, wanted, text, noted(_PAIR), line, _SECOND in notes, noted(_ENGLISH), noted(_AGE)
    )
