"""What a measure found: tables for people, and the figures that targets judge."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with units in the names of its columns, and notes for its reader."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def table_of(title: str, rows: Sequence[Mapping[str, Cell]], *notes: str) -> Table:
    """Return a table of rows that all have the same columns, in the order of the first."""
    return Table(title, tuple(rows[0]), tuple(tuple(row.values()) for row in rows), notes)


@dataclass(frozen=True, slots=True)
class Result:
    """What one measure found.

    `figures` have the names that `targets.py` gives them. `draw` draws into a matplotlib Figure.
    """

    tables: tuple[Table, ...]
    figures: Mapping[str, float | None] = field(default_factory=dict)
    draw: Callable[[Any], None] | None = None


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """Return the 50th and the 95th percentile, interpolated as numpy does; NaN for no values."""
    if len(values) < 2:
        only = values[0] if values else math.nan
        return only, only
    return statistics.median(values), statistics.quantiles(values, n=20, method="inclusive")[-1]
