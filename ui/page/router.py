"""Draws the view that an address asks for. `ui/rendering` makes the HTML."""

from __future__ import annotations

import logging
import secrets
from datetime import date
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ClinicSearchError
from core.types import Span
from index.search.similar import passage_row
from ui.counting.counts import count, may_count
from ui.desk.page import draw_desk
from ui.editor.page import draw_editor
from ui.languages import text
from ui.page import theme
from ui.page.articles import draw_articles
from ui.page.ask import NOTHING, draw_ask
from ui.page.session import Session, View, view_of
from ui.page.waiting import ready_index, wait_until_opened
from ui.plain.views import similar_passages
from ui.rendering import layout
from ui.rendering.article import about_html, article_html, back_link
from ui.rendering.notices import notices_html
from ui.rendering.printed import print_foot
from ui.server.log_filter import where
from ui.service import sealed, settings
from ui.service.content_files import broken_html, contacts_html

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from core.clinic_settings import Clinic
    from core.types import Article
    from index.store.generations import OpenIndex

_log = logging.getLogger("clinic.ui")


def draw() -> None:
    """Draw one view, whatever happens: a visitor never sees a traceback, and a log no question."""
    session = Session(st.session_state)
    view = _view()
    clinic = settings.clinic()
    theme.use(clinic)
    try:
        with st.container(key="page"):
            announced = _draw_view(view, session, clinic)
    except ClinicSearchError as error:  # made to be printed: it never holds a question
        _log.error("%s", error)
        announced = text.translated(error.visitor_message)
        st.html(layout.message(announced))
        if view.is_for_staff:
            st.html(f'<div class="cs-staff"><pre>{escape(str(error))}</pre></div>')
    except Exception as error:  # noqa: BLE001  the edge; Streamlit would log the whole message
        _log.error("The page failed with %s at %s", type(error).__name__, where(error))
        st.html(layout.message(text.FAILED))
        announced = text.FAILED
    st.html(layout.footer() + print_foot(clinic, today=date.today()))
    _notify_helper(session, announced)


def _view() -> View:
    return view_of(st.query_params, for_staff=settings.is_for_staff())


def _notify_helper(session: Session, announced: str) -> None:
    view = _view()
    scroll_to = f"notice-{view.notice}" if view.notice else ""
    if view.passage:
        scroll_to = "cs-found"
    elif view.section:
        scroll_to = f"cs-part-{view.section}"
    elif view.letter:
        scroll_to = f"cs-letter-{view.letter}"
    # Not the number of the run alone: another session, at another replica, counts from 1 again.
    token = f"{session.run}-{secrets.token_hex(4)}"
    question = session.question(view.search)
    st.html(
        layout.state_for_helper(
            announced=announced,
            token=token,
            address=view.name,
            scroll_to=scroll_to,
            kept=sealed.seal(question) if question else "",
        )
    )


def _draw_view(view: View, session: Session, clinic: Clinic) -> str:
    """Draw a view and return what a screen reader announces."""
    if view.kind == "ask":
        _title(text.SEARCH, clinic)
        return draw_ask(view, session, clinic)
    is_new = session.is_new_view(view)
    if view.is_for_staff:
        st.html(broken_html() or NOTHING)
    if view.kind == "staff":
        st.html(contacts_html(clinic) or NOTHING)
    body = st.empty()
    if view.kind in ("about", "notices"):
        body.html(_page_without_index(view, clinic))
        return ""
    if view.kind == "staff":
        _title(text.EDITOR_TITLE, clinic)
        status = wait_until_opened(body)
        body.empty()
        return draw_editor(status, view)
    return _draw_with_index(body, view, session, clinic, is_new=is_new)


def _draw_with_index(
    body: DeltaGenerator, view: View, session: Session, clinic: Clinic, *, is_new: bool
) -> str:
    index = ready_index(body, clinic)
    if index is None:
        return str(text.UNAVAILABLE)
    if view.kind == "desk":
        _title(text.DESK_TITLE, clinic)
        return draw_desk(index)
    if view.kind == "like" or index.article(view.article) is not None:
        body.html(_content(index, view, session, clinic))
        return ""
    lost = view.kind == "article"
    _title(text.NO_ARTICLE if lost else text.ARTICLES_TITLE, clinic)
    return draw_articles(index, view, is_new=is_new, lost=lost)


def _page_without_index(view: View, clinic: Clinic) -> str:
    if view.kind == "about":
        _title(text.ABOUT_TITLE, clinic)
        return about_html()
    _title(text.NOTICES_TITLE, clinic)
    return notices_html(settings.red_flags(), settings.numbers(), today=date.today())


def _content(index: OpenIndex, view: View, session: Session, clinic: Clinic) -> str:
    """Return an article, or the passages like another."""
    article = index.article(view.article)
    session.note_origin(view.search)
    if article is None:
        _title(text.LIKE_TITLE, clinic)
        back, for_staff = _back(session), settings.is_for_staff()
        return similar_passages(index, view.like, back=back, for_staff=for_staff)
    _title(article.title, clinic)
    if session.is_new_article(article.id):
        is_counted = session.is_counted and may_count(article.title)
        count("article", article.id, sensitive=not is_counted)
    return _article(article, index, view, session, clinic)


def _title(name: str, clinic: Clinic) -> None:
    """Name the tab; never with a question, because titles are kept in the browser's history."""
    st.set_page_config(page_title=f"{name} – {clinic.name}")


def _article(
    article: Article, index: OpenIndex, view: View, session: Session, clinic: Clinic
) -> str:
    passage_id = f"{article.id}#{view.section}/{view.passage}" if view.passage else ""
    row = passage_row(index, passage_id)
    passage = None if row is None else index.passages[row]
    _, response = session.found
    results = response.results if response else ()
    # Compare the whole passage: the index may have been replaced since.
    found = next((result for result in results if result.passage == passage), None)
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
        back=_back(session),
        claims=index.claims.get(article.id, ()),
        results=results,
        confirmed=found is not None and found.is_answer,
    )


def _back(session: Session) -> str:
    search, _ = session.found
    return back_link(search, is_known=bool(session.question(search)))
