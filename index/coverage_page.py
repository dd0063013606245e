"""The coverage report as one HTML page: pure, everything escaped, no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from index.coverage_report import HOW, HOW_COUNTED, NOTHING_TO_DO, STEPS, TITLE
from index.coverage_steps import RULE
from index.coverage_tables import Cell, Place, Share, Table, summary, tables

if TYPE_CHECKING:
    from index.coverage_steps import Step
    from index.coverage_types import Coverage

_BAR = 100
# From so many letters on a cell may not be squeezed.
_LONG = 24
_WIDE = '<td class="text">'
_STYLE = """
:root { color-scheme: light dark; --page: light-dark(#f6f9f9, #0e1617);
  --card: light-dark(#fff, #152022); --ink: light-dark(#0f1a1c, #e8f0f0);
  --muted: light-dark(#43565a, #a9bec1);
  --line: light-dark(#d3dfe0, #2f4346); --accent: light-dark(#0a545f, #7fd3de);
  --tint: light-dark(#e4f1f1, #1b3033); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 3rem; max-width: 80rem;
  background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 2.2rem 0 .6rem; }
p { max-width: 68ch; margin: 0 0 .7rem; }
.muted, small { color: var(--muted); }
small { display: block; font-size: .85em; }
a { color: var(--accent); }
code { font: .9em/1.4 ui-monospace, monospace; background: var(--tint); border-radius: .3rem;
  padding: .08em .35em; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 9rem), 1fr));
  gap: .8rem 1.5rem; margin: 1.2rem 0 0; }
dt { font-size: .88rem; color: var(--muted); }
dd { margin: 0; font-size: 1.2rem; font-weight: 650; }
ol.steps { margin: 0; padding-left: 2.2rem; }
ol.steps li { margin: 0 0 .8rem; padding-left: .3rem; max-width: 90ch; overflow-wrap: anywhere; }
ol.steps strong { display: block; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line);
  border-radius: .6rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
caption { text-align: start; padding: .6rem .75rem; font-weight: 650; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem; font-weight: 400;
  border-top: 1px solid var(--line); }
thead th { background: var(--tint); font-weight: 650; vertical-align: bottom; }
th:first-child { min-width: 11rem; }
td.text { min-width: 14rem; overflow-wrap: anywhere; }
td ul { margin: 0; padding-left: 1.1rem; columns: 17rem auto; column-gap: 1.5rem; }
svg { display: block; width: 6rem; height: .5rem; margin-top: .25rem; }
.track { fill: var(--line); }
.part { fill: var(--accent); }
@media print {
  body { padding: 0; max-width: none; font-size: 9pt; }
  .scroll { overflow: visible; border: 0; }
  table { font-size: 7.5pt; }
  th, td { padding: .2rem .3rem; }
  th:first-child, td.text { min-width: 0; }
  tr, li { break-inside: avoid; }
  svg { width: 4rem; }
  .track, .part { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def html(coverage: Coverage, steps: Sequence[Step], *, today: date) -> str:
    """Return the report as one page without a script or anything from elsewhere."""
    allowed = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    facts = "".join(
        f"<div><dt>{name}</dt><dd>{escape(str(value))}</dd></div>"
        for name, value in summary(coverage).items()
    )
    items = "".join(map(_step, steps))
    todo = f'<ol class="steps">{items}</ol>' if steps else f"<p>{NOTHING_TO_DO}</p>"
    drawn = "".join(
        f"<section><h2>{table.heading}</h2>{_table(table)}</section>"
        for table in tables(coverage, steps)
    )
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy"'
        f" content=\"default-src 'none'; style-src 'sha256-{allowed}'\">"
        f"<title>{TITLE}</title><style>{_STYLE}</style></head><body><header><h1>{TITLE}</h1>"
        f'<p class="muted">{day(today)}, generation {escape(coverage.generation)}</p></header>'
        f"<main><dl>{facts}</dl><section><h2>{STEPS}</h2>{todo}"
        f"</section>{drawn}<section><h2>{HOW}</h2><p>{RULE}</p>"
        f"<p>{HOW_COUNTED}</p></section></main></body></html>\n"
    )


def _bar(share: Share) -> str:
    """Draw a share as a bar beside its figures, which say the same to those who cannot see it."""
    width = _BAR * share.part // share.whole if share.whole else 0
    return (
        f'<svg viewBox="0 0 {_BAR} 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="{_BAR}" height="8"/>'
        f'<rect class="part" width="{width}" height="8"/></svg>'
    )


def day(value: date) -> str:
    """Write a date as people say it, '3 January 2025'."""
    return f"{value.day} {value:%B %Y}"


def _step(step: Step) -> str:
    where = escape(step.where)
    if step.article is not None:
        where = f'<a href="#{escape(step.article)}">{where}</a>'
    return (
        f"<li><strong>{where}: {escape(step.what)}</strong>{escape(step.why)}"
        f"<small>Go to: {escape(step.go)}</small></li>"
    )


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in table.columns)
    body = "".join(
        f'<tr><th scope="row">{_cell(first)}</th>{"".join(map(_data, others))}</tr>'
        for first, *others in table.rows
    )
    caption = f"caption-{table.name}"
    return (
        f'<div class="scroll" role="region" aria-labelledby="{caption}" tabindex="0"><table>'
        f'<caption id="{caption}">{table.caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _data(cell: Cell) -> str:
    is_long = isinstance(cell, tuple) or (isinstance(cell, str) and len(cell) > _LONG)
    return f"{_WIDE if is_long else '<td>'}{_cell(cell)}</td>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Share):
        return f"{cell}{_bar(cell) if cell.whole else ''}"
    if isinstance(cell, Place):
        note = f"<small>{escape(cell.note)}</small>" if cell.note else ""
        return f'<span id="{escape(str(cell))}">{escape(cell.name)}</span>{note}'
    if isinstance(cell, tuple):
        return f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in cell)}</ul>"
    return day(cell) if isinstance(cell, date) else escape(str(cell))
