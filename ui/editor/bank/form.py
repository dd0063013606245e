"""The form of a row of the question bank: words, sections by their titles or a card, "try it".

What is typed is checked as `python -m ingest` does, and saved into the file's own text, so that all
other rows keep every byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ClinicSearchError, ContentError
from core.files import edits
from core.files.csv_table import split_cell
from core.ids import article_of
from index.bank.question_bank import bank_table, check_question_bank
from index.bank.question_edits import edited, read_sheet
from index.bank.route_cards import read_routes
from ui.editor.bank import trying
from ui.editor.bank.rows import (
    ANSWERS,
    EMPTY,
    NOTE,
    QUESTION,
    ROUTE,
    Names,
    cells_of,
    is_same,
    names_in,
    row_of,
)
from ui.editor.frame import QUESTIONS, address, block, for_staff, frame, go, note
from ui.editor.open_file import OpenFile, after_saving, conflict_html, draw_buttons, problems_html
from ui.editor.overview.steps import CARD, NEW
from ui.languages import text
from ui.service import engine, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from index.bank.question_edits import Sheet, SheetRow
    from index.bank.route_cards import Route
    from index.store.generations import OpenIndex

LENGTH = 300
_FIELDS = ("question", "by", "article", "sections", "card", "note")
_BY_SECTIONS, _BY_CARD = 0, 1


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form chooses from: the index, names, cards; and its place, as the address says."""

    index: OpenIndex
    names: Names
    cards: Mapping[str, Route]
    item: str
    about: str


def draw(file: OpenFile, row: SheetRow | None, choices: Choices) -> None:
    """Draw the form of a row, None for a new one, what would keep it from being saved, a trial."""
    heading = text.EDITOR_QUESTION_CHANGE if row else text.EDITOR_QUESTION_NEW
    back = address(QUESTIONS, about=choices.about)
    link = f'<p class="cs-acts"><a class="cs-in" href="{back}">{text.EDITOR_QUESTION_BACK}</a></p>'
    st.html(frame(QUESTIONS, link, heading=heading))
    before = row.cells if row else EMPTY
    with st.container(key="editor-question"):
        _draw_fields(file, before, choices)
        typed = _typed(file, before, choices.item)
        is_changed = not is_same(before, typed)
        problem = _problem(file, typed, choices.item) if is_changed else ""
        with st.container(horizontal=True, gap="small"):
            given = (file.path, choices.item)
            is_ready = is_changed and not problem
            draw_buttons(*(file, save, *given), is_changed=is_changed, disabled=not is_ready)
            trying.draw_button(typed[QUESTION])
            if row:
                label = text.EDITOR_QUESTION_DELETE
                st.button(label, key="editor-question-delete", on_click=delete, args=given)
    st.html(block(problem + after_saving()))
    trying.draw(choices.index, typed)


def is_typed(file: OpenFile, *, item: str) -> bool:
    """Say whether the form of a row differs from the file that was opened; ContentError as such."""
    row = row_of(_sheet(file.text), item)
    before = row.cells if row else EMPTY
    return not is_same(before, _typed(file, before, item))


def _draw_fields(file: OpenFile, before: Mapping[str, str], choices: Choices) -> None:
    # No form: a problem is named as soon as a field is left, and Enter saves nothing.
    keys = _keys(file, choices.item)
    words, by, article, sections, card, comment = text.EDITOR_QUESTION_FIELDS
    most = max(LENGTH, len(before[QUESTION]))
    st.text_input(words, before[QUESTION], key=keys["question"], max_chars=most)
    is_card = bool(before[ROUTE]) or (not before[ANSWERS] and choices.about.startswith(CARD))
    kind = st.radio(
        by,
        [_BY_SECTIONS, _BY_CARD],
        index=_BY_CARD if is_card else _BY_SECTIONS,
        key=keys["by"],
        format_func=text.EDITOR_QUESTION_BY.__getitem__,
        horizontal=True,
    )
    if kind == _BY_CARD:
        _draw_card(keys["card"], before, choices, card)
    else:
        _draw_sections(keys, before, choices, article, sections)
    most = max(LENGTH, len(before[NOTE]))
    st.text_input(comment, before[NOTE], key=keys["note"], max_chars=most)


def _draw_card(key: str, before: Mapping[str, str], choices: Choices, label: str) -> None:
    cards = choices.cards
    names = list(dict.fromkeys([*cards, *filter(None, [before[ROUTE]])]))
    wanted = before[ROUTE] or choices.about.removeprefix(CARD)
    st.selectbox(
        label,
        names,
        index=names.index(wanted) if wanted in names else None,
        key=key,
        placeholder=text.EDITOR_QUESTION_CHOOSE,
        format_func=lambda name: f"{cards[name].title} ({name})" if name in cards else name,
    )


