"""The list of articles with its filter. What is typed stays in the session, as a question does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.text.normalize import clean_query
from ui.languages import text
from ui.page.session import FILTER
from ui.plain.views import list_html
from ui.rendering.articles import heading_html

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
    drawn, announced = list_html(index, view, typed)
    st.html(drawn)
    return announced


def _clear() -> None:
    st.session_state[FILTER] = ""
