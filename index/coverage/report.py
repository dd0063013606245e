"""The coverage report as text, as a page and as JSON: pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from index.coverage.next_steps import RULE, grouped
from index.coverage.tables import Cell, summary, tables
from index.output import table_text
from index.templating import render

if TYPE_CHECKING:
    from index.coverage.next_steps import Step
    from index.coverage.types import Coverage

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
# The rows of each table that a terminal shows, and the steps of each kind; files have all of them.
_ROWS = 20
_STEPS = 3


def text(coverage: Coverage, steps: Sequence[Step], *, today: date) -> str:
    """Return the report for a terminal, the first rows of each table."""
    lines = [f"{TITLE}: generation {coverage.generation}, {today.isoformat()}", ""]
    lines += [table_text(list(summary(coverage).items())), "", STEPS]
    for number, (_, same) in enumerate(grouped(steps), 1):
        first, *others = same
        lines += [f"{number:>3}. {first.where}: {first.what}", f"     {first.why}"]
        lines.append(f"     go to: {first.go}")
        lines += [f"     also {step.where}: {step.what}" for step in others[: _STEPS - 1]]
        if rest := others[_STEPS - 1 :]:
            lines.append(f"     and {len(rest)} more of this kind")
    if not steps:
        lines.append(NOTHING_TO_DO)
    for table in tables(coverage, steps):
        rows = [[_line(cell) for cell in row] for row in table.rows[:_ROWS]]
        lines += ["", table.caption, table_text(rows, table.columns)]
        lines += _more(len(table.rows))
    return "\n".join([*lines, "", HOW, *textwrap.wrap(f"{RULE} {HOW_COUNTED}", 100)])


def html(coverage: Coverage, steps: Sequence[Step], *, today: date) -> str:
    """Return the report as a page without scripts or anything from other addresses."""
    return render(
        "coverage.html.jinja",
        coverage=coverage,
        title=TITLE,
        to_do=STEPS,
        nothing_to_do=NOTHING_TO_DO,
        how=HOW,
        explained=(RULE, HOW_COUNTED),
        figures=summary(coverage),
        steps=steps,
        tables=tables(coverage, steps),
        today=today,
        day=lambda value: f"{value.day} {value:%B %Y}",
    )


def record(coverage: Coverage, steps: Sequence[Step], *, today: date) -> dict[str, Any]:
    """Return the report as an object for JSON, with dates (write them with `default=str`)."""
    return {
        "today": today,
        "rule": RULE,
        "steps": [asdict(step) for step in steps],
        **asdict(coverage),
        "articles": [
            {
                **asdict(article),
                "figures": article.figures._asdict(),
                "sections": [
                    {**section._asdict(), "figures": section.figures._asdict()}
                    for section in article.sections
                ],
                "warnings": list(map(str, article.warnings)),
                "refused": str(article.refused or ""),
            }
            for article in coverage.articles
        ],
        "problems": list(map(str, coverage.problems)),
        "warnings": list(map(str, coverage.warnings)),
    }


def _line(cell: Cell) -> str:
    return f"{cell[0]}{' ...' * (len(cell) > 1)}" if isinstance(cell, tuple) else str(cell)


def _more(rows: int) -> Iterator[str]:
    if rows > _ROWS:
        yield f"and {rows - _ROWS} more: --html FILE, --csv FILE or --json"
