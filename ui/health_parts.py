"""What the parts of Content health share: their addresses, the notes they leave, the frame."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from index.errors import ClinicSearchError
from ui import settings, text
from ui.staff_parts import coded

if TYPE_CHECKING:
    from collections.abc import Callable

OVERVIEW, CANDIDATE, QUESTIONS, CARDS, FIGURES = "", "candidate", "questions", "cards", "figures"
PUBLISH, DISCARD, ROLL_BACK = "publish", "discard", "roll-back"
CONFIRMED = (PUBLISH, DISCARD, ROLL_BACK)
"""Parts that ask whether something is really meant; each has an address, so that Back says no."""

_NOTE = "_health_note"
_TOLD = "_health_told"


def address(part: str) -> str:
    """Return the link to a part, escaped."""
    return f"?view=health&amp;section={part}" if part else "?view=health"


def go(part: str) -> None:
    """Show a part at the end of this run; from a callback only."""
    st.query_params.from_dict({"view": "health", "section": part} if part else {"view": "health"})


def for_staff(action: Callable[..., None]) -> Callable[..., None]:
    """Have an action do nothing unless the pages for staff are on at this moment.

    A browser may press a button that was drawn before they were turned off, or send what it likes.
    What it raises about a file is said: a callback runs before the page is drawn, where nothing
    else would catch it.
    """

    def checked(*given: object) -> None:
        if not settings.is_for_staff():
            return
        try:
            action(*given)
        except (ClinicSearchError, OSError) as error:
            note(text.HEALTH_REFUSED, error=error)

    return checked


def note(said: str, *, error: Exception | None = None) -> None:
    """Leave a sentence for the next drawing, and what an error tells staff."""
    st.session_state[_NOTE] = (said, str(error) if error else "")


def take_note() -> str:
    """Return the sentence that was left as HTML and forget it; `told` has its words."""
    said, more = st.session_state.pop(_NOTE, ("", ""))
    st.session_state[_TOLD] = said
    if not said:
        return ""
    details = f"<pre>{escape(more)}</pre>" if more else ""
    kind = "cs-note cs-refused" if more else "cs-note cs-done"
    return f'<div class="{kind}"><p>{escape(said)}</p>{details}</div>'


def told() -> str:
    """Return what a screen reader should be told of this drawing."""
    return str(st.session_state.get(_TOLD, ""))


def frame(part: str, body: str, *, heading: str = "") -> str:
    """Draw the title, the parts to choose from, what was done last, and a body."""
    names = {
        OVERVIEW: text.HEALTH_OVERVIEW,
        CANDIDATE: text.HEALTH_CANDIDATE,
        QUESTIONS: text.HEALTH_QUESTIONS,
        CARDS: text.HEALTH_CARDS,
        FIGURES: text.HEALTH_FIGURES,
    }
    chosen = CANDIDATE if part in CONFIRMED else part
    current = ' aria-current="page"'
    links = "".join(
        f'<li><a class="cs-in" href="{address(name)}"'
        f"{current if name == chosen else ''}>{words}</a></li>"
        for name, words in names.items()
    )
    title = heading or (names[part] if part else text.HEALTH_TITLE)
    over = f'<p class="cs-over">{text.HEALTH_TITLE}</p>' if part else ""
    return (
        f'<div class="cs-staff cs-health"><nav class="cs-tabs" aria-label="{text.HEALTH_TITLE}">'
        f'<ul>{links}</ul></nav>{over}<h1 id="cs-title">{title}</h1>{take_note()}{body}</div>'
    )


def block(body: str) -> str:
    """Draw what stands below the fields of a part."""
    return f'<div class="cs-staff cs-health">{body}</div>'


def paragraph(line: str) -> str:
    """Draw a paragraph of our own words; what stands between backticks is to be typed."""
    return f"<p>{coded(line)}</p>"
