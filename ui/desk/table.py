"""The desk's table as HTML: pure, everything from content or a question is escaped.

`data-desk` attributes say what can be done with a row; `assets/desk.js` does it.
"""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

from core.ids import slug_of
from index.reviews import review_state
from ui.desk.handout import parts_html, sheet_html
from ui.languages import text
from ui.rendering.blocks import highlight
from ui.rendering.passage import match_reason, passage_address
from ui.rendering.templates import renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from core.clinic_settings import Clinic
    from core.types import SearchResult
    from safety.notices.finder import Display, Notice
    from ui.desk.rows import Lookup, Row, Scores

    Shown = Callable[[Sequence[Notice]], Display]

# A longer text may have more lines than a row shows at first.
_LONG_CHARACTERS = 150
_rendered = renderer(Path(__file__).parent / "templates")


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
    the table as a file.
    """

    def review(row: Row) -> str:
        return str(text.REVIEW_STATES[review_state(row.article.provenance, today=today)])

    rows = [row for lookup in found for row in lookup.rows]
    return _rendered(
        "desk",
        found=found,
        has_rows=bool(rows),
        run=run,
        csv=csv,
        script_texts=_script_texts(),
        buttons=(
            ("cite", text.COPY, "c"),
            ("text", text.DESK_COPY_TEXT, "t"),
            ("handout", text.DESK_HANDOUT, "h"),
            ("compare", text.DESK_COMPARE, "b"),
        ),
        long=_LONG_CHARACTERS,
        shown=shown,
        review=review,
        scores=_scores,
        outcome=outcome,
        marked=_marked,
        match_reason=match_reason,
        passage_address=passage_address,
        slug_of=slug_of,
        below=parts_html(rows, clinic, today=today) + sheet_html(clinic, today=today),
    )


def keys_html() -> str:
    """Draw the keys, and the switch that turns the single ones off."""
    return _rendered("keys")


def number(value: float | None) -> str:
    """Write a raw similarity with two decimals; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def outcome(lookup: Lookup) -> str:
    """Name the outcome of a question."""
    return str(text.DESK_OUTCOMES[lookup.response.outcome.value])


def _script_texts() -> dict[str, str]:
    """Return what assets/desk.js writes, by the names of its data attributes."""
    return {
        "copied-text": text.DESK_TEXT_COPIED,
        "copied-cite": text.DESK_CITATION_COPIED,
        "failed": text.DESK_NOT_COPIED,
        "two": text.DESK_CHOOSE_TWO,
        "compare": text.DESK_COMPARISON,
        "more": text.DESK_SHOW_ALL,
        "less": text.DESK_SHOW_LESS,
        "rank": text.DESK_COLUMNS[0],
    }


def _marked(result: SearchResult) -> str:
    return highlight(result.passage.text, result.sentence, result.terms, kind="cs-near")


def _scores(scores: Scores) -> list[tuple[str, str]]:
    """Return the scores as text with the names of their columns, in the order of the table."""
    return list(zip(text.DESK_COLUMNS[3:10], map(number, astuple(scores)), strict=True))
