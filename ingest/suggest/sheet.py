"""The suggestions for an editor: a list, and a spreadsheet that is written, filled in and read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.files.csv_table import CsvTable, parse_rows, raise_all, read_text, split_cell
from core.files.spreadsheet import csv_bytes
from core.ids import section_of
from core.text.characters import collapse_spaces
from index.bank.question_bank import FILE_NAME as BANK
from index.output import write_file
from index.suggestions.decisions import FILE_NAME, Decision
from index.suggestions.types import COMMAND

if TYPE_CHECKING:
    from index.suggestions.types import Suggestion

# An editor fills in the first and may change the next two; `proposed` is the wording as suggested.
COLUMNS = (
    *("decision", "question", "answers"),
    *("confidence", "source", "passage", "words", "proposed"),
)
_READ = ("decision", "question", "answers", "passage", "proposed")
ACCEPT, REFUSE = "accept", "refuse"


def readable(suggestions: Sequence[Suggestion]) -> str:
    """Return the suggestions as a list in their order, and how to decide about them."""
    if not suggestions:
        return "There is nothing to suggest: the question bank asks what the articles answer."
    parts = [
        f"{number}. {row.confidence:.2f}  {row.source}  {row.question}\n"
        f"   {row.section}\n"
        f"   {row.words}\n"
        for number, row in enumerate(suggestions, start=1)
    ]
    sections = len({row.section for row in suggestions})
    parts.append(
        f"{_counted(len(suggestions), 'suggestion')} for {_counted(sections, 'section')}. "
        f"Nothing is in {BANK} before you accept it: on the page for staff (Content health, "
        f"Suggestions), or in a spreadsheet ({COMMAND} --csv FILE, then --from FILE)."
    )
    return "\n".join(parts)


def write_csv(suggestions: Sequence[Suggestion], path: Path, *, content: Path) -> None:
    """Write the suggestions as a spreadsheet with an empty column `decision`.

    Raises UsageError when the file cannot be written, or is a file of the content folder that this
    would overwrite.
    """
    if path.resolve() in ((content / name).resolve() for name in (BANK, FILE_NAME)):
        raise UsageError(
            "This would overwrite a file of the content folder.",
            where=str(path),
            expected="the name of another file",
            fix=f"{COMMAND} --csv suggestions-to-review.csv",
        )
    rows = [
        (
            *("", row.question, row.section),
            *(f"{row.confidence:.2f}", row.source.value, row.passage, row.words, row.question),
        )
        for row in suggestions
    ]
    write_file(path, csv_bytes(COLUMNS, rows), "spreadsheet", fix="name another file")


def read_decisions(path: Path) -> tuple[list[Decision], int]:
    """Read a spreadsheet that an editor filled in; return the decisions, and how many are missing.

    Raises UsageError when there is no such file, ContentError naming every row with an unknown
    decision, or without the columns that say what was suggested.
    """
    again = f"run: {COMMAND} --from {path}"
    table = CsvTable(path, "the suggestions", COLUMNS, again=again)
    text = read_text(table)
    if text is None:
        raise UsageError(
            "There is no such file of suggestions.",
            where=str(path),
            expected=f"a file that {COMMAND} --csv FILE wrote",
            found="no file",
            fix="correct the name of the file",
        )

    def parse(row: dict[str, str], line: int) -> tuple[Decision | None]:
        return (_decision(row, line, table),)  # a bare None would drop the row from the count

    rows, errors = parse_rows(table, text, parse, is_header=_is_header)
    raise_all(errors)
    decisions = [decision for (decision,) in rows if decision is not None]
    return decisions, len(rows) - len(decisions)


def _is_header(header: list[str]) -> bool:
    return set(_READ) <= set(header) and len(set(header)) == len(header)


def _decision(row: dict[str, str], line: int, table: CsvTable) -> Decision | None:
    decided = row["decision"].casefold()
    if not decided:
        return None
    where = f"line {line}"
    if decided not in (ACCEPT, REFUSE):
        raise table.wrong(where, f"decision: {ACCEPT}, {REFUSE} or nothing", row["decision"])
    for name in ("proposed", "passage"):
        if not row[name]:
            raise table.wrong(where, f"{name}: as {COMMAND} wrote it", "nothing")
    return Decision(
        proposed=collapse_spaces(row["proposed"]),
        section=section_of(row["passage"]),
        is_accepted=decided == ACCEPT,
        question=collapse_spaces(row["question"]),
        sections=tuple(dict.fromkeys(split_cell(row["answers"]))),
        where=f"{table.path}, {where}",
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
