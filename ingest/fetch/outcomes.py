"""What becomes of each page that is saved among the articles, and the table of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.errors import ContentError


class Outcome(StrEnum):
    """The result for an address."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SAME = "same page"
    EDITED = "changed by hand"
    REMOVED = "removed"
    GONE = "gone"
    EMPTY = "no text"
    FAILED = "not saved"


@dataclass(frozen=True, slots=True)
class Row:
    """An address, its result, its file ("" without one), and the reason."""

    address: str
    outcome: Outcome
    file: str = ""
    size: int = 0
    why: str = ""


SAVED = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)
_WELL = (*SAVED, Outcome.SAME, Outcome.REMOVED)


def print_outcomes(rows: Sequence[Row], into: Path) -> None:
    """Print a table of what became of each page; raise ContentError when any was skipped."""
    import pandas as pd

    table = pd.DataFrame(
        [
            (row.outcome.value, f"{row.size:,}" if row.size else "", row.file, row.address)
            for row in rows
        ],
        columns=["outcome", "bytes", "file", "address"],
    )
    print(table.to_string(index=False))
    counts = Counter(row.outcome for row in rows)
    counted = ", ".join(f"{counts[o]} {o.value}" for o in Outcome if counts[o])
    print(f"{into}: {counted}.")
    if counts[Outcome.NEW] or counts[Outcome.CHANGED] or counts[Outcome.REMOVED]:
        print("To search them, run: python -m ingest")
    for row in rows:
        if row.outcome not in _WELL:
            print(f"{row.outcome.value}: {row.address}: {row.why}", file=sys.stderr)
    # Sites have pages without text, such as the one that lists the posts.
    bad = [row for row in rows if row.outcome not in (*_WELL, Outcome.EMPTY)]
    if bad:
        raise ContentError(
            f"{len(bad)} of {len(rows)} addresses were skipped; the other pages are up to date.",
            fix="look at each above"
            + (
                "; --remove-gone removes the files of pages that are gone"
                if any(row.outcome is Outcome.GONE and row.file for row in rows)
                else ""
            ),
        )
