"""What the sections of the editor share: their addresses, the notes they leave, the frame."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ClinicSearchError
from ui.languages import text
from ui.rendering.tables import coded
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Callable

DASHBOARD, CANDIDATE, QUESTIONS, CARDS = "", "candidate", "questions", "cards"
PUBLISH, DISCARD, ROLL_BACK = "publish", "discard", "roll-back"
CONFIRMED = (PUBLISH, DISCARD, ROLL_BACK)
"""Sections that ask for a confirmation; each has an address, so that Back says no."""

_NOTE = "_editor_note"
_ANNOUNCED = "_editor_announced"


def address(section: str) -> str:
    """Return the link to a section of the editor or a part of the dashboard, escaped."""
    return f"?view=staff&amp;section={section}" if section else "?view=staff"


def go(section: str) -> None:
    """Show a section at the end of this run; from a callback only."""
    st.query_params.from_dict({"view": "staff", "section": section})


def for_staff(action: Callable[..., None]) -> Callable[..., None]:
    """Have an action do nothing unless the pages for staff are on at this moment.

    A browser may press a button that was drawn before they were turned off, or send what it likes.
    The page shows an error about a file as a note: a callback runs before the page is drawn, where
    nothing else would catch it.
    """

    def checked(*given: object) -> None:
        if not settings.is_for_staff():
            return
        try:
            action(*given)
        except (ClinicSearchError, OSError) as error:
            note(text.EDITOR_REFUSED, error=error)

    return checked


def note(sentence: str, *, error: Exception | None = None) -> None:
    """Leave a sentence for the next drawing, and the message of an error below it."""
    st.session_state[_NOTE] = (sentence, str(error) if error else "")


def _take_note() -> str:
    """Return the note as HTML and forget it; `announcement` keeps its sentence."""
    sentence, more = st.session_state.pop(_NOTE, ("", ""))
    st.session_state[_ANNOUNCED] = sentence
    if not sentence:
        return ""
    details = f"<pre>{escape(more)}</pre>" if more else ""
    kind = "cs-refused" if more else "cs-done"
    return f'<div class="cs-note {kind}"><p>{escape(sentence)}</p>{details}</div>'


def announcement() -> str:
    """Return what a screen reader announces after this drawing."""
    return str(st.session_state.get(_ANNOUNCED, ""))


def frame(section: str, body: str, *, heading: str = "") -> str:
    """Draw the title, the sections to choose from, the note of the last action, and a body."""
    names = {
        DASHBOARD: text.EDITOR_OVERVIEW,
        CANDIDATE: text.EDITOR_CANDIDATE,
        QUESTIONS: text.EDITOR_QUESTIONS,
        CARDS: text.EDITOR_CARDS,
    }
    chosen = CANDIDATE if section in CONFIRMED else section
    current = ' aria-current="page"'
    links = "".join(
        f'<li><a class="cs-in" href="{address(name)}"'
        f"{current if name == chosen else ''}>{words}</a></li>"
        for name, words in names.items()
    )
    title = heading or (names[section] if section else text.EDITOR_TITLE)
    over = f'<p class="cs-over">{text.EDITOR_TITLE}</p>' if section else ""
    return block(
        f'<nav class="cs-tabs" aria-label="{text.EDITOR_TITLE}"><ul>{links}</ul></nav>'
        f'{over}<h1 id="cs-title">{title}</h1>{_take_note()}{body}'
    )


def block(body: str) -> str:
    """Draw HTML with the style of the editor."""
    return f'<div class="cs-staff cs-editor">{body}</div>'


def paragraph(line: str) -> str:
    """Draw a paragraph of our own words; what stands between backticks is to be typed."""
    return f"<p>{coded(line)}</p>"
