"""The Ask view: the box, the notices that a question raises, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from core.text.normalize import clean_query
from core.types import Outcome, SearchResponse
from index.intent.cries import is_cry
from safety.notices.finder import Articles, display
from safety.notices.signatures import is_signed
from ui.counting.counts import count, may_count
from ui.languages import text
from ui.limits.rate_limit import LOOPBACK
from ui.page.session import BOX, Session, View, view_of
from ui.page.waiting import ready_index, wait_for
from ui.rendering import layout
from ui.rendering.notices import above_results, signature_of, spoken
from ui.rendering.results import has_results, results_html, route_shown, shown_results, summary
from ui.service import engine, notice_service, settings
from ui.service.understanding import understands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from core.clinic_settings import Clinic
    from index.store.generations import OpenIndex
    from safety.notices.finder import Notice
    from ui.service.engine import Answer

SLOW_S = 0.25
"""A slower search says so: no old result may be seen under a new question."""
ASKED = "_asked"
"""Set when a question is sent, until its results were drawn once."""
NOTHING = '<span class="cs-none" hidden></span>'
"""Streamlit draws no empty HTML, and would keep what was there before."""


@dataclass(frozen=True, slots=True)
class _Search:
    """A question that is drawn now, by its random name, and where its notices and results go."""

    name: str
    question: str
    above: DeltaGenerator
    results: DeltaGenerator
    session: Session
    clinic: Clinic


def draw_ask(view: View, session: Session, clinic: Clinic) -> str:
    """Draw the Ask view and return what a screen reader announces."""
    question = session.question(view.search)
    # A session that begins at a search lost its connection or its server. The browser may still
    # hold what was typed; that is known once the box is drawn, and lost if the box is set before.
    is_resumed = session.run == 1 and bool(view.search) and not question
    if session.is_new_view(view) and not is_resumed:
        st.session_state[BOX] = question
    if not is_resumed:
        st.session_state.setdefault(BOX, question)
    hero = st.empty()
    with (
        st.container(key="searchbar"),
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        typed = st.text_area(text.LABEL, key=BOX, placeholder=text.PLACEHOLDER)
        is_sent = st.form_submit_button(text.SEARCH, type="primary", on_click=_submit)
    if is_resumed and (in_browser := clean_query(str(typed or ""))):
        if is_sent:  # Streamlit calls no `on_click` in the first run of a session
            _submit()
            st.rerun()
        session.adopt(view.search, in_browser)
        question = in_browser
    hero.html(layout.hero(asked=bool(question)))
    st.html(layout.hint(asked=bool(question)))
    above = st.empty()
    with st.container(key="results"):  # assets/helper.js hides it once it is out of date
        results = st.empty()
    if question:
        with notice_service.once(question):
            return _draw_answer(_Search(view.search, question, above, results, session, clinic))
    index = ready_index(results, clinic)
    if index is None:
        return str(text.UNAVAILABLE)
    note = text.FORGOTTEN if view.search else st.session_state.pop("_note", "")
    results.html(layout.examples(index.examples, note) or NOTHING)
    return str(note)


def visitor_address() -> str:
    """Return the address of this run's visitor. Streamlit has none for this machine."""
    address: object = st.context.ip_address
    return address if isinstance(address, str) else LOOPBACK  # its test driver returns an object


def _submit() -> None:
    """Give the question that was sent a random name, and put that name into the address."""
    session = Session(st.session_state)
    question = clean_query(str(st.session_state.get(BOX) or ""))
    if not question:
        st.session_state["_note"] = text.EMPTY
        st.query_params.clear()
        return
    current = view_of(st.query_params).search
    if current and not session.question(current):
        # The browser brought this name along: it was loaded again, or asked before the session was
        # there (assets/first.js). Whatever is asked now needs no second entry in its history.
        session.adopt(current, question)
        st.session_state[ASKED] = True
    if session.question(current) == question:
        return  # the same search again needs none either
    st.session_state[ASKED] = True
    st.query_params.from_dict({"search": session.remember(question)})


