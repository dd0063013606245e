"""The coverage report as text for a terminal and as JSON: pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from index.coverage_steps import RULE
from index.coverage_tables import Cell, Place, Table, summary, tables

if TYPE_CHECKING:
    from index.coverage_steps import Step
    from index.coverage_types import Coverage

TITLE = "What our articles cover"
STEPS = "What to do next"
HOW = "How this is counted and ordered"
NOTHING_TO_DO = "There is nothing to do."
HOW_COUNTED = (
    "A question counts as answered first when the first passage of its answer lies in a section"
    " that the bank names for it. These are the very questions that the search has learned from;"
    " how others fare is measured by python -m evaluation. A passage counts as shown when a"
    " question of the bank shows it, as an answer or as related reading. The reading age is the"
    " Flesch-Kincaid grade and 5; NHS advice is 9 to 11."
)
# What a terminal shows of each table; the files hold all.
_ROWS = 20
_WIDEST = 48


def text(coverage: Coverage, steps: Sequence[Step], *, today: date) -> str:
    """Return the report for a terminal, the first rows of each table."""
    lines = [f"{TITLE}: generation {coverage.generation}, {today.isoformat()}", ""]
    figures = summary(coverage)
    widest = max(map(len, figures))
    lines += [f"  {name:<{widest}}  {value}" for name, value in figures.items()]
    lines += ["", STEPS]
    for number, step in enumerate(steps[:_ROWS], 1):
        lines += [f"{number:>3}. {step.where}: {step.what}", f"     {step.why}"]
        lines.append(f"     go to: {step.go}")
    lines += _more(len(steps)) if steps else [NOTHING_TO_DO]
    for table in tables(coverage, steps):
        lines += ["", table.caption, *_aligned(table), *_more(len(table.rows))]
    return "\n".join([*lines, "", HOW, *textwrap.wrap(f"{RULE} {HOW_COUNTED}", 100)])


def record(coverage: Coverage, steps: Iterable[Step], *, today: date) -> dict[str, Any]:
    """Return the report as a JSON object; dates are texts as in ISO 8601."""
    made = {
        "today": today,
        "rule": RULE,
        "steps": [asdict(step) for step in steps],
        **asdict(coverage),
    }
    plain: dict[str, Any] = _plain(made)
    return plain


def _more(rows: int) -> Iterator[str]:
    if rows > _ROWS:
        yield f"and {rows - _ROWS} more: --html FILE, --csv FILE or --json"


def _aligned(table: Table) -> Iterator[str]:
    rows = [table.columns, *(tuple(map(_short, row)) for row in table.rows[:_ROWS])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _short(cell: Cell) -> str:
    if isinstance(cell, tuple):
        cell = f"{cell[0]}{' ...' * (len(cell) > 1)}"
    said = str(cell)
    # The end of an id says more than its beginning.
    if isinstance(cell, Place) and len(said) > _WIDEST:
        return f"...{said[3 - _WIDEST :]}"
    return said if len(said) <= _WIDEST else f"{said[: _WIDEST - 3]}..."


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
