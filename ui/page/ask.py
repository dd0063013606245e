"""The Ask view: the box, the notices that a question raises, and what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from core.text.normalize import clean_query
from core.types import Outcome, SearchResponse
from index.intent.cries import is_cry
from safety.notices.finder import Articles, display
from ui.counting.counts import count, may_count
from ui.languages import text
from ui.limits.rate_limit import LOOPBACK
from ui.page.session import BOX, View, Visit, view_of
from ui.page.waiting import outcome, ready_index
from ui.rendering import layout
from ui.rendering.notices import announcement, notice_html, review_of
from ui.rendering.results import has_results, results_html, route_shown, summary
from ui.service import engine, notice_service, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from core.clinic_settings import Clinic
    from index.store.generations import OpenIndex
    from safety.notices.finder import Notice
    from ui.service.engine import Answer

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
    hero.html(layout.hero(asked=bool(question)))
    st.html(layout.hint())
    above = st.empty()
    with st.container(key="results"):  # what assets/helper.js hides once it is out of date
        place = st.empty()
    if question:
        with notice_service.once(question):
            return _answered(above, place, question, view, visit, clinic)
    index = ready_index(place, clinic)
    if index is None:
        return str(text.UNAVAILABLE)
    note = text.FORGOTTEN if view.search else st.session_state.pop("_note", "")
    place.html(layout.examples(index.examples, note) or NOTHING)
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
        above.html(layout.help_now(clinic, settings.numbers()))
        return f"{text.NOTICE}: {text.HELP_NOW}. {text.HELP_NOW_MORE}"
    review = ""
    if settings.is_for_staff() and not flags.is_signed(today=today):
        review = review_of(flags, today=today)
    above.html(notice_html(shown, settings.numbers(), review=review) or NOTHING)
    return announcement(shown, settings.numbers())


def _answered(
    above: DeltaGenerator,
    place: DeltaGenerator,
    question: str,
    view: View,
    visit: Visit,
    clinic: Clinic,
) -> str:
    """Draw notices at once, which need no index, model or allowance; then what is found."""
    index = engine.get_engine().status.index
    answer = visit.answer(view.search, of=_source(index))
    found = answer.notices if answer else notice_service.find(question)
    cries = answer.response.is_cry if answer else is_cry(question)
    told = _notices(above, found, clinic, cries=cries)
    index = ready_index(place, clinic)
    if index is None:
        return f"{told} {text.UNAVAILABLE}".strip()
    source = _source(index)  # as it is before the search: what changes meanwhile is asked again
    answer = visit.answer(view.search, of=source)
    if answer is None:
        try:
            answer = _searched(place, index, question)
        except engine.TooFastError:
            return _too_fast(place, index, question, view, visit, told=told)
        visit.keep_answer(view.search, answer, of=source)
        told = _notices(above, answer.notices, clinic, cries=answer.response.is_cry)
    return f"{told} {_results(place, index, answer, question, view, visit, clinic)}".strip()


def _source(index: OpenIndex | None) -> object:
    """Return what stays the same while a question is answered the same."""
    return index and (index.generation, notice_service.version())


def _searched(place: DeltaGenerator, index: OpenIndex, question: str) -> Answer:
    """Search on behalf of the visitor's network, saying so when it takes its time."""
    asked = engine.get_engine().ask(index, question, visitor_address())
    busy = layout.message(text.SEARCHING, busy=True)
    return outcome(asked, lambda: place.html(busy), every_s=QUIET_S)


def visitor_address() -> str:
    """Return where the visitor of this run comes from. Streamlit says nothing for this machine."""
    told: object = st.context.ip_address
    return told if isinstance(told, str) else LOOPBACK  # its own test driver says something else


def _too_fast(
    place: DeltaGenerator, index: OpenIndex, question: str, view: View, visit: Visit, *, told: str
) -> str:
    """Say that there were too many searches; the notices of the rules stay above."""
    nothing = SearchResponse(question, Outcome.NOT_COVERED, (), index.generation)
    # Nobody has looked whether this question is about private things.
    visit.note_found(view.search, nothing, is_counted=False)
    place.html(layout.message(text.TOO_FAST))
    return f"{told} {text.TOO_FAST}".strip()


def _results(
    place: DeltaGenerator,
    index: OpenIndex,
    answer: Answer,
    question: str,
    view: View,
    visit: Visit,
    clinic: Clinic,
) -> str:
    response = answer.response
    shown = display(answer.notices, settings.red_flags())
    is_counted = shown.counted and may_count(question)
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
    return summary(response, shown)
