"""Passages to copy, the frame of a handout, and the desk's table as a file. Pure."""

from __future__ import annotations

import json
from dataclasses import astuple
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from core.files.spreadsheet import csv_bytes
from index.reviews import review_state
from ui.languages import text
from ui.rendering.contact import telephone
from ui.rendering.passage import citation, match_reason
from ui.rendering.provenance import review_line
from ui.rendering.templates import renderer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.clinic_settings import Clinic
    from ui.desk.rows import Lookup, Row

_rendered = renderer(Path(__file__).parent / "templates")
# Names for a spreadsheet, the same in every language.
CSV_COLUMNS = (
    *("question", "searched_for", "outcome", "notices", "rank", "article", "section", "area"),
    *("heading", "passage", "text_score", "heading_score", "sentence_score", "words_score"),
    *("word_by_word_score", "bank_gain", "total", "why", "labels", "review", "version", "citation"),
)


def parts_html(rows: Iterable[Row], clinic: Clinic, *, today: date) -> str:
    """Draw each passage once, hidden, to copy and compare: word for word, without marks."""
    once = {row.result.passage.id: row for row in rows}
    parts = "".join(_part(row, clinic, today=today) for row in once.values())
    return f'<div id="cs-desk-parts" hidden>{parts}</div>'


def _part(row: Row, clinic: Clinic, *, today: date) -> str:
    passage, article = row.result.passage, row.article
    cited = citation(passage, article, clinic, today=today)
    labels = "".join(
        f'<p class="cs-unchecked">{escape(text.translated(label))}</p>'
        for label in row.result.labels
    )
    return (
        f'<article class="cs-sheet-part" data-part="{escape(passage.id)}">'
        f"<h2>{escape(_heading(row))}</h2>"
        f'<p class="cs-trail">{escape(_trail(row))}</p>'
        f'<p class="cs-text"{text.content_lang()}>{escape(passage.text)}</p>{labels}'
        f"{review_line(article.provenance, today=today)}"
        f'<p class="cs-sheet-cite">{escape(cited)}</p></article>'
    )


def sheet_html(clinic: Clinic, *, today: date) -> str:
    """Draw the frame of a handout, hidden: whose it is, what is typed on it, and what it is not.

    `assets/sheet.js` fills it with sections or articles. Its fields have no name and lie in no
    form: what is typed into them is never sent.
    """
    return _rendered("sheet", clinic=clinic, today=today, telephone=telephone)


def csv_text(found: Iterable[Lookup], clinic: Clinic, *, today: date) -> str:
    """Return the rows as a CSV file in JSON, safe for an attribute.

    The browser makes the file: on the server a download would be kept under an address.
    """
    rows = [_cells(lookup, row, clinic, today=today) for lookup in found for row in lookup.rows]
    table = csv_bytes(CSV_COLUMNS, rows).decode("utf-8-sig")
    return json.dumps(table).replace("<", "\\u003c").replace(">", "\\u003e")


def _cells(lookup: Lookup, row: Row, clinic: Clinic, *, today: date) -> list[object]:
    response, result, article = lookup.response, row.result, row.article
    passage = result.passage
    return [
        response.query,
        response.corrected_query or response.query,
        response.outcome.value,
        "; ".join(notice.group for notice in lookup.notices),
        result.rank,
        article.title,
        passage.section_id,
        row.area,
        passage.heading,
        passage.text,
        *(None if value is None else round(value, 4) for value in astuple(row.scores)),
        match_reason(result),
        "; ".join(result.labels),
        review_state(article.provenance, today=today).value,
        article.version,
        citation(passage, article, clinic, today=today),
    ]


def _heading(row: Row) -> str:
    passage = row.result.passage
    # A section without a heading of its own has only a made-up name: the title says more.
    return passage.heading if passage.path else row.article.title


def _trail(row: Row) -> str:
    passage = row.result.passage
    if not passage.path:
        return passage.heading
    return " › ".join((row.article.title, *(name.rstrip(" :") for name in passage.path[:-1])))
