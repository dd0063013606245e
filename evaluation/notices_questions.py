"""Questions about symptoms, written blind from the notices: read, and judged.

`evaluation/notices.csv` is sealed: it is asked, and nothing is ever tuned on it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ContentError
from index.regular_file import read_regular
from index.words import words_of

if TYPE_CHECKING:
    from safety.notices import Notice

FILE = Path(__file__).with_name("notices.csv")
COLUMNS = ("kind", "group", "question", "note")
_SEPARATOR = "|"
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

    Raises ContentError, naming file and line, for a table that cannot be read and for the first
    row with an unknown kind or notice, a label that its kind needs or cannot have, or a question
    that was there before; case, punctuation and spaces make no other question.
    """
    try:
        text = read_regular(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _problem(str(path), "a table in CSV, in UTF-8", str(error)) from error
    rows = _rows(text, path)
    line, header = next(rows, (1, []))
    if tuple(name.strip() for name in header) != COLUMNS:
        raise _problem(f"{path}, line {line}", f"columns {', '.join(COLUMNS)}", ", ".join(header))
    found: dict[tuple[str, ...], NoticeQuestion] = {}
    for at, cells in rows:
        where = f"{path}, line {at}"
        if len(cells) != len(COLUMNS):
            expected = f"{len(COLUMNS)} columns; quote a text with commas"
            raise _problem(where, expected, str(len(cells)))
        question = _checked([cell.strip() for cell in cells], where, at, groups)
        words = (question.text[w.start : w.end].casefold() for w in words_of(question.text))
        first = found.setdefault(tuple(words) or (question.text,), question)
        if first is not question:
            raise _problem(
                where, "each question once", f"the same question as on line {first.line}"
            )
    if not found:
        raise _problem(str(path), "at least one question", "none")
    return list(found.values())


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
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


def _checked(
    cells: Sequence[str], where: str, line: int, groups: Collection[str]
) -> NoticeQuestion:
    kind, label, question, note = cells
    wanted = tuple(name.strip() for name in label.split(_SEPARATOR) if name.strip())
    if kind not in list(Kind):
        raise _problem(where, f"one of the kinds {', '.join(Kind)}", kind or "no kind")
    if not question:
        raise _problem(where, "a question", "an empty cell")
    for name in wanted:
        if name not in groups:
            raise _problem(where, "the id of a notice", f"unknown notice {name}")
    if Kind(kind).wants_notice and not wanted:
        raise _problem(where, f"the notice that a {kind} question has to raise", "none")
    if wanted and not Kind(kind).may_name_notice:
        raise _problem(where, f"no notice for the kind {kind}", label)
    pairs = [word for word in note.split() if word.startswith(_PAIR)]
    return NoticeQuestion(Kind(kind), wanted, question, pairs[0] if pairs else "", line)


def _problem(where: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "The questions about symptoms cannot be tested with.",
        where=where,
        expected=expected,
        found=found,
        mend="correct the file, then run: python -m evaluation notices",
    )
