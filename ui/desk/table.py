"""The desk's table as HTML: pure, everything from content or a question is escaped here.

What can be done with a row is said by `data-desk` attributes and done by `assets/desk.js`.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from index.reviews import review_state
from ui.desk.handout import parts_html, sheet_html
from ui.languages import text
from ui.rendering.passage import highlight, match_reason, passage_address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from core.clinic_settings import Clinic
    from safety.notices.finder import Display, Notice
    from ui.desk.rows import Lookup, Row, Scores

    Shown = Callable[[Sequence[Notice]], Display]

# A text of so many characters may be longer than the lines that a row shows at first.
_LONG = 150


def desk_html(
    found: Sequence[Lookup],
    clinic: Clinic,
    *,
    today: date,
    shown: Shown,
    run: int,
    csv: str = "",
) -> str:
    """Draw all that was found as one block: the buttons, the table, and what they copy and print.

    `shown` says how the notices of a question are shown. `run` changes with every search. `csv` is
    the table as a file, made safe for an attribute.
    """
    if not any(asked.rows for asked in found):
        heads = "".join(_question(asked, shown) for asked in found)
        none = f'<p class="cs-note">{text.DESK_NO_ROWS}</p>'
        return f'<div class="cs-desk" id="cs-desk" data-run="{run}">{none}{heads}</div>'
    bodies = "".join(_body(asked, number, shown, today=today) for number, asked in enumerate(found))
    columns = "".join(
        f'<th scope="col" role="columnheader"{kind}>{name}</th>'
        for name, kind in zip(text.DESK_COLUMNS, _COLUMN_KINDS, strict=True)
    )
    rows = [row for asked in found for row in asked.rows]
    return (
        f'<div class="cs-desk" id="cs-desk" data-run="{run}">{_bar(csv)}'
        f'<table class="cs-desk-table" role="table" aria-label="{text.DESK_CAPTION}">'
        f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>{bodies}</table>'
        f"{parts_html(rows, clinic, today=today)}{sheet_html(clinic, today=today)}</div>"
    )


_NUMBER = ' class="cs-desk-no"'
_COLUMN_KINDS = ("", "", "", *[_NUMBER] * 6, "", "")


def keys_html() -> str:
    """Draw the keys, for everybody to see, and the switch that turns the single ones off."""
    keys = "".join(
        f"<div><dt>{_keys(names)}</dt><dd>{escape(said)}</dd></div>"
        for names, said in text.DESK_KEYS
    )
    return (
        f'<div class="cs-desk-keys"><h2 class="cs-vh">{text.DESK_KEYS_TITLE}</h2><dl>{keys}</dl>'
        '<label class="cs-desk-switch"><input type="checkbox" checked data-desk-keys>'
        f" {text.DESK_KEYS_ON}</label></div>"
    )


def number(value: float | None) -> str:
    """Write a raw similarity with two decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def outcome(asked: Lookup) -> str:
    """Name the outcome of a question."""
    return str(text.DESK_OUTCOMES[asked.response.outcome.value])


def _keys(names: str) -> str:
    """Draw keys: `a b` are either of two, `a+b` are pressed together."""
    return " ".join(
        "+".join(f"<kbd>{escape(key)}</kbd>" for key in together.split("+"))
        for together in names.split()
    )


def _bar(csv: str) -> str:
    """Draw what can be done with the chosen rows; words that a script says are data here."""
    said = {
        "copied-text": text.DESK_TEXT_COPIED,
        "copied-cite": text.DESK_CITATION_COPIED,
        "failed": text.DESK_NOT_COPIED,
        "two": text.DESK_CHOOSE_TWO,
        "compare": text.DESK_COMPARISON,
        "print": text.PRINT,
        "close": text.DESK_CLOSE,
        "more": text.DESK_SHOW_ALL,
        "less": text.DESK_SHOW_LESS,
        "rank": text.DESK_COLUMNS[0],
    }
    data = " ".join(f'data-{key}="{escape(words)}"' for key, words in said.items())
    buttons = "".join(
        f'<button type="button" class="cs-btn" data-desk="{does}">{name} <kbd>{key}</kbd></button>'
        for does, name, key in (
            ("cite", text.COPY, "c"),
            ("text", text.DESK_COPY_TEXT, "t"),
            ("handout", text.DESK_HANDOUT, "p"),
            ("compare", text.DESK_COMPARE, "b"),
        )
    )
    return (
        f'<div class="cs-desk-bar" role="group" aria-label="{text.DESK_ACTIONS}" {data}>{buttons}'
        f'<button type="button" class="cs-btn" data-desk="csv" data-csv="{escape(csv)}">'
        f"{text.DESK_CSV}</button>"
        f'<span class="cs-desk-count">{text.DESK_CHOSEN} <span data-desk-count>0</span></span>'
        "</div>"
    )


