"""The section of suggested questions: each with its passage, to be accepted, reworded or refused.

`python -m ingest suggest` looks for them in a process of its own and leaves them beside the index.
A decision is written at once, by the functions that the command uses for a spreadsheet.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ContentError
from core.text.characters import collapse_spaces
from index.bank.question_bank import section_ids
from index.store.outlines import outlines
from index.suggestions.decisions import Decision, decide, read_asked, still_open
from index.suggestions.types import Suggestion, Suggestions, read_record
from ui.editor.frame import SUGGESTIONS, block, for_staff, frame, note, rendered
from ui.editor.open_file import after_saving
from ui.editor.progress import draw_progress
from ui.editor.runs import LOOKS, suggest_command
from ui.languages import text
from ui.rendering.passage import passage_address
from ui.service import engine, settings

if TYPE_CHECKING:
    from index.store.generations import OpenIndex

# Each has two buttons and a field; the next ones follow as these are decided.
MOST_SHOWN = 10
_LENGTH = 300


def draw(index: OpenIndex | None) -> None:
    """Draw the suggestions for the served generation; without an index there are none."""
    lead = f'<p class="cs-lead">{text.EDITOR_SUGGESTIONS_LEAD}</p>'
    if index is None:
        st.html(frame(SUGGESTIONS, f"{lead}<p>{text.EDITOR_NO_INDEX}</p>"))
        return
    place = settings.from_environment()
    found = read_record(place.built)
    try:
        waiting = still_open(_current(found, index), read_asked(place.content))
    except ContentError as error:
        st.html(frame(SUGGESTIONS, lead + rendered("problems", errors=[error])))
        return
    st.html(frame(SUGGESTIONS, f"{lead}<p>{_state(found, index, len(waiting))}</p>"))
    with st.container(key="editor-run"):
        st.button(
            text.EDITOR_LOOK,
            key="editor-look",
            type="secondary" if waiting else "primary",
            disabled=LOOKS.is_running,
            on_click=look,
        )
        words = (text.EDITOR_LOOK_NOW, text.EDITOR_LOOK_DONE, text.EDITOR_LOOK_FAILED)
        draw_progress(LOOKS, *words)
    with st.container(key="editor-suggestions"):
        for suggestion in waiting[:MOST_SHOWN]:
            _draw_suggestion(index, suggestion)
    st.html(block(after_saving()))


@for_staff
def look() -> None:
    """Begin to look for suggestions."""
    folders = settings.from_environment()
    if not LOOKS.start(suggest_command(folders.content, folders.built)):
        note(text.EDITOR_LOOK_ALREADY)


@for_staff
def accept(suggestion: Suggestion) -> None:
    """Add a suggested question to the bank, in the words of its field."""
    worded = str(st.session_state.get(_field(suggestion), suggestion.question))
    _decide(suggestion, collapse_spaces(worded)[:_LENGTH])


@for_staff
def refuse(suggestion: Suggestion) -> None:
    """Remember that a question shall not be suggested again."""
    _decide(suggestion, None)


def _decide(suggestion: Suggestion, question: str | None) -> None:
    index = engine.get_engine().status.index
    if index is None:
        note(text.EDITOR_NO_INDEX)
        return
    decision = Decision(
        proposed=suggestion.question,
        section=suggestion.section,
        is_accepted=question is not None,
        question=question or "",
        sections=(suggestion.section,),
    )
    try:
        decide(
            settings.from_environment().content,
            [decision],
            sections=section_ids(outlines(index.articles.rows)),
            former=index.manifest.renamed_from,
        )
    except ContentError as error:
        note(text.EDITOR_NOT_SAVED, error=error)
    else:
        note(text.EDITOR_REFUSED_QUESTION if question is None else text.EDITOR_ACCEPTED)


def _current(found: Suggestions | None, index: OpenIndex) -> tuple[Suggestion, ...]:
    """Return the suggestions for this generation: passages of another may be gone."""
    return found.rows if found and found.generation == index.generation else ()


def _state(found: Suggestions | None, index: OpenIndex, waiting: int) -> str:
    if found is None:
        return str(text.EDITOR_SUGGESTIONS_NONE_YET)
    if found.generation != index.generation:
        return str(text.EDITOR_SUGGESTIONS_STALE)
    if not waiting:
        return str(text.EDITOR_SUGGESTIONS_DONE)
    return text.counted(text.EDITOR_SUGGESTIONS_WAIT, waiting)


def _draw_suggestion(index: OpenIndex, suggestion: Suggestion) -> None:
    row = index.passage_rows.row(suggestion.passage)
    if row is None:  # the record was written by hand
        return
    passage = index.passages[row]
    name = _name(suggestion)
    st.html(
        rendered(
            "suggestion",
            suggestion=suggestion,
            passage=passage,
            address=passage_address(passage),
            confidence=f"{suggestion.confidence:.2f}",
        )
    )
    st.text_input(
        text.EDITOR_SUGGESTION_WORDS,
        value=suggestion.question,
        key=_field(suggestion),
        max_chars=_LENGTH,
    )
    with st.container(horizontal=True, gap="small"):
        given = {"args": (suggestion,)}
        st.button(text.EDITOR_ACCEPT, key=f"editor-accept-{name}", on_click=accept, **given)
        st.button(text.EDITOR_REFUSE, key=f"editor-refuse-{name}", on_click=refuse, **given)


def _field(suggestion: Suggestion) -> str:
    return f"editor-words-{_name(suggestion)}"


def _name(suggestion: Suggestion) -> str:
    """Return a name for the widgets of a suggestion, the same wherever it is in the list."""
    words = f"{suggestion.section} {suggestion.question}"
    return hashlib.sha256(words.encode()).hexdigest()[:12]
