"""The list of articles with its filter. What is typed stays in the session, as a question does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from core.text.normalize import clean_query
from index.intent.cries import is_cry
from safety.notices.finder import Articles, display
from ui.languages import text
from ui.page.session import FILTER
from ui.rendering.articles import articles_html, counted, heading_html
from ui.rendering.notices import above_results, announcement
from ui.service import notice_service, settings
from ui.service.catalogue import filtered, listed_of, page_of_list

if TYPE_CHECKING:
    from index.store.generations import OpenIndex
    from ui.page.session import View


def draw_articles(index: OpenIndex, view: View, *, is_new: bool, lost: bool = False) -> str:
    """Draw the list and return what a screen reader announces.

    `is_new` says that the visitor has just come to this address, `lost` that the article of the
    address does not exist.
    """
    st.html(heading_html(lost=lost))
    if is_new:
        _clear()
    with (
        st.container(key="filter"),
        st.form("filter", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        # Streamlit's own placeholder is in English.
        box = st.text_input(text.FILTER_LABEL, key=FILTER, type="search", icon="", placeholder=" ")
        typed = clean_query(str(box or ""))
        st.form_submit_button(text.FILTER, type="primary")
        if typed:
            st.form_submit_button(text.FILTER_ALL, on_click=_clear)
    listed = listed_of(index)
    shelf = filtered(listed, typed)
    if not shelf.wanted:
        shelf = page_of_list(listed, page=view.page, letter=view.letter)
    drawn = articles_html(shelf, index.articles, today=date.today(), claims=index.claims)
    # Whoever types a symptom here must find the same notices as anybody who asks.
    numbers = settings.numbers()
    shown = display(notice_service.find(typed), settings.red_flags())
    cries = is_cry(typed)
    above = above_results(shown, settings.clinic(), numbers, cries=cries, is_understood=True)
    st.html(above + ("" if shown.articles is Articles.HIDDEN else drawn))
    return f"{announcement(shown, numbers)} {counted(shelf) if shelf.wanted else ''}".strip()


def _clear() -> None:
    st.session_state[FILTER] = ""
