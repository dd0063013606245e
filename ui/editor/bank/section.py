"""The section of the question bank: a page of its rows, or the form of one.

Rows are found by their number in the file as it was opened here, so that no question is ever in an
address; a file that was changed meanwhile is opened again where nothing was typed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ClinicSearchError
from index.bank.question_bank import FILE_NAME, bank_table
from index.bank.question_edits import read_sheet
from index.bank.route_cards import read_routes
from ui.editor.bank import form
from ui.editor.bank.rows import Names, matching, names_in, row_of
from ui.editor.facts import unlike_the_bank
from ui.editor.frame import QUESTIONS, SUGGESTIONS, address, block, frame, rendered
from ui.editor.open_file import after_saving, draw_undo, opened, problems_html
from ui.editor.overview.steps import CARD, NEW, UNLIKE
from ui.languages import text
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.bank.question_edits import Sheet
    from index.bank.route_cards import Route
    from index.store.generations import OpenIndex
    from ui.editor.open_file import OpenFile

PER_PAGE = 25
_ALL = ""
_WORDS, _SHOW, _PAGE = "editor-bank-words", "editor-bank-show", "_editor_bank_page"
# A widget's own value is forgotten while the form of a row is drawn.
_KEPT = "_editor_bank_kept"


def draw(index: OpenIndex | None, *, item: str, about: str) -> None:
    """Draw a row's form where `item` is its number or NEW; otherwise the list `about` something."""
    lead = f'<p class="cs-lead">{text.EDITOR_QUESTIONS_LEAD}</p>'
    if index is None:
        st.html(frame(QUESTIONS, f"{lead}<p>{text.EDITOR_NO_INDEX}</p>"))
        return
    content = settings.from_environment().content

    def parse(file: OpenFile) -> tuple[Sheet, Mapping[str, Route]]:
        return read_sheet(file.text, bank_table(content)), read_routes(content)

    found = opened(
        *(QUESTIONS, lead, content / FILE_NAME, parse), is_typed=partial(form.is_typed, item=item)
    )
    if found is None:
        return
    file, (sheet, cards) = found
    names = names_in(index)
    row = row_of(sheet, item)
    if item == NEW or row:
        form.draw(file, row, form.Choices(index, names, cards, item, about))
        return
    if item:
        lead = f'<p class="cs-note">{text.EDITOR_QUESTION_GONE}</p>'
    _draw_list(sheet, index, names, cards, about=about, lead=lead)
    draw_undo(file)
    st.html(block(_state(file, index) + after_saving()))


def _state(file: OpenFile, index: OpenIndex) -> str:
    """Name the rows that ingest would refuse, and count the labels that wait for an article."""
    try:
        waiting = form.check(file.text, index)
    except ClinicSearchError as error:
        return problems_html(error)
    return f"<p>{text.counted(text.EDITOR_LABELS_WAIT, waiting)}</p>" if waiting else ""


def _draw_list(
    sheet: Sheet,
    index: OpenIndex,
    names: Names,
    cards: Mapping[str, Route],
    *,
    about: str,
    lead: str,
) -> None:
    add = address(QUESTIONS, item=NEW, about=about)
    link = f'<p class="cs-acts"><a class="cs-in" href="{add}">{text.EDITOR_QUESTION_ADD}</a></p>'
    if not sheet.rows:
        look = f'<a class="cs-in" href="{address(SUGGESTIONS)}">{text.EDITOR_LOOK}</a>'
        none = f"<p>{text.EDITOR_NO_QUESTIONS} {look}</p>"
        st.html(frame(QUESTIONS, lead + none + link))
        return
    st.html(frame(QUESTIONS, lead + link))
    words, show = _filter(names, cards, about)
    unlike = unlike_the_bank(index)
    rows = list(matching(sheet, words, show, unlike=unlike))
    pages = max(1, -(-len(rows) // PER_PAGE))
    chosen, asked = st.session_state.get(_PAGE, (None, 0))
    page = min(asked, pages - 1) if chosen == (words, show) else 0
    first = page * PER_PAGE
    shown = [
        {
            "address": address(QUESTIONS, item=str(row.number), about=about),
            "cells": row.cells,
            "is_unlike": " ".join(row.cells["question"].split()) in unlike,
        }
        for row in rows[first : first + PER_PAGE]
    ]
    st.html(
        rendered(
            "questions",
            rows=shown,
            names=names,
            cards=cards,
            count=text.EDITOR_QUESTIONS_SHOWN.format(
                first=first + 1, last=first + len(shown), n=len(rows)
            ),
        )
    )
    with st.container(horizontal=True, gap="small"):
        for step, label in zip((-1, 1), text.EDITOR_PAGES, strict=True):
            if 0 <= page + step < pages:
                key, turn = f"editor-bank-{step}", ((words, show), page + step)
                st.button(label, key=key, on_click=_turn_to, args=(turn,))


def _turn_to(page: tuple[tuple[str, str], int]) -> None:
    st.session_state[_PAGE] = page


def _filter(names: Names, cards: Mapping[str, Route], about: str) -> tuple[str, str]:
    """Draw the filter, and return its words and what it shows."""
    choices = {
        _ALL: str(text.EDITOR_QUESTION_ALL),
        UNLIKE: str(text.EDITOR_QUESTION_UNLIKE),
        **{f"{CARD}{name}": _card(card) for name, card in cards.items()},
        **names.articles,
    }
    kept_about, words, show = st.session_state.get(_KEPT, ("", "", _ALL))
    if kept_about != about:
        words, show = "", about
        for key in (_WORDS, _SHOW):
            st.session_state.pop(key, None)
    st.session_state.setdefault(_WORDS, words)
    if st.session_state.setdefault(_SHOW, show) not in choices:
        st.session_state[_SHOW] = _ALL  # the article or the card is gone
    with st.container(key="editor-filter", horizontal=True, gap="small"):
        words = st.text_input(text.EDITOR_QUESTION_FILTER, key=_WORDS)
        show = st.selectbox(
            text.EDITOR_QUESTION_SHOW, list(choices), key=_SHOW, format_func=choices.__getitem__
        )
    st.session_state[_KEPT] = (about, words, show or _ALL)
    return words, show or _ALL


def _card(card: Route) -> str:
    return str(text.EDITOR_QUESTION_CARD.format(card=f"{card.title} ({card.id})"))
