"""The physiotherapists' desk: several questions, their passages, and all that is known of these.

Questions asked here stay in the session and nowhere else: not in the address, and not by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from safety.notices.finder import display
from ui.desk.choice import SORTS, Choice, chosen, options, without_hidden
from ui.desk.handout import csv_text
from ui.desk.rows import MAX_QUESTIONS, look_up, questions_of
from ui.desk.table import desk_html, keys_html
from ui.languages import text
from ui.page.waiting import wait_for
from ui.rendering import layout
from ui.service import engine, notice_service, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from index.store.generations import OpenIndex
    from safety.notices.finder import Display, Notice
    from ui.desk.choice import Options
    from ui.desk.rows import Lookup

BOX = "desk_questions"
# Below what one message may hold (ui/server/guard.py), in letters of three bytes.
MAX_CHARS = 60_000
PER_QUESTION = (5, 10, 20)
# So many rows of long passages and questions are well below what Streamlit sends at once.
MAX_ROWS = 500
# Shorter lists are answered before anybody could read that they are searched.
_SLOW_FROM = 4
_ALL = ""

_LAST = "_desk"
_TYPED = "_desk_typed"


@dataclass(frozen=True, slots=True)
class _LastSearch:
    """What a session's last search found, and of which index; `run` counts the searches."""

    questions: tuple[str, ...] = ()
    k: int = PER_QUESTION[0]
    generation: str = ""
    found: tuple[Lookup, ...] = ()
    run: int = 0


def draw_desk(index: OpenIndex) -> str:
    """Draw the desk and return what a screen reader announces."""
    questions, left_out = questions_of(st.session_state.get(_TYPED) or "")
    lead = "" if questions else f'<p class="cs-lead">{text.DESK_LEAD}</p>'
    seen = ' class="cs-vh"' if questions else ""
    st.html(f'<div class="cs-desk-top"><h1 id="cs-title"{seen}>{text.DESK_TITLE}</h1>{lead}</div>')
    st.session_state.setdefault(BOX, st.session_state.get(_TYPED, ""))
    with (
        st.container(key="desk_form"),
        st.form("desk", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        st.text_area(text.DESK_LABEL, key=BOX, height="content", max_chars=MAX_CHARS)
        st.form_submit_button(text.SEARCH, type="primary", on_click=_submitted)
        st.html(keys_html(), width="content")
    if not questions:
        note = str(text.EMPTY) if _TYPED in st.session_state else ""
        if note:
            st.html(f'<p class="cs-note">{note}</p>')
        return note
    filters, body = _filters(), st.empty()
    with filters:
        k = _per_question(len(questions))
    last = _search(body, index, questions, k)
    today = date.today()
    offered = options(last.found, today=today)
    with filters:
        choice = _choice(offered)
    filtered = chosen(last.found, choice, today=today)
    clinic = settings.clinic()
    csv = csv_text(filtered, clinic, today=today)
    drawn = desk_html(filtered, clinic, today=today, shown=_shown, run=last.run, csv=csv)
    notes = [str(text.DESK_SCORES)]
    if left_out:
        notes.append(text.counted(text.DESK_LEFT_OUT, left_out, most=str(MAX_QUESTIONS)))
    if not offered.areas:
        notes.append(text.DESK_NO_AREAS)
    hints = "".join(f'<p class="cs-hint">{note}</p>' for note in notes)
    body.html(drawn + hints)
    return _summary(filtered)


def _filters() -> DeltaGenerator:
    return st.container(key="desk_filters", horizontal=True, vertical_alignment="center")


def _submitted() -> None:
    st.session_state[_TYPED] = str(st.session_state.get(BOX) or "")
    last: _LastSearch = st.session_state.get(_LAST, _LastSearch())
    st.session_state[_LAST] = _LastSearch(run=last.run)  # the same list is searched again


def _search(
    body: DeltaGenerator, index: OpenIndex, questions: tuple[str, ...], k: int
) -> _LastSearch:
    """Return what the questions find, from the session where only a filter has changed."""
    last: _LastSearch = st.session_state.get(_LAST, _LastSearch())
    if (last.questions, last.k, last.generation) == (questions, k, index.generation):
        return last
    found: list[Lookup] = []
    for done, question in enumerate(questions):

        def say(done: int = done) -> None:
            # Drawing is also where Streamlit ends the script when the visitor asks something else.
            body.html(layout.message(text.SEARCHING, f"{done} / {len(questions)}", busy=True))

        if len(questions) >= _SLOW_FROM and done % _SLOW_FROM == 0:
            say()
        wanted = partial(look_up, index, question, k=k, find=notice_service.find)
        found.append(wait_for(engine.get_engine().do(engine.STAFF, wanted), say))
    shown = without_hidden(found, _shown)
    last = _LastSearch(questions, k, index.generation, shown, last.run + 1)
    st.session_state[_LAST] = last
    return last


def _shown(notices: Sequence[Notice]) -> Display:
    return display(notices, settings.red_flags())


def _choice(offered: Options) -> Choice:
    """Draw the filters; one that has nothing to choose between is left out."""
    reviews = {state: str(text.REVIEW_STATES[state]) for state in offered.reviews}
    return Choice(
        article=_one_of(text.DESK_ARTICLE, "desk_article", offered.articles),
        section=_one_of(text.DESK_SECTION, "desk_section", offered.sections),
        area=_one_of(text.DESK_AREA, "desk_area", offered.areas, least=1),
        review=_one_of(text.DESK_REVIEW, "desk_review", reviews),
        sort=_sort(),
        only_answers=st.checkbox(text.DESK_ONLY_ANSWERS, key="desk_only"),
    )


def _one_of(label: str, key: str, named: Mapping[str, str], *, least: int = 2) -> str:
    if len(named) < least:
        return _ALL
    values = [_ALL, *named]
    if st.session_state.get(key, _ALL) not in values:
        st.session_state[key] = _ALL  # chosen among what an earlier question found

    def name(value: str) -> str:
        return named.get(value, str(text.DESK_ALL))

    return str(_select(label, values, key, name))


def _select(label: str, values: Sequence[Any], key: str, name: Callable[[Any], str]) -> Any:
    """Draw a choice that says itself what it chooses: a label above it would take a line."""
    return st.selectbox(
        label,
        values,
        key=key,
        format_func=lambda value: text.DESK_CHOICE.format(label=label, value=name(value)),
        label_visibility="collapsed",
    )


def _per_question(questions: int) -> int:
    values = [k for k in PER_QUESTION if k * questions <= MAX_ROWS]
    if st.session_state.get("desk_k", values[0]) not in values:
        st.session_state["desk_k"] = values[-1]  # chosen for a shorter list
    return int(_select(text.DESK_PER_QUESTION, values, "desk_k", str))


def _sort() -> str:
    names: Mapping[str, str] = text.DESK_SORTS
    return str(_select(text.DESK_SORT, SORTS, "desk_sort", names.__getitem__))


def _summary(found: Sequence[Lookup]) -> str:
    rows = [row for lookup in found for row in lookup.rows]
    if not rows:
        return str(text.DESK_NO_ROWS)
    counted = text.found(len(rows), len({row.article.id for row in rows}))
    return f"{text.DESK_QUESTIONS}: {len(found)}. {counted}" if len(found) > 1 else counted
