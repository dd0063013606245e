"""The section that edits route cards: a card at a time, drawn below its fields as patients see it.

Title and text of a card are read from the file by every page, so a save shows them to patients at
once. So the card is drawn while it is written, as soon as a field is left, and the line above the
button says what counts at once and what waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ClinicSearchError, ContentError
from core.files import edits
from index.bank.question_bank import questions_by_route
from index.bank.route_card_edits import with_card, without_card
from index.bank.route_cards import FILE_NAME, Route, parse_routes
from ui.editor.frame import CARDS, block, for_staff, frame, note
from ui.editor.open_file import (
    OpenFile,
    after_saving,
    conflict_html,
    draw_buttons,
    opened,
    problems_html,
)
from ui.languages import text
from ui.rendering.results import route_html
from ui.service import settings

if TYPE_CHECKING:
    from pathlib import Path

NEW = ""
_EMPTY = Route(NEW, "", "")
_CHOSEN = "editor-card"
_FIELDS = ("id", "title", "text", "asks")
# A longer text of the file is kept whole: Streamlit would cut it off silently.
_LENGTHS = {"id": 40, "title": 120, "text": 1_000, "asks": 8_000}


def draw() -> None:
    """Draw the card that is chosen, to be changed, or an empty one to be added."""
    lead = f'<p class="cs-lead">{text.EDITOR_CARDS_LEAD}</p>'
    path = settings.from_environment().content / FILE_NAME
    found = opened(CARDS, lead, path, _opened, is_typed=_is_typed)
    if found is None:
        return
    file, cards = found
    st.html(frame(CARDS, lead))
    with st.container(key="editor-cards"):
        names = [*cards, NEW]
        if st.session_state.get(_CHOSEN, names[0]) not in names:
            st.session_state[_CHOSEN] = names[0]  # the card was deleted, here or elsewhere
        chosen = st.selectbox(
            text.EDITOR_CARD,
            names,
            key=_CHOSEN,
            format_func=lambda name: _named(cards.get(name)),
        )
        card = cards.get(chosen or NEW, _EMPTY)
        _draw_fields(file, card)
        st.html(block(f"<p><strong>{text.EDITOR_CARD_WHEN}</strong></p>"))
        typed = _typed(file, card)
        with st.container(horizontal=True, gap="small"):
            draw_buttons(file, save, file.path, card.id, is_changed=typed != card)
            if card.id != NEW:
                label = text.EDITOR_CARD_DELETE
                st.button(label, key="editor-delete", on_click=delete, args=(card.id,))
    st.html(block(_as_shown(typed) + _conflict(file, card, typed) + after_saving()))


def _named(card: Route | None) -> str:
    # Streamlit draws options as they are: no Markdown, no HTML.
    return f"{card.title} ({card.id})" if card else str(text.EDITOR_CARD_NEW)


def _draw_fields(file: OpenFile, card: Route) -> None:
    # No form: a card is drawn again as soon as a field is left, and Enter saves nothing.
    keys = _keys(file, card.id)
    if card.id == NEW:
        st.text_input(text.EDITOR_CARD_ID, key=keys["id"], max_chars=_LENGTHS["id"])
    title, words, asks = text.EDITOR_CARD_FIELDS
    phrases = "\n".join(card.asks)
    st.text_input(title, card.title, key=keys["title"], max_chars=_most("title", card.title))
    st.text_area(words, card.text, key=keys["text"], max_chars=_most("text", card.text), height=110)
    st.text_area(asks, phrases, key=keys["asks"], max_chars=_most("asks", phrases), height=320)


def _most(field: str, value: str) -> int:
    return max(_LENGTHS[field], len(value))


def _keys(file: OpenFile, name: str) -> dict[str, str]:
    """Name the fields of a card; a file that is opened again gets new ones, with its own text."""
    return {field: f"editor-card-{file.token}-{name}-{field}" for field in _FIELDS}


def _typed(file: OpenFile, card: Route) -> Route:
    """Return a card as its fields say; for a field that is not drawn yet, as the file says."""

    def given(field: str, before: str) -> str:
        now = st.session_state.get(keys[field])
        # White space is no change: a text of several lines in the file keeps its lines.
        return before if now is None or now.split() == before.split() else " ".join(now.split())

    keys = _keys(file, card.id)
    lines = str(st.session_state.get(keys["asks"], "\n".join(card.asks))).splitlines()
    asks = tuple(" ".join(line.split()) for line in lines if line.strip())
    is_same = asks == tuple(" ".join(ask.split()) for ask in card.asks)
    return Route(
        card.id or given("id", ""),
        given("title", card.title),
        given("text", card.text),
        card.asks if is_same else asks,
    )


def _opened(file: OpenFile) -> dict[str, Route]:
    """Return the cards of the file as it was opened here; ContentError when they cannot be read."""
    return parse_routes(file.raw or b"", file.path)


def _is_typed(file: OpenFile) -> bool:
    """Say whether a field differs from the file that was opened; ContentError for a broken one."""
    return any(_typed(file, card) != card for card in (*_opened(file).values(), _EMPTY))


def _as_shown(card: Route) -> str:
    """Draw a card as patients will see it."""
    if not (card.title and card.text):
        return f"<p>{text.EDITOR_CARD_EMPTY}</p>"
    drawn = route_html(card, settings.clinic())
    return f'<h2>{text.EDITOR_CARD_SHOWN}</h2><div class="cs-panel cs-route">{drawn}</div>'


def _conflict(file: OpenFile, card: Route, typed: Route) -> str:
    """Show both sides where the file was changed elsewhere while something was typed here."""
    try:
        if typed == card or edits.read(file.path) == file.raw:
            return ""
        return conflict_html(file, _with(file.text, typed, card.id))
    except ClinicSearchError as error:  # the file cannot be read now, or the card is not whole yet
        return problems_html(error)


def _with(before: str, typed: Route, name: str) -> str:
    return with_card(before, typed, is_new=name == NEW)


@for_staff
def save(path: Path, name: str) -> None:
    """Save the card that was typed; without a name it is a new card."""
    file = OpenFile(path)
    typed = _typed(file, _opened(file).get(name, Route(name, "", "")))
    file.save(lambda before: _with(before, typed, name), done=text.EDITOR_CARD_SAVED)


@for_staff
def delete(name: str) -> None:
    """Delete a card, unless questions of the bank lead to it, or the bank cannot be read.

    The bank is read as it is at this moment: it may have been changed in this page or elsewhere.
    """
    content = settings.from_environment().content
    try:
        used = questions_by_route(content)[name]
    except ContentError as error:
        note(text.EDITOR_CARD_KEPT, error=error)
        return
    if used:
        note(text.counted(text.EDITOR_CARD_USED, used))
        return
    file = OpenFile(content / FILE_NAME)
    file.save(lambda before: without_card(before, name), done=text.EDITOR_CARD_DELETED)
