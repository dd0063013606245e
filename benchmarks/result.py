"""What a benchmark found: a table for people, JSON for programs, and a picture where one helps."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.provenance import Provenance

Cell = str | int | float | None

RESULTS = Path(__file__).parent / "results"
PICTURES = Path(__file__).parent.parent / "docs" / "benchmarks"


@dataclass(frozen=True, slots=True)
class Result:
    """A table of figures, units in the names of its columns.

    `name` is that of the files it is kept in. `notes` are sentences: with what, on what, and what
    a reader might otherwise take a figure for. `draw` draws into a matplotlib Figure.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    draw: Callable[[Any], None] | None = None


def middle_and_late(values: Sequence[float]) -> tuple[float, float]:
    """Return the median, and the value that 95 of 100 do not exceed; NaN of no values at all.

    Between two values the second lies by proportion, as `statistics` and numpy have it.
    """
    if len(values) < 2:
        only = values[0] if values else math.nan
        return only, only
    late = statistics.quantiles(values, n=20, method="inclusive")[-1]
    return statistics.median(values), late


def readable(result: Result) -> str:
    """Return a result as text: title, an aligned table, the notes."""
    table = [result.columns, *([_cell(cell) for cell in row] for row in result.rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(result.columns))]
    lines = [_line(row, widths) for row in table]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([result.title, "", *lines, "", *result.notes]).rstrip() + "\n"


def write(
    result: Result, source: Provenance, *, results: Path = RESULTS, pictures: Path = PICTURES
) -> list[Path]:
    """Keep a result as JSON, with where it comes from, and its picture; return the files."""
    results.mkdir(parents=True, exist_ok=True)
    record = results / f"{result.name}.json"
    rows = [dict(zip(result.columns, map(_storable, row), strict=True)) for row in result.rows]
    told = {
        "title": result.title,
        "measured": date.today().isoformat(),
        "command": source.command,
        "commit": source.commit,
        "uncommitted changes": source.changed,
        "machine": {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
        },
        "rows": rows,
        "notes": list(result.notes),
    }
    text = json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False)
    record.write_text(text + "\n", encoding="utf-8")
    if result.draw is None:
        return [record]
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    result.draw(figure)
    pictures.mkdir(parents=True, exist_ok=True)
    picture = pictures / f"{result.name}.png"
    figure.savefig(picture, dpi=120, metadata={"Software": None})
    return [record, picture]


def _storable(value: Cell) -> Cell:
    """Return a cell as JSON can hold it, which knows no NaN."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cell(value: Cell) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 1 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else value


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    ).rstrip()
