"""Draws the page with Streamlit. Words are in `text`, HTML in `cards`, `reading` and `panels`."""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import TimeoutError as StillRunningError
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from index.errors import ClinicSearchError
from index.query import clean_query
from index.types import Span
from safety.notices import display
from ui import desk, engine, facts, finder, health, panels, settings, text
from ui.cards import results_html, route_shown, summary
from ui.counting import count, is_sensitive
from ui.notices import announcement, notice_html, notices_html, review_of
from ui.reading import about_html, article_html, articles_html
from ui.staff import staff_html
from ui.visit import BOX, View, Visit, view_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from index.clinic import Clinic
    from index.store import Index
    from index.types import Article, Passage
    from safety.notices import Notice

TICK_S = 0.25
PATIENCE_S = 60.0
QUIET_S = 0.4
"""A slower search says so: no old result may stand under a new question."""

ASKED = "_asked"
"""Set when a question is sent, until what it found was drawn once."""
NOTHING = "<span hidden></span>"
"""Streamlit draws no empty HTML, and would leave standing what was there before."""

_log = logging.getLogger("clinic.ui")


def draw() -> None:
    """Draw one view, whatever happens: a visitor never sees a traceback, and a log no question."""
    visit = Visit(st.session_state)
    view = _view()
    clinic = settings.clinic()
    try:
        with st.container(key="page"):
            said = _draw_view(view, visit, clinic)
    except ClinicSearchError as error:  # made to be printed: it never holds a question
        _log.error("%s", error)
        said = error.visitor_message
        st.html(panels.message(said))
    except Exception as error:  # noqa: BLE001  the edge; Streamlit would log the whole message
        _log.error("The page failed with %s at %s", type(error).__name__, _where(error))
        st.html(panels.message(text.FAILED))
        said = text.FAILED
    st.html(panels.footer())
    _tell_helper(visit, said)


def _view() -> View:
    return view_of(st.query_params, for_staff=settings.is_for_staff())


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))


def _tell_helper(visit: Visit, said: str) -> None:
    view = _view()
    scroll_to = f"notice-{view.notice}" if view.notice else ""
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
    place = st.empty()
    if view.kind in ("about", "notices", "staff"):
        _standing(place, view, clinic)
        return ""
    if view.kind == "health":
        _title(text.HEALTH_TITLE, clinic)
        busy = panels.message(text.PREPARING, text.PREPARING_MORE, busy=True)
        return health.draw(_settled(place, lambda _: busy))
    index = _ready_index(place, clinic)
    if index is None:
        return str(text.UNAVAILABLE)
    if view.kind == "desk":
        _title(text.DESK_TITLE, clinic)
        return desk.draw(index)
    article = index.article(view.article) if view.kind == "article" else None
    if article is None:
        lost = view.kind == "article"
        _title(text.NO_ARTICLE if lost else text.ARTICLES_TITLE, clinic)
        listed = articles_html(
            index.articles.values(), today=date.today(), lost=lost, claims=index.claims
        )
        place.html(listed)
        return ""
    _title(article.title, clinic)
    if visit.is_new_article(article.id):
        sensitive = not visit.is_counted or is_sensitive(article.title)
        count("article", article.id, sensitive=sensitive)
    place.html(_article(article, index, view, visit, clinic))
    return ""


def _standing(place: DeltaGenerator, view: View, clinic: Clinic) -> None:
    """Draw a page that stands without an index too."""
    if view.kind == "about":
        _title(text.ABOUT_TITLE, clinic)
        place.html(about_html())
    elif view.kind == "notices":
        _title(text.NOTICES_TITLE, clinic)
        place.html(notices_html(settings.red_flags(), settings.numbers(), today=date.today()))
    else:
        _title(text.STAFF_TITLE, clinic)
        place.html(_staff(_settled(place, _staff)))


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
    above, place = st.empty(), st.empty()
    told = ""
    if question:  # at once: notices need neither index nor model
        told = _notices(above, finder.find(question))
    index = _ready_index(place, clinic)
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
    current = _view().search
    if visit.question(current) == question:
        return  # the same search again needs no second entry in the browser's history
    st.session_state[ASKED] = True
    st.query_params.from_dict({"search": visit.remember(question)})


def _notices(above: DeltaGenerator, notices: Sequence[Notice]) -> str:
    """Draw the notices of a question and return what a screen reader is told of them."""
    flags, today = settings.red_flags(), date.today()
    shown = display(notices, flags)
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
    told = _notices(above, answer.notices)
    shown = display(answer.notices, settings.red_flags())
    is_counted = shown.counted and not is_sensitive(question)
    visit.note_found(view.search, response, is_counted=is_counted)
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


def _ready_index(place: DeltaGenerator, clinic: Clinic) -> Index | None:
    """Return the index, saying meanwhile that it is being opened; None when there is none."""
    busy = panels.message(text.PREPARING, text.PREPARING_MORE, busy=True)
    status = _settled(place, lambda _: busy)
    if status.index is not None:
        return status.index
    said = status.visitor_message or text.STILL_PREPARING
    place.html(panels.unavailable(said, clinic))
    return None


def _settled(place: DeltaGenerator, draw: Callable[[engine.Status], str]) -> engine.Status:
    """Return the state of the index when it is known, drawing meanwhile that it is being opened.

    It is drawn again at every tick, because drawing is where Streamlit takes in that the visitor
    has done something else.
    """
    held = engine.get_engine(settings.from_environment().built)
    status = held.status
    waited = 0.0
    while status.state is engine.State.LOADING and waited < PATIENCE_S:
        place.html(draw(status))
        status = held.wait(TICK_S)
        waited += TICK_S
    return status


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
        claims=index.claims.get(article.id, ()),
    )


# -- staff ----------------------------------------------------------------------------------------


def _staff(status: engine.Status) -> str:
    today = date.today()
    return staff_html(facts.gather(status, today=today), today=today)


def _passage(index: Index, view: View) -> Passage | None:
    if not view.passage:
        return None
    wanted = f"{view.article}#{view.section}/{view.passage}"
    return next((passage for passage in index.passages if passage.id == wanted), None)
