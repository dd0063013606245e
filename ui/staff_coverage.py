"""The coverage of the articles on the page for staff: next steps, then the report's tables."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from index.coverage_report import HOW, HOW_COUNTED, NOTHING_TO_DO, STEPS
from index.coverage_steps import RULE
from index.coverage_tables import Cell, Place, Share, summary, tables
from index.ids import slug_of
from ui import text
from ui.passages import article_address
from ui.staff_parts import coded, day, download, facts_list, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.coverage_steps import Step
    from index.coverage_tables import Table
    from index.coverage_types import Coverage

# The whole of a large clinic's tables would be megabytes through a page's connection.
MOST_ROWS = 200
MOST_STEPS = 10


def coverage_part(coverage: Coverage, steps: Sequence[Step]) -> str:
    """Draw the part of the page."""
    figures = {name: str(value) for name, value in summary(coverage).items()}
    drawn = "".join(map(_table, tables(coverage, steps)))
    return (
        f"<p>{text.COVERAGE_LEAD}</p>{facts_list(figures)}<h3>{STEPS}</h3>{_steps(steps)}"
        f"{drawn}{download('coverage', text.STAFF_COVERAGE)}"
        f"<h3>{HOW}</h3><p>{RULE}</p><p>{HOW_COUNTED}</p><p>{coded(text.COVERAGE_FILE)}</p>"
    )


def _steps(steps: Sequence[Step]) -> str:
    if not steps:
        return f"<p>{NOTHING_TO_DO}</p>"
    rest = steps[MOST_STEPS:]
    first = f'<ol class="cs-steps">{step_items(steps[:MOST_STEPS])}</ol>'
    if not rest:
        return first
    return (
        f"{first}<details><summary>{text.more_steps(len(rest))}</summary>"
        f'<ol class="cs-steps" start="{MOST_STEPS + 1}">{step_items(rest[:MOST_ROWS])}</ol>'
        "</details>"
    )


def step_items(steps: Iterable[Step]) -> str:
    """Draw steps as the items of a list."""
    return "".join(
        f"<li><strong>{_where(step)}: {escape(step.what)}</strong><br>{escape(step.why)}<br>"
        f'<span class="cs-go">{text.GO_TO} {escape(step.go)}</span></li>'
        for step in steps
    )


def _where(step: Step) -> str:
    if step.article is None:
        return escape(step.where)
    href = escape(article_address(step.article))
    return f'<a class="cs-in" href="{href}">{escape(step.where)}</a>'


def _table(told: Table) -> str:
    rows = ([_cell(cell) for cell in row] for row in told.rows[:MOST_ROWS])
    drawn = table(f"cover-{told.name}", told.caption, told.columns, rows)
    held_back = len(told.rows) - MOST_ROWS
    more = f"<p>{text.more_rows(held_back)}</p>" if held_back > 0 else ""
    return f"<h3>{told.heading}</h3>{drawn}{more}"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Share):
        return f"{cell}{_bar(cell) if cell.whole else ''}"
    if isinstance(cell, Place):
        href = escape(article_address(cell.article, slug_of(cell.section)))
        return f'<a class="cs-in" href="{href}">{escape(cell.name)}</a><br>{escape(cell.note)}'
    if isinstance(cell, tuple):
        items = "".join(f"<li>{escape(one)}</li>" for one in cell)
        return f"<details><summary>{escape(cell[0])} …</summary><ul>{items}</ul></details>"
    return day(cell) if isinstance(cell, date) else escape(str(cell))


def _bar(share: Share) -> str:
    """Draw a share for the eye; no SVG, which Streamlit takes out."""
    width = 100 * share.part // share.whole
    return f'<span class="cs-bar" aria-hidden="true"><span style="width:{width}%"></span></span>'
