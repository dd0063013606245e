"""Content health: what an editor looks at, tries and publishes. Each part has an address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from index.csv_rows import read_text
from index.errors import ContentError
from index.question_bank import bank_table
from index.question_edits import read_sheet
from ui import facts, health_candidate, health_cards, health_figures, health_questions, settings
from ui.health_overview import Beside, overview_html
from ui.health_parts import (
    CANDIDATE,
    CARDS,
    CONFIRMED,
    FIGURES,
    OVERVIEW,
    QUESTIONS,
    frame,
    told,
)
from ui.health_publish import standing
from ui.health_results import BANK, read_results
from ui.health_runs import RUNS

if TYPE_CHECKING:
    from pathlib import Path

    from ui.engine import Status


def draw(status: Status) -> str:
    """Draw the part that the address names; return what a screen reader should be told."""
    if not settings.is_for_staff():
        return ""
    part = st.query_params.get("section", "")
    if part in CONFIRMED:
        health_candidate.draw_question(part)
    elif part == CANDIDATE:
        health_candidate.draw()
    elif part == QUESTIONS:
        health_questions.draw(status.index)
    elif part == CARDS:
        health_cards.draw()
    elif part == FIGURES:
        health_figures.draw(status.index.generation if status.index else "")
    else:
        _overview(status)
    return told()


def _overview(status: Status) -> None:
    place, today = settings.from_environment(), date.today()
    first = next((one for one in read_results() if one.name == BANK), None)
    beside = Beside(
        candidate=standing(place.built).candidate,
        questions=_questions(place.content),
        cards=health_cards.card_count(place.content),
        first_right=first.measure("ranking", "hit@1") if first else None,
        is_running=RUNS.is_running,
    )
    gathered = facts.gather(status, today=today)
    st.html(frame(OVERVIEW, overview_html(gathered, beside, today=today)))


def _questions(content: Path) -> int | None:
    """Return how many questions the bank's file holds, None where it cannot be read."""
    table = bank_table(content)
    try:
        return len(read_sheet(read_text(table) or "", table).rows)
    except ContentError:
        return None
