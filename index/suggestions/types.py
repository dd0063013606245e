"""Suggested rows of the question bank, and their record beside the generations."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import IndexDamagedError
from core.files.regular_file import read_regular

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = "python -m ingest suggest"
# The file of the last suggestions, beside the generations, for the page.
RECORD = "suggestions.json"


class Source(StrEnum):
    """Where the words of a suggested question come from; the clinic's own words come first."""

    HEADING = "heading"
    FAQ = "faq"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the bank does not ask yet, with the section and the passage that answer it.

    `words` are the first words of the passage. `confidence` is the score that the search itself
    gives the passage for this question, without what the bank adds, cut to 0 to 1; 0 where the
    search does not find the passage. It is no probability.
    """

    question: str
    section: str
    passage: str
    words: str
    source: Source
    confidence: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The suggestions for a generation, highest confidence first."""

    generation: str
    rows: tuple[Suggestion, ...] = ()


def to_json(suggestions: Suggestions) -> str:
    """Return suggestions as JSON whose keys are the fields of the two classes."""
    return json.dumps(asdict(suggestions), indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Suggestions:
    """Read what `to_json` returned. Raises IndexDamagedError for anything else."""
    try:
        body = json.loads(text)
        rows = tuple(Suggestion(**{**row, "source": Source(row["source"])}) for row in body["rows"])
        return Suggestions(str(body["generation"]), rows)
    except (ValueError, RecursionError, LookupError, TypeError) as error:
        raise IndexDamagedError(
            "The suggestions for the question bank cannot be read.",
            expected=f"the JSON that {COMMAND} writes",
            found=f"{type(error).__name__}: {error}",
            fix=COMMAND,
        ) from error


def read_record(built: Path) -> Suggestions | None:
    """Return the last suggestions for the index in a folder; None for none that can be read."""
    try:
        return from_json(read_regular(built / RECORD).decode("utf-8"))
    except (OSError, UnicodeDecodeError, IndexDamagedError):
        return None
