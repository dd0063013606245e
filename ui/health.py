"""Draws the dashboard for staff and the sections behind it. Each section has an address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from ui import facts, health_candidate, health_cards, health_questions, settings
from ui.dashboard import dashboard_html
from ui.health_parts import CANDIDATE, CARDS, CONFIRMED, DASHBOARD, QUESTIONS, announcement, frame

if TYPE_CHECKING:
    from ui.engine import Status


def draw(status: Status, section: str) -> str:
    """Draw a section, the dashboard for any other name; return what a screen reader announces."""
    if not settings.is_for_staff():
        return ""
    if section in CONFIRMED:
        health_candidate.draw_question(section)
    elif section == CANDIDATE:
        health_candidate.draw()
    elif section == QUESTIONS:
        health_questions.draw(status.index)
    elif section == CARDS:
        health_cards.draw()
    else:
        today = date.today()
        st.html(frame(DASHBOARD, dashboard_html(facts.gather(status, today=today), today=today)))
    return announcement()