def _draw_answer(search: _Search) -> str:
    """Draw notices at once, which need no index, model or allowance; then the results."""
    index = engine.get_engine().status.index
    answer = search.session.answer(search.name, of=_source(index))
    notices = answer.notices if answer else notice_service.find(search.question)
    cries = answer.response.is_cry if answer else is_cry(search.question)
    heard = answer.response.is_understood if answer else understands(search.question, index)
    announced = _draw_notices(search, notices, cries=cries, is_understood=heard)
    index = ready_index(search.results, search.clinic)
    if index is None:
        return f"{announced} {text.UNAVAILABLE}".strip()
    source = _source(index)  # as it is before the search: a change meanwhile means a new search
    answer = search.session.answer(search.name, of=source)
    if answer is None:
        try:
            answer = _ask_engine(search, index)
        except engine.TooFastError:
            return f"{announced} {_draw_too_fast(search, index)}".strip()
        search.session.keep_answer(search.name, answer, of=source)
        response = answer.response
        announced = _draw_notices(
            search, answer.notices, cries=response.is_cry, is_understood=response.is_understood
        )
    return f"{announced} {_draw_results(search, index, answer)}".strip()


def _draw_notices(
    search: _Search, notices: Sequence[Notice], *, cries: bool, is_understood: bool
) -> str:
    """Draw the notices of a question and return what a screen reader announces of them.

    Where there are none, somebody who `cries` for help gets the numbers; somebody whom nothing here
    understood gets them in any case.
    """
    flags, numbers, today = settings.red_flags(), settings.numbers(), date.today()
    shown = display(notices, flags)
    review = ""
    if settings.is_for_staff():
        drafts = [group for group in shown.full if not is_signed(group, flags, today=today)]
        review = signature_of(drafts[0], flags, today=today) if drafts else ""
    html = above_results(
        *(shown, search.clinic, numbers), cries=cries, is_understood=is_understood, review=review
    )
    search.above.html(html or NOTHING)
    return spoken(shown, numbers, cries=cries, is_understood=is_understood)


def _source(index: OpenIndex | None) -> object:
    """Return a value that changes when the same question may have another answer."""
    return index and (index.generation, notice_service.version())


def _ask_engine(search: _Search, index: OpenIndex) -> Answer:
    """Search on behalf of the visitor's network; say so when it takes long."""
    future = engine.get_engine().ask(index, search.question, visitor_address())
    busy = layout.message(text.SEARCHING, busy=True)
    return wait_for(future, lambda: search.results.html(busy), every_s=SLOW_S)


def _draw_too_fast(search: _Search, index: OpenIndex) -> str:
    """Say that there were too many searches; the notices of the rules stay above."""
    nothing = SearchResponse(search.question, Outcome.NOT_COVERED, (), index.generation)
    # The second detector has not judged whether this question is about private things.
    search.session.note_found(search.name, nothing, is_counted=False)
    search.results.html(layout.message(text.TOO_FAST))
    return str(text.TOO_FAST)


def _draw_results(search: _Search, index: OpenIndex, answer: Answer) -> str:
    response = answer.response
    shown = display(answer.notices, settings.red_flags())
    is_counted = shown.counted and may_count(search.question)
    # Results that are not shown must not be reached through an article's pager either.
    is_shown = shown.articles is not Articles.HIDDEN and has_results(response, shown)
    reachable = replace(response, results=shown_results(response) if is_shown else ())
    search.session.note_found(search.name, reachable, is_counted=is_counted)
    routes = settings.routes()
    route = route_shown(response, shown, routes)
    if route and st.session_state.pop(ASKED, False):  # going back to a search counts nothing twice
        count("route", route.id, sensitive=not is_counted)
    today = date.today()
    drawn = results_html(
        response,
        index.articles,
        search.clinic,
        today=today,
        routes=routes,
        display=shown,
        for_staff=settings.is_for_staff(),
    )
    search.results.html(drawn)
    return summary(response, shown)