def _body(asked: Lookup, number_of: int, shown: Shown, *, today: date) -> str:
    rows = "".join(_row(row, number_of, today=today) for row in asked.rows)
    span = len(_COLUMN_KINDS)
    left_out = "" if asked.rows else f'<p class="cs-desk-said">{text.DESK_NO_ROWS}</p>'
    return (
        f'<tbody role="rowgroup"><tr role="row" class="cs-desk-head"><td role="cell"'
        f' colspan="{span}">{_question(asked, shown)}{left_out}</td></tr>{rows}</tbody>'
    )


def _question(asked: Lookup, shown: Shown) -> str:
    """Draw a question: its outcome, what was searched for instead, and the notices it raises."""
    response = asked.response
    said = []
    if response.corrected_query:
        said.append(f"{text.CORRECTED} <strong>{escape(response.corrected_query)}</strong>.")
    if response.also_searched:
        also = ", ".join(f"<strong>{escape(one)}</strong>" for one in response.also_searched)
        said.append(f"{text.ALSO_SEARCHED} {also}.")
    display = shown(asked.notices)
    notices = "".join(
        f'<li><a class="cs-in" href="?view=notices&amp;notice={escape(group.id)}">'
        f"{text.LEVELS[group.level]}: {escape(group.title)}</a></li>"
        for group in (*display.full, *display.others)
    )
    raised = ""
    if notices:
        raised = f'<div class="cs-desk-raised">{text.DESK_NOTICES}<ul>{notices}</ul></div>'
    more = f'<p class="cs-desk-said">{" ".join(said)}</p>' if said else ""
    kind = f"cs-desk-{response.outcome.value}"
    return (
        f'<h2 class="cs-desk-q">{escape(response.query)}'
        f' <span class="cs-desk-outcome {kind}">{outcome(asked)}</span></h2>{more}{raised}'
    )


def _row(row: Row, number_of: int, *, today: date) -> str:
    result, passage = row.result, row.result.passage
    name = escape(f"{result.rank}: {passage.heading}, {row.article.title}")
    key = escape(f"{number_of}:{passage.id}")
    body = highlight(passage.text, result.sentence, result.terms, kind="cs-near")
    opens = ""
    if len(passage.text) > _LONG:
        opens = (
            '<button type="button" class="cs-link" data-desk="open" aria-expanded="false"'
            f' aria-label="{text.DESK_SHOW_ALL}: {name}">{text.DESK_SHOW_ALL}</button>'
        )
    under = " · ".join(filter(None, (row.article.title, row.area)))
    state = text.REVIEW_STATES[review_state(row.article.provenance, today=today)]
    labels = "".join(f"<li>{escape(label)}</li>" for label in result.labels)
    chips = f'<ul class="cs-labels">{labels}</ul>' if labels else ""
    cells = [
        f'<a class="cs-in" href="{escape(passage_address(passage))}">{escape(passage.heading)}</a>'
        f'<br><span class="cs-desk-trail">{escape(under)}</span>',
        f'<p class="cs-text cs-desk-text">{body}</p>{opens}',
    ]
    columns = text.DESK_COLUMNS
    scores = "".join(
        f'<td role="cell" class="cs-desk-no" data-label="{label}">{number(value)}</td>'
        for label, value in zip(columns[3:9], _values(row.scores), strict=True)
    )
    return (
        f'<tr role="row" class="cs-desk-row" data-row="{key}" data-passage="{escape(passage.id)}"'
        f' tabindex="-1" aria-label="{name}"><td role="cell"><label class="cs-desk-pick">'
        f'<input type="checkbox" data-desk-pick aria-label="{text.DESK_PICK} {name}">'
        f"<span>{result.rank}</span></label></td>"
        f'<th role="rowheader" scope="row">{cells[0]}</th><td role="cell">{cells[1]}</td>{scores}'
        f'<td role="cell" data-label="{columns[9]}">{escape(match_reason(result))}</td>'
        f'<td role="cell" data-label="{columns[10]}">{state}{chips}</td></tr>'
    )


def _values(scores: Scores) -> tuple[float | None, ...]:
    return (
        scores.text,
        scores.heading,
        scores.sentence,
        scores.coverage,
        scores.gain,
        scores.total,
    )
