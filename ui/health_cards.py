"""Editing the route cards: one card at a time, in fields; the phrases of a card are one a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from index.errors import ContentError
from index.question_bank import FILE_NAME as QUESTIONS_FILE
from index.route_edits import with_card, without_card
from index.routes import FILE_NAME, Route, read_routes
from ui import settings, text
from ui.health_file import OpenFile, after_saving, draw_undo, problems_html
from ui.health_parts import CARDS, block, for_staff, frame, note, paragraph

if TYPE_CHECKING:
    from pathlib import Path

NEW = ""
_CHOSEN = "health-card"
_FIELDS = ("id", "title", "text", "asks")


def draw() -> None:
    """Draw the card that is chosen, to be changed, or an empty one to be added."""
    path = settings.from_environment().content / FILE_NAME
    lead = f'<p class="cs-lead">{text.HEALTH_CARDS_LEAD}</p>'
    try:
        file = OpenFile(path)
        file.follow()
        cards = read_routes(path.parent)
    except ContentError as error:
        st.html(frame(CARDS, f"{lead}{problems_html(error)}{paragraph(text.HEALTH_BY_HAND)}"))
        return
    st.html(frame(CARDS, lead))
    with st.container(key="health-cards"):
        chosen = st.selectbox(
            text.HEALTH_CARD,
            [*cards, NEW],
            key=_CHOSEN,
            format_func=lambda name: _named(cards.get(name)),
        )
        card = cards.get(chosen or NEW)
        _form(file, card or Route(NEW, "", ""))
        with st.container(horizontal=True, gap="small"):
            draw_undo(file)
            if card is not None:
                label = text.HEALTH_CARD_DELETE
                st.button(label, key="health-delete", on_click=delete, args=(card.id,))
    st.html(block(after_saving()))


def _named(card: Route | None) -> str:
    # Streamlit draws options as they are: no Markdown, no HTML.
    return f"{card.title} ({card.id})" if card else str(text.HEALTH_CARD_NEW)


def _form(file: OpenFile, card: Route) -> None:
    keys = _keys(file, card.id)
    with st.form("health-card-form", border=True):
        if card.id == NEW:
            st.text_input(text.HEALTH_CARD_ID, key=keys["id"], max_chars=40)
        title, words, asks = text.HEALTH_CARD_FIELDS
        st.text_input(title, card.title, key=keys["title"], max_chars=120)
        st.text_area(words, card.text, key=keys["text"], max_chars=1_000, height=110)
        st.text_area(asks, "\n".join(card.asks), key=keys["asks"], max_chars=8_000, height=320)
        st.form_submit_button(
            text.HEALTH_SAVE, type="primary", on_click=save, args=(file.path, card.id)
        )


def _keys(file: OpenFile, name: str) -> dict[str, str]:
    """Name the fields of a card; other ones after each opening, or they would keep their text."""
    return {field: f"health-card-{file.token}-{name}-{field}" for field in _FIELDS}


@for_staff
def save(path: Path, name: str) -> None:
    """Write the card that was typed, a new one where it has no name yet."""
    file = OpenFile(path)
    typed = {
        field: str(st.session_state.get(key) or "") for field, key in _keys(file, name).items()
    }
    card = Route(
        name or typed["id"].strip(),
        " ".join(typed["title"].split()),
        " ".join(typed["text"].split()),
        tuple(" ".join(line.split()) for line in typed["asks"].splitlines() if line.strip()),
    )
    _write(file, lambda before: with_card(before, card, is_new=name == NEW))


@for_staff
def delete(name: str) -> None:
    """Take a card out, unless questions of the bank lead to it."""
    content = settings.from_environment().content
    file = OpenFile(content / FILE_NAME)
    used = _used(content, name)
    if used:
        note(text.counted(text.HEALTH_CARD_USED, used))
        return
    st.session_state.pop(_CHOSEN, None)
    _write(file, lambda before: without_card(before, name))


def _write(file: OpenFile, change: Callable[[str], str]) -> None:
    try:
        file.save(change(file.text))
    except ContentError as error:
        note(text.HEALTH_NOT_SAVED, error=error)


def _used(content: Path, name: str) -> int:
    """Count the questions of the bank that lead to a card."""
    from index.question_bank import bank_table
    from index.question_edits import read_sheet

    path = content / QUESTIONS_FILE
    sheet = read_sheet(OpenFile(path).text, bank_table(content))
    return sum(row.cells["route"] == name for row in sheet.rows)


def card_count(content: Path) -> int | None:
    """Return how many cards there are, None where the file cannot be read."""
    try:
        return len(read_routes(content))
    except ContentError:
        return None
