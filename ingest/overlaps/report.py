"""The passages that overlap, as a list or a spreadsheet: `python -m ingest overlaps`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from core.files.spreadsheet import csv_bytes
from core.text.characters import collapse_spaces
from index.output import marked, write_file
from index.store.generations import read_current
from ingest.overlaps.finder import find_overlaps
from ingest.overlaps.types import Overlap, OverlapKind

COLUMNS = ("finding", "kind", "severity", "similarity", "article", "passage", "text", "note")
_PLACES_NAMED = 3
_NAMES = {
    OverlapKind.OPPOSITE: "opposite",
    OverlapKind.OTHER_NUMBER: "another number",
    OverlapKind.DUPLICATE: "duplicate",
    OverlapKind.REPEATED: "repeated",
}


def overlap_table(overlaps: Sequence[Overlap]) -> list[tuple[str, ...]]:
    """Return a row for each place of each wording, in the order of COLUMNS.

    Rows of one finding share its number, from 1; words that differ are between `>>` and `<<`.
    """
    return [
        (
            str(number),
            _NAMES[overlap.kind],
            overlap.severity.value,
            f"{overlap.similarity:.2f}",
            place.article_id,
            place.passage_id,
            collapse_spaces(marked(side.text, side.marks)),
            overlap.note,
        )
        for number, overlap in enumerate(overlaps, start=1)
        for side in overlap.sides
        for place in side.places
    ]


def readable(overlaps: Sequence[Overlap]) -> str:
    """Return the findings as a list in their order, and how many there are of each kind."""
    parts = [_readable(overlap, number) for number, overlap in enumerate(overlaps, start=1)]
    counts = Counter(_NAMES[overlap.kind] for overlap in overlaps)
    kinds = ", ".join(f"{counts[name]} {name}" for name in _NAMES.values() if counts[name])
    what = "finding" if len(overlaps) == 1 else "findings"
    parts.append(f"{len(overlaps)} {what}: {kinds}." if overlaps else "Nothing overlaps.")
    return "\n".join(parts)


def write_csv(overlaps: Sequence[Overlap], path: Path) -> None:
    """Write `overlap_table` as a spreadsheet; raise UsageError when it cannot be written."""
    raw = csv_bytes(COLUMNS, overlap_table(overlaps))
    write_file(path, raw, "spreadsheet", fix="name another file")


def published_overlaps(built: Path) -> list[Overlap]:
    """Return the overlaps in the published articles; no encoder is needed.

    Raises what `read_current` raises.
    """
    stored = read_current(built)
    return find_overlaps(stored.passages, stored.views, stored.vectors.all())


def _readable(overlap: Overlap, number: int) -> str:
    lines = [f"{number}. {overlap.severity.upper()}  {_NAMES[overlap.kind]}", f"  {overlap.note}"]
    for side in overlap.sides:
        named = [place.passage_id for place in side.places[:_PLACES_NAMED]]
        others = len(side.places) - len(named)
        more = f" and {others} more" if others else ""
        lines += [
            f"  {', '.join(named)}{more}",
            f"    {collapse_spaces(marked(side.text, side.marks))}",
        ]
    return "\n".join(lines) + "\n"
