"""Tries a question of the bank: what patients would see now, and whether that is what was chosen.

The question stays in the session, as at the desk.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from core.files.csv_table import split_cell
from core.text.normalize import clean_query
from core.types import Outcome
from safety.notices.finder import display
from ui.editor.bank.rows import ANSWERS, QUESTION, ROUTE
from ui.editor.frame import block, for_staff
from ui.languages import text
from ui.page.waiting import wait_for
from ui.rendering import layout
from ui.rendering.notices import above_results
from ui.rendering.results import results_html
from ui.service import engine, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.types import SearchResponse
    from index.store.generations import OpenIndex
    from ui.service.engine import Answer

_TRIED = "_editor_tried"


def draw_button(question: str) -> None:
    """Draw the button that tries a question."""
    st.button(
        text.EDITOR_QUESTION_TRY,
        key="editor-question-try",
        disabled=not clean_query(question),
        on_click=try_it,
        args=(question,),
    )


@for_staff
def try_it(question: str) -> None:
    """Try a question at the end of this run."""
    st.session_state[_TRIED] = (clean_query(question), "", None)


def draw(index: OpenIndex, typed: Mapping[str, str]) -> None:
    """Draw what a tried question finds, as long as it is the one in the form."""
    question, generation, answer = st.session_state.get(_TRIED, ("", "", None))
    if not question or question != clean_query(typed[QUESTION]):
        return
    st.html(block(f"<h2>{text.EDITOR_TRIED}</h2><p>{text.EDITOR_TRIED_WHEN}</p>"))
    body = st.empty()
    if answer is None or generation != index.generation:
        try:
            future = engine.get_engine().ask_for_staff(index, question)
        except engine.TooFastError:
            body.html(layout.message(text.TOO_FAST))
            return
        busy = layout.message(text.SEARCHING, busy=True)
        answer = wait_for(future, lambda: body.html(busy))
        st.session_state[_TRIED] = (question, index.generation, answer)
    body.html(_tried_html(index, answer, typed))


def _tried_html(index: OpenIndex, answer: Answer, typed: Mapping[str, str]) -> str:
    shown = display(answer.notices, settings.red_flags())
    clinic, response = settings.clinic(), answer.response
    above = above_results(
        *(shown, clinic, settings.numbers()),
        cries=response.is_cry,
        is_understood=response.is_understood,
    )
    results = results_html(
        *(response, index.articles, clinic),
        today=date.today(),
        routes=settings.routes(),
        display=shown,
    )
    verdict = text.EDITOR_TRIED_RIGHT if is_as_chosen(response, typed) else text.EDITOR_TRIED_OTHER
    return f'<p class="cs-staff cs-tried"><strong>{verdict}</strong></p>{above}{results}'


def is_as_chosen(response: SearchResponse, typed: Mapping[str, str]) -> bool:
    """Say whether a response begins with a section that was chosen, or has the chosen card."""
    sections = split_cell(typed[ANSWERS])
    if not sections:
        return bool(typed[ROUTE]) and response.route == typed[ROUTE]
    if response.outcome is not Outcome.ANSWER or not response.results:
        return False
    return response.results[0].passage.section_id in sections