def _draw_sections(
    keys: Mapping[str, str], before: Mapping[str, str], choices: Choices, *labels: str
) -> None:
    """Draw the list of articles, and the sections of the chosen one beside those chosen before."""
    names = choices.names
    labelled = split_cell(before[ANSWERS])
    articles = list(names.articles)
    wanted = [*(article_of(name) for name in labelled), choices.about, *articles[:1]]
    first = next((articles.index(name) for name in wanted if name in names.articles), None)
    article = st.selectbox(
        labels[0],
        articles,
        index=first,
        key=keys["article"],
        placeholder=text.EDITOR_QUESTION_CHOOSE,
        format_func=names.articles.__getitem__,
    )
    chosen = st.session_state.get(keys["sections"], labelled)
    offered = dict.fromkeys([*labelled, *chosen, *names.by_article.get(article or "", ())])
    st.multiselect(
        labels[1],
        list(offered),
        default=labelled,  # the same in each run: the browser takes another one for a reset
        key=keys["sections"],
        placeholder=text.EDITOR_QUESTION_CHOOSE,
        format_func=names.section,
    )


def _keys(file: OpenFile, item: str) -> dict[str, str]:
    """Name the fields of a row; a file that is opened again gets new ones, with its own text."""
    return {field: f"editor-bank-{file.token}-{item}-{field}" for field in _FIELDS}


def _typed(file: OpenFile, before: Mapping[str, str], item: str) -> dict[str, str]:
    """Return the cells as the fields say; for a field that is not drawn yet, as the file says."""
    keys, state = _keys(file, item), st.session_state
    is_card = state.get(keys["by"], _BY_CARD if before[ROUTE] else _BY_SECTIONS) == _BY_CARD
    return cells_of(
        question=str(state.get(keys["question"], before[QUESTION])),
        sections=() if is_card else state.get(keys["sections"], split_cell(before[ANSWERS])),
        route=state.get(keys["card"], before[ROUTE]) if is_card else "",
        note=str(state.get(keys["note"], before[NOTE])),
    )


def _sheet(words: str) -> Sheet:
    return read_sheet(words, bank_table(settings.from_environment().content))


def _with(
    before: str, typed: Mapping[str, str] | None, item: str, *, in_place: bool = False
) -> str:
    """Return the text of a bank with a row changed, added, or, for None, removed."""
    sheet = _sheet(before)
    changed = row_of(sheet, item)
    rows: list[tuple[int | None, Mapping[str, str]]] = [
        (row.number, row.cells) for row in sheet.rows if row is not changed
    ]
    if typed is not None:
        rows.append((changed.number if changed else None, typed))
    return edited(sheet, rows, in_place=in_place)


def check(bank: str, index: OpenIndex) -> int:
    """Check a bank's text against what is served and the cards; return how many labels wait.

    Raises ContentError naming every row that `python -m ingest` would refuse.
    """
    content = settings.from_environment().content
    read = check_question_bank(
        bank,
        bank_table(content),
        sections=names_in(index).sections,
        routes=read_routes(content),
        former=index.manifest.renamed_from,
    )
    return read.waiting


def _problem(file: OpenFile, typed: Mapping[str, str], item: str) -> str:
    """Return what keeps a row from being saved as HTML, empty where nothing does."""
    index = engine.get_engine().status.index
    if index is None:
        return f"<p>{text.EDITOR_NO_INDEX}</p>"
    try:
        if edits.read(file.path) != file.raw:
            return conflict_html(file, _with(file.text, typed, item))
        check(_with(file.text, typed, item, in_place=True), index)
    except ClinicSearchError as error:
        return problems_html(error)
    return ""


@for_staff
def save(path: Path, item: str) -> None:
    """Check the row once more and save it; go back to the list where it was saved."""
    index = engine.get_engine().status.index
    if index is None:
        note(text.EDITOR_NO_INDEX)
        return
    file = OpenFile(path)
    row = row_of(_sheet(file.text), item)
    typed = _typed(file, row.cells if row else EMPTY, item)
    if row is None and item != NEW:
        note(text.EDITOR_QUESTION_GONE)
        return

    def change(before: str) -> str:
        check(_with(before, typed, item, in_place=True), index)
        return _with(before, typed, item)

    _save(file, change, done=text.EDITOR_SAVED)


@for_staff
def delete(path: Path, item: str) -> None:
    """Remove a row; the change can be undone in the list."""
    file = OpenFile(path)
    if row_of(_sheet(file.text), item) is None:
        raise ContentError(str(text.EDITOR_QUESTION_GONE), where=str(path))
    _save(file, lambda before: _with(before, None, item), done=text.EDITOR_QUESTION_DELETED)


def _save(file: OpenFile, change: Callable[[str], str], *, done: str) -> None:
    before = file.raw
    file.save(change, done=done)
    if file.raw != before:
        go(QUESTIONS)
