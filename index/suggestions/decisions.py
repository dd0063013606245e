"""An editor's decisions about suggested questions, written into the content folder.

An accepted question becomes a row of `content/questions.csv`. `content/suggestions.csv` holds the
wordings that are not suggested again: those refused, and those accepted with other words. A line
deleted there is suggested again. Nothing is written without a decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import ContentError
from core.files import edits
from core.files.csv_table import CsvTable, decode, parse_rows, raise_all, read_text, split_cell
from core.files.spreadsheet import csv_text
from core.ids import present_id
from core.text.characters import collapse_spaces
from core.text.normalize import has_words
from index.bank import question_bank as bank
from index.bank.question_edits import Sheet, edited, read_sheet
from index.bank.route_cards import read_routes
from index.suggestions.types import Suggestion

FILE_NAME = "suggestions.csv"
COLUMNS = ("question", "answers")
_AGAIN = "run the same command again"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about the question `proposed` for the section `section`.

    Accepted, the bank asks `question`, answered by `sections`. `where` names the place of the
    decision in a message ("suggestions-to-review.csv, line 4").
    """

    proposed: str
    section: str
    is_accepted: bool
    question: str = ""
    sections: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What must not be suggested: the questions of the bank, and the refused ones by section."""

    questions: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def read_asked(content: Path) -> Asked:
    """Read both files as they are now; a missing file is empty.

    Raises ContentError for a file that is no such table.
    """
    table = bank.bank_table(content)
    sheet = read_sheet(read_text(table) or "", table)
    questions = (collapse_spaces(row.cells["question"]) for row in sheet.rows)
    return Asked(
        tuple(filter(None, questions)), _refused(read_text(_table(content)), _table(content))
    )


def still_open(suggestions: Iterable[Suggestion], asked: Asked) -> list[Suggestion]:
    """Return the suggestions, in their order, that nobody has accepted or refused."""
    questions = set(map(bank.question_key, asked.questions))
    refused = {(bank.question_key(question), section) for question, section in asked.refused}
    return [
        row
        for row in suggestions
        if (key := bank.question_key(row.question)) not in questions
        and (key, row.section) not in refused
    ]


def decide(
    content: Path,
    decisions: Sequence[Decision],
    *,
    sections: Collection[str],
    former: Mapping[str, str],
) -> int:
    """Write decisions into the content folder; return how many rows the bank has more.

    `sections` are the ids of the served index, `former` its earlier ids of articles. A decision
    that was written before changes nothing. Raises ContentError naming every accepted row that the
    bank cannot take, and what `edits.save` raises; the bank is saved first, so that the same
    decisions may simply be made again.
    """
    table = bank.bank_table(content)
    opened = edits.read(table.path)
    sheet = read_sheet(decode(table, opened or b""), table)
    rows = _new_rows(sheet, decisions, sections=sections, former=former)
    if rows:
        before = ((row.number, row.cells) for row in sheet.rows)
        new = edited(sheet, [*before, *((None, cells) for cells in rows)])
        bank.check_question_bank(
            new, table, sections=sections, routes=read_routes(content), former=former
        )
        edits.save_text(table.path, new, opened=opened)
    _remember(content, decisions)
    return len(rows)


def _new_rows(
    sheet: Sheet,
    decisions: Iterable[Decision],
    *,
    sections: Collection[str],
    former: Mapping[str, str],
) -> list[dict[str, str]]:
    """Return the cells of the rows that the bank has to get."""
    labels = {
        bank.question_key(row.cells["question"]): (
            frozenset(present_id(name, former) for name in split_cell(row.cells["answers"])),
            row.cells["route"],
        )
        for row in sheet.rows
    }
    rows, errors = [], []
    for decision in decisions:
        if not decision.is_accepted:
            continue
        key, label = bank.question_key(decision.question), (frozenset(decision.sections), "")
        if (problem := _problem(decision, sections)) is not None:
            errors.append(_wrong(decision, *problem))
        elif key not in labels:
            labels[key] = label
            answers = " | ".join(decision.sections)
            rows.append({"question": decision.question, "answers": answers})
        elif labels[key] != label:
            found = f"the bank has another answer to: {decision.question}"
            errors.append(_wrong(decision, "one answer to each question", found))
    raise_all(errors)
    return rows


def _problem(decision: Decision, sections: Collection[str]) -> tuple[str, str] | None:
    """Return what was expected and found where the bank cannot take an accepted row."""
    if not has_words(decision.question):
        return "a question", repr(decision.question)
    if not decision.sections:
        return "answers: the id of a section", "nothing"
    for section in decision.sections:
        if section not in sections:
            expected = bank.expected_like("the id of a section", section, sections)
            return expected, f"unknown section {section}"
    return None


def _remember(content: Path, decisions: Iterable[Decision]) -> None:
    """Write down the wordings that shall not be suggested again, each once."""
    table = _table(content)
    opened = edits.read(table.path)
    text = decode(table, opened or b"")
    known = {(bank.question_key(q), section) for q, section in _refused(text or None, table)}
    rows = []
    for decision in decisions:
        key = bank.question_key(decision.proposed), decision.section
        is_worded_so = bank.question_key(decision.question) == key[0]
        if key not in known and not (decision.is_accepted and is_worded_so):
            known.add(key)
            rows.append((decision.proposed, decision.section))
    if not rows:
        return
    line_end = "\r\n" if "\r\n" in text else "\n"
    head = text or csv_text([COLUMNS], line_end=line_end)
    gap = "" if head.endswith("\n") else line_end
    edits.save_text(table.path, head + gap + csv_text(rows, line_end=line_end), opened=opened)


def _refused(text: str | None, table: CsvTable) -> tuple[tuple[str, str], ...]:
    if text is None:
        return ()

    def parse(row: dict[str, str], line: int) -> tuple[str, str]:
        if not row["question"] or not row["answers"]:
            raise table.wrong(f"line {line}", "a question and the id of a section", "nothing")
        return collapse_spaces(row["question"]), row["answers"]

    rows, errors = parse_rows(
        table, text, parse, is_header=lambda header: header[:2] == list(COLUMNS)
    )
    raise_all(errors)
    return tuple(rows)


def _table(content: Path) -> CsvTable:
    return CsvTable(content / FILE_NAME, "the refused suggestions", COLUMNS, again=_AGAIN)


def _wrong(decision: Decision, expected: str, found: str) -> ContentError:
    return ContentError(
        "An accepted question cannot be added to the question bank.",
        where=decision.where or None,
        expected=expected,
        found=found,
        fix="correct the row or refuse it, then do the same again; nothing was written",
    )
