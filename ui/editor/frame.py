"""The frame around the sections of the editor: addresses, navigation, notes, templates."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from core.errors import ClinicSearchError
from ui.languages import text
from ui.rendering.templates import renderer
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Callable

DASHBOARD, CANDIDATE, QUESTIONS, CARDS = "", "candidate", "questions", "cards"
SUGGESTIONS, SIGN, DECIDE, QUALITY = "suggestions", "sign", "decide", "quality"
PUBLISH, DISCARD, ROLL_BACK = "publish", "discard", "roll-back"
CONFIRMED = (PUBLISH, DISCARD, ROLL_BACK)
"""Sections that ask for a confirmation; each has an address, so that Back says no."""

rendered = renderer(Path(__file__).parent / "templates")
_NOTE = "_editor_note"
_ANNOUNCED = "_editor_announced"


def address(section: str, *, item: str = "", about: str = "") -> str:
    """Return the link to a section of the editor or a part of the dashboard, escaped.

    `item` names what is opened there, `about` the article or card that a list is about.
    """
    given = {"view": "staff", "section": section, "item": item, "about": about}
    return escape("?" + urlencode({name: value for name, value in given.items() if value}))


def go(section: str) -> None:
    """Show a section at the end of this run; from a callback only."""
    st.query_params.from_dict({"view": "staff", "section": section})


def for_staff(action: Callable[..., None]) -> Callable[..., None]:
    """Make an action do nothing unless the pages for staff are on at this moment.

    A browser may press a button that was drawn before they were turned off, or send what it likes.
    An error becomes a note: a callback runs before the page is drawn, where nothing else would
    catch it.
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


def announcement() -> str:
    """Return what a screen reader announces after this drawing."""
    return str(st.session_state.get(_ANNOUNCED, ""))


def frame(section: str, body: str, *, heading: str = "") -> str:
    """Draw the title, the sections to choose from, the note of the last action, and a body.

    The note is forgotten; `announcement` returns its sentence until the next drawing.
    """
    names = {
        DASHBOARD: text.EDITOR_OVERVIEW,
        CANDIDATE: text.EDITOR_CANDIDATE,
        QUESTIONS: text.EDITOR_QUESTIONS,
        SUGGESTIONS: text.EDITOR_SUGGESTIONS,
        CARDS: text.EDITOR_CARDS,
        DECIDE: text.EDITOR_DECIDE,
        SIGN: text.EDITOR_SIGN,
        QUALITY: text.EDITOR_QUALITY,
    }
    sentence, details = st.session_state.pop(_NOTE, ("", ""))
    st.session_state[_ANNOUNCED] = sentence
    return rendered(
        "frame",
        links=[(address(name), words, name) for name, words in names.items()],
        chosen=CANDIDATE if section in CONFIRMED else section,
        section=section,
        title=heading or (names[section] if section else text.EDITOR_TITLE),
        sentence=sentence,
        details=details,
        body=body,
    )


def block(body: str) -> str:
    """Draw HTML with the style of the editor."""
    return f'<div class="cs-staff cs-editor">{body}</div>'
