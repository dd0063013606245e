"""Runs `python -m ingest suggest`: looks for suggestions, or writes what an editor decided."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from index.bank.question_bank import FILE_NAME as BANK
from index.bank.question_bank import section_ids
from index.output import write_file
from index.store.generations import open_index, read_current
from index.store.settings_copy import copy_folder
from index.suggestions.decisions import decide, read_asked
from index.suggestions.types import COMMAND, RECORD, to_json
from ingest.suggest.finder import find_suggestions
from ingest.suggest.sheet import read_decisions, readable, write_csv
from ingest.suggest.sources import own_questions, patients_questions
from safety.notices.fallback import notices_of
from safety.notices.finder import NoticeFinder

if TYPE_CHECKING:
    from ingest.build.articles import Progress


def suggest_or_decide(
    *, content: Path, built: Path, decided: Path | None, csv: Path | None, **options: Any
) -> None:
    """Look for suggestions, or write the decisions of the spreadsheet `decided`."""
    if decided is None:
        suggest(content=content, built=built, csv=csv, **options)
    elif csv is None:
        take_decisions(decided, content=content, built=built)
    else:
        raise UsageError(
            "--csv writes a spreadsheet and --from reads one.",
            expected="one of them",
            found="both",
            fix=f"{COMMAND} --from {decided}",
        )


def suggest(
    *, content: Path, built: Path, csv: Path | None, training: Path, most: int, progress: Progress
) -> None:
    """Look for suggestions, print them or write a spreadsheet, and leave a record for the page."""
    index = open_index(built)
    asked = read_asked(content)
    questions = list(own_questions(index.articles.values(), index.passages))
    patients = patients_questions(training)
    if patients is None:
        print(
            f"{training} is not on this computer, so no questions in patients' words are asked.",
            file=sys.stderr,
        )
    questions += patients or []
    finder = NoticeFinder(notices_of(content, copy_folder(built)), index.notices)
    found = find_suggestions(index, questions, asked, finder=finder, most=most, progress=progress)
    write_file(
        built / RECORD,
        to_json(found).encode(),
        "record of the suggestions",
        fix="give the folder room and write permission, then run the same command again",
    )
    if csv:
        write_csv(found.rows, csv, content=content)
        print(f"Wrote {len(found.rows)} suggestions to {csv}.")
    else:
        print(readable(found.rows))


def take_decisions(path: Path, *, content: Path, built: Path) -> None:
    """Write the decisions of a spreadsheet into the content folder, all of them or none."""
    decisions, missing = read_decisions(path)
    served = read_current(built)
    added = decide(
        content,
        decisions,
        sections=section_ids(served.articles),
        former=served.manifest.renamed_from,
    )
    accepted = sum(decision.is_accepted for decision in decisions)
    print(
        f"{accepted} accepted, {len(decisions) - accepted} refused, {missing} without a decision."
    )
    print(f"{content / BANK} has {added} more {'row' if added == 1 else 'rows'}.")
    if added:
        print("Patients see the effect after the next: python -m ingest")
