"""Draws the page with Streamlit. Words are in `text`, HTML in `cards`, `reading` and `panels`."""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import TimeoutError as StillRunningError
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from index.query import clean_query
from index.types import Span
from ui import engine, panels, settings, text
from ui.cards import results_html, summary
from ui.reading import about_html, article_html, articles_html
from ui.visit import BOX, View, Visit, view_of

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from index.clinic import Clinic
    from index.store import Index
    from index.types import Article, Passage

TICK_S = 0.25
PATIENCE_S = 60.0
QUIET_S = 0.4
"""A slower search says so: no old result may stand under a new question."""

_log = logging.getLogger("clinic.ui")


def draw() -> None:
    """Draw one view, whatever happens: a visitor never sees a traceback, and a log no question."""
    visit = Visit(st.session_state)
    view = view_of(st.query_params)
    clinic = settings.clinic()
    try:
        with st.container(key="page"):
            said = _draw_view(view, visit, clinic)
    except Exception as error:  # noqa: BLE001  the edge; Streamlit would log the whole message
        _log.error("The page failed with %s at %s", type(error).__name__, _where(error))
        st.html(panels.message(text.FAILED))
        said = text.FAILED
    st.html(panels.footer())
    _tell_helper(visit, said)


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))


def _tell_helper(visit: Visit, said: str) -> None:
    view = view_of(st.query_params)
    scroll_to = ""
    if view.passage:
        scroll_to = "cs-found"
    elif view.section:
        scroll_to = f"cs-part-{view.section}"
    token = str(visit.run)
    st.html(panels.state_for_helper(said=said, token=token, address=view.name, scroll_to=scroll_to))


def _draw_view(view: View, visit: Visit, clinic: Clinic) -> str:
    """Draw a view and return what a screen reader should be told."""
    if view.kind == "ask":
        return _ask(view, visit, clinic)
    visit.is_new_view(view)
    if view.kind == "about":
        _title(text.ABOUT_TITLE, clinic)
        st.html(about_html())
        return ""
    place = st.empty()
    index = _ready_index(place, clinic)
    if index is None:
        return text.UNAVAILABLE
    article = index.articles.get(view.article) if view.kind == "article" else None
    if article is None:
        lost = view.kind == "article"
        _title(text.NO_ARTICLE if lost else text.ARTICLES_TITLE, clinic)
        listed = articles_html(index.articles.values(), today=date.today(), lost=lost)
        place.html(listed)
        return ""
    _title(article.title, clinic)
    place.html(_article(article, index, view, visit, clinic))
    return ""


def _title(name: str, clinic: Clinic) -> None:
    """Name the tab; never with a question, because titles are kept in the browser's history."""
    st.set_page_config(page_title=f"{name} – {clinic.name}")


# -- asking ---------------------------------------------------------------------------------------


def _ask(view: View, visit: Visit, clinic: Clinic) -> str:
    question = visit.question(view.search)
    typed = str(st.session_state.get(BOX) or "")
    if view.search and not question and visit.run == 1 and (kept := clean_query(typed)):
        visit.adopt(view.search, kept)  # the connection was lost, and the browser still knows it
        question = kept
    if visit.is_new_view(view):
        st.session_state[BOX] = question
    st.session_state.setdefault(BOX, question)
    _title(text.SEARCH, clinic)
    st.html(panels.hero(asked=bool(question)))
    with (
        st.container(key="searchbar"),
        st.form("search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        st.text_input(text.LABEL, key=BOX, type="search", icon="", placeholder=text.PLACEHOLDER)
        st.form_submit_button(text.SEARCH, type="primary", on_click=_submitted)
    st.html(panels.hint())
    place = st.empty()
    index = _ready_index(place, clinic)
    if index is None:
        return text.UNAVAILABLE
    if question:
        return _results(place, index, question, view, visit, clinic)
    note = text.FORGOTTEN if view.search else st.session_state.pop("_note", "")
    place.html(panels.examples(index.examples, note))
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
    st.query_params.from_dict({"search": visit.remember(question)})


def _results(
    place: DeltaGenerator, index: Index, question: str, view: View, visit: Visit, clinic: Clinic
) -> str:
    answer = engine.get_engine(settings.from_environment().built).ask(index, question)
    try:
        response = answer.result(timeout=QUIET_S)
    except StillRunningError:
        place.html(panels.message(text.SEARCHING, busy=True))
        response = answer.result()
    visit.note_found(view.search, response)
    said = summary(response)
    drawn = results_html(
        response, index.articles, clinic, today=date.today(), routes=settings.routes()
    )
    place.html(drawn)
    return said


def _ready_index(place: DeltaGenerator, clinic: Clinic) -> Index | None:
    """Return the index, saying meanwhile that it is being opened; None when there is none.

    The message is drawn again at every tick, because drawing is where Streamlit takes in that the
    visitor has done something else.
    """
    held = engine.get_engine(settings.from_environment().built)
    status = held.status
    waited = 0.0
    while status.state is engine.State.LOADING and waited < PATIENCE_S:
        place.html(panels.message(text.PREPARING, text.PREPARING_MORE, busy=True))
        status = held.wait(TICK_S)
        waited += TICK_S
    if status.index is not None:
        return status.index
    said = status.visitor_message or text.STILL_PREPARING
    place.html(panels.unavailable(said, clinic))
    return None


# -- reading --------------------------------------------------------------------------------------


def _article(article: Article, index: Index, view: View, visit: Visit, clinic: Clinic) -> str:
    search, response = visit.found
    passage = _passage(index, view)
    results = response.results if response else ()
    found = next((one for one in results if passage and one.passage.id == passage.id), None)
    sentence = None
    if found and passage:
        start = passage.start
        sentence = Span(start + found.sentence.start, start + found.sentence.end)
    return article_html(
        article,
        clinic,
        today=date.today(),
        section=view.section,
        passage=passage,
        sentence=sentence,
        back=f"?search={search}" if search else "",
    )


def _passage(index: Index, view: View) -> Passage | None:
    if not view.passage:
        return None
    wanted = f"{view.article}#{view.section}/{view.passage}"
    return next((passage for passage in index.passages if passage.id == wanted), None)
