"""The Ask view: the box, the notices that a question raises, and what was found."""

from __future__ import annotations

from concurrent.futures import TimeoutError as StillRunningError
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from index.cries import is_cry
from index.query import clean_query
from safety.notices import Articles, display
from ui import engine, finder, panels, settings, text
from ui.cards import has_results, results_html, route_shown, summary
from ui.counting import count, is_sensitive
from ui.notices import announcement, notice_html, review_of
from ui.visit import BOX, View, Visit, view_of
from ui.waiting import ready_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from index.clinic import Clinic
    from index.store import Index
    from safety.notices import Notice

QUIET_S = 0.25
"""A slower search says so: no old result may stand under a new question."""

ASKED = "_asked"
"""Set when a question is sent, until what it found was drawn once."""
NOTHING = '<span class="cs-none" hidden></span>'
"""Streamlit draws no empty HTML, and would leave standing what was there before."""


def ask(view: View, visit: Visit, clinic: Clinic) -> str:
    """Draw the Ask view and return what a screen reader should be told."""
    question = visit.question(view.search)
    # A session that begins at a search lost its connection or its server. The browser may still
    # hold what was typed; that is known once the box is drawn, and lost if the box is set before.
    is_taken_up = visit.run == 1 and bool(view.search) and not question
    if visit.is_new_view(view) and not is_taken_up:
        st.session_state[BOX] = question
    if not is_taken_up:
        st.session_state.setdefault(BOX, question)
    hero = st.empty()
    with (
        st.container(key="searchbar"),
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        typed = st.text_input(
            text.LABEL, key=BOX, type="search", icon="", placeholder=text.PLACEHOLDER
        )
        sent = st.form_submit_button(text.SEARCH, type="primary", on_click=_submitted)
    if is_taken_up and (kept := clean_query(str(typed or ""))):
        if sent:  # Streamlit calls no `on_click` in the first run of a session
            _submitted()
            st.rerun()
        visit.adopt(view.search, kept)
        question = kept
    hero.html(panels.hero(asked=bool(question)))
    st.html(panels.hint())
    above = st.empty()
    with st.container(key="results"):  # what assets/helper.js hides once it is out of date
        place = st.empty()
    told = ""
    if question:  # at once: notices need neither index nor model
        told = _notices(above, finder.find(question), clinic, cries=is_cry(question))
    index = ready_index(place, clinic)
    if index is None:
        return f"{told} {text.UNAVAILABLE}".strip()
    if question:
        return _results(above, place, index, question, view, visit, clinic)
    note = text.FORGOTTEN if view.search else st.session_state.pop("_note", "")
    place.html(panels.examples(index.examples, note) or NOTHING)
    return str(note)


def _submitted() -> None:
    """Give the question that was sent a random name, and put that name into the address."""
    visit = Visit(st.session_state)
    question = clean_query(str(st.session_state.get(BOX) or ""))
    if not question:
        st.session_state["_note"] = text.EMPTY
        st.query_params.clear()
        return
    current = view_of(st.query_params).search
    if visit.question(current) == question:
        return  # the same search again needs no second entry in the browser's history
    st.session_state[ASKED] = True
    st.query_params.from_dict({"search": visit.remember(question)})


def _notices(
    above: DeltaGenerator, notices: Sequence[Notice], clinic: Clinic, *, cries: bool
) -> str:
    """Draw the notices of a question and return what a screen reader is told of them.

    Where there are none, somebody who `cries` for help gets the numbers.
    """
    flags, today = settings.red_flags(), date.today()
    shown = display(notices, flags)
    if cries and not shown.full:
        above.html(panels.help_now(clinic, settings.numbers()))
        return f"{text.NOTICE}: {text.HELP_NOW}. {text.HELP_NOW_MORE}"
    review = ""
    if settings.is_for_staff() and not flags.is_signed(today=today):
        review = review_of(flags, today=today)
    above.html(notice_html(shown, settings.numbers(), review=review) or NOTHING)
    return announcement(shown, settings.numbers())


def _results(
    above: DeltaGenerator,
    place: DeltaGenerator,
    index: Index,
    question: str,
    view: View,
    visit: Visit,
    clinic: Clinic,
) -> str:
    asked = engine.get_engine(settings.from_environment().built).ask(index, question)
    try:
        answer = asked.result(timeout=QUIET_S)
    except StillRunningError:
        place.html(panels.message(text.SEARCHING, busy=True))
        answer = asked.result()
    response = answer.response
    told = _notices(above, answer.notices, clinic, cries=response.is_cry)
    shown = display(answer.notices, settings.red_flags())
    is_counted = shown.counted and not is_sensitive(question)
    # What is not shown is not to be reached by leafing through an article either.
    is_shown = shown.articles is not Articles.HIDDEN and has_results(response, shown)
    kept = response if is_shown else replace(response, results=())
    visit.note_found(view.search, kept, is_counted=is_counted)
    route = route_shown(response, shown, settings.routes())
    if route and st.session_state.pop(ASKED, False):  # going back to a search counts nothing twice
        count("route", route.id, sensitive=not is_counted)
    drawn = results_html(
        response,
        index.articles,
        clinic,
        today=date.today(),
        routes=settings.routes(),
        display=shown,
    )
    place.html(drawn)
    return f"{told} {summary(response, shown)}".strip()
