"""Chooses the dashboard for staff or the section of the editor that an address names."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from ui.editor import cards, claims, facts, notices, suggestions
from ui.editor.bank import section as questions
from ui.editor.dashboard import dashboard_html
from ui.editor.frame import (
    CANDIDATE,
    CARDS,
    CONFIRMED,
    DASHBOARD,
    DECIDE,
    QUALITY,
    QUESTIONS,
    SIGN,
    SUGGESTIONS,
    announcement,
    frame,
)
from ui.editor.overview import quality
from ui.editor.publishing import candidate
from ui.service import settings

if TYPE_CHECKING:
    from ui.page.session import View
    from ui.service.engine import Status


def draw_editor(status: Status, view: View) -> str:
    """Draw a section, the dashboard for any other name; return what a screen reader announces."""
    section = view.section
    if not settings.is_for_staff():
        return ""
    if section in CONFIRMED:
        candidate.draw_question(section)
    elif section == CANDIDATE:
        candidate.draw()
    elif section == QUESTIONS:
        questions.draw(status.index, item=view.item, about=view.about)
    elif section == SUGGESTIONS:
        suggestions.draw(status.index)
    elif section == CARDS:
        cards.draw()
    elif section == SIGN:
        notices.draw()
    elif section == DECIDE:
        claims.draw(status.index, about=view.about)
    elif section == QUALITY:
        quality.draw(status.index)
    else:
        today = date.today()
        st.html(frame(DASHBOARD, dashboard_html(facts.gather(status, today=today), today=today)))
    return announcement()
