"""The section that edits the question bank: a table, checked as `python -m ingest` does.

What the browser sends is a list of changes to the rows; it is applied to the file's own text here,
so that untouched rows, columns and quotes keep every byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import ClinicSearchError, ContentError
from core.files import edits
from core.files.csv_table import SEPARATOR, split_cell
from index.bank.question_bank import (
    COLUMNS,
    FILE_NAME,
    bank_table,
    check_question_bank,
    section_ids,
)
from index.bank.question_edits import Sheet, edited, read_sheet
from index.bank.route_cards import read_routes
from ui.editor.frame import QUESTIONS, block, for_staff, frame, note
from ui.editor.open_file import OpenFile, after_saving, conflict_html, draw_buttons, problems_html
from ui.languages import text
from ui.service import engine, settings

if TYPE_CHECKING:
    from index.store.generations import OpenIndex

LINE = "line"
LENGTH = 300
_HEIGHT_PX = 560

Rows = list[tuple[int | None, dict[str, str]]]


def draw(index: OpenIndex | None) -> None:
    """Draw the table; without an index the sections to choose from are not known."""
    lead = f'<p class="cs-lead">{text.EDITOR_QUESTIONS_LEAD}</p>'
    if index is None:
        st.html(frame(QUESTIONS, f"{lead}<p>{text.EDITOR_NO_INDEX}</p>"))
        return
    content = settings.from_environment().content
    try:
        file = OpenFile(content / FILE_NAME)
        changes = _changes(file)
        if not changed(changes):
            file.follow()
        sheet = read_sheet(file.text, bank_table(content))
        names = list(read_routes(content))
    except ContentError:  # every page of staff names the file and its problem at the top
        st.html(frame(QUESTIONS, f"{lead}<p>{text.EDITOR_BY_HAND}</p>"))
        return
    st.html(frame(QUESTIONS, f"{lead}<p>{text.EDITOR_QUESTIONS_HOW}</p>"))
    _table(file, sheet, section_ids(index.articles.values()), names)
    changes = _changes(file)
    below, is_valid = _below(file, sheet, changes, index)
    with st.container(key="editor-save", horizontal=True, gap="small"):
        is_changed = changed(changes)
        draw_buttons(file, save, is_changed=is_changed, disabled=not (is_changed and is_valid))
    st.html(block(below + after_saving()))


@for_staff
def save() -> None:
    """Check the changes once more, and save them."""
    place = settings.from_environment()
    index = engine.get_engine().status.index
    if index is None:
        note(text.EDITOR_NO_INDEX)
        return
    file = OpenFile(place.content / FILE_NAME)

    def change(before: str) -> str:
        sheet = read_sheet(before, bank_table(place.content))
        rows = rows_after(sheet, _changes(file))
        check(edited(sheet, rows, in_place=True), index)
        return edited(sheet, rows)

    file.save(change, done=text.EDITOR_SAVED)


def check(bank: str, index: OpenIndex) -> int:
    """Check a bank's text against what is served and the cards; return how many labels wait.

    Raises ContentError naming every row that `python -m ingest` would refuse.
    """
    content = settings.from_environment().content
    read = check_question_bank(
        bank,
        bank_table(content),
        sections=section_ids(index.articles.values()),
        routes=read_routes(content),
        former=index.manifest.renamed_from,
    )
    return read.waiting


def rows_after(sheet: Sheet, changes: Mapping[str, Any]) -> Rows:
    """Return the rows of a sheet with a browser's changes; a browser may send anything."""
    gone = {row for row in _list(changes, "deleted_rows") if isinstance(row, int)}
    given = changes.get("edited_rows")
    edited_rows = given if isinstance(given, Mapping) else {}
    rows: Rows = [
        (row.number, _only_ours(row.cells) | _cells(edited_rows.get(row.number)))
        for row in sheet.rows
        if row.number not in gone
    ]
    rows += [(None, _cells(row)) for row in _list(changes, "added_rows")]
    return rows


def changed(changes: Mapping[str, Any]) -> bool:
    """Say whether anything was typed."""
    return any(changes.get(name) for name in ("edited_rows", "added_rows", "deleted_rows"))


def _list(changes: Mapping[str, Any], name: str) -> list[Any]:
    found = changes.get(name)
    return found if isinstance(found, list) else []


def _only_ours(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: cells[name] for name in COLUMNS}


def _cells(given: object) -> dict[str, str]:
    """Return a browser's changes of a row as the file's texts."""
    if not isinstance(given, Mapping):
        return {}
    return {name: _cell(name, given[name]) for name in COLUMNS if name in given}


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    parts = value if isinstance(value, list) else [value]
    joined = f" {SEPARATOR} ".join(" ".join(str(part).split()) for part in parts)
    return joined if name == "answers" else joined[:LENGTH]


def _changes(file: OpenFile) -> Mapping[str, Any]:
    found = st.session_state.get(_editor(file))
    return found if isinstance(found, Mapping) else {}


def _editor(file: OpenFile) -> str:
    return f"editor-bank-{file.token}"


def _table(file: OpenFile, sheet: Sheet, sections: list[str], routes: list[str]) -> None:
    import pandas as pd

    question, answers, route, comment = text.EDITOR_BANK_COLUMNS
    cells = [{LINE: row.line, **_only_ours(row.cells)} for row in sheet.rows]
    frame_ = pd.DataFrame(cells, columns=[LINE, *COLUMNS])
    frame_["answers"] = [list(split_cell(row.cells["answers"])) for row in sheet.rows]
    frame_["route"] = [row.cells["route"] or None for row in sheet.rows]
    # Every label of the file can be chosen, also when it waits for an article.
    known = [*sections, *(name for row in sheet.rows for name in split_cell(row.cells["answers"]))]
    cards = [*routes, *(row.cells["route"] for row in sheet.rows if row.cells["route"])]
    st.data_editor(
        frame_,
        key=_editor(file),
        num_rows="dynamic",
        hide_index=True,
        height=_HEIGHT_PX,
        alt=text.EDITOR_QUESTIONS,
        column_config={
            LINE: st.column_config.NumberColumn(text.LINE, disabled=True, width=70, format="%d"),
            "question": st.column_config.TextColumn(
                question, required=True, width="large", max_chars=LENGTH
            ),
            "answers": st.column_config.MultiselectColumn(
                answers, options=list(dict.fromkeys(known)), width="large"
            ),
            "route": st.column_config.SelectboxColumn(
                route, options=list(dict.fromkeys(cards)), width="small"
            ),
            "note": st.column_config.TextColumn(comment, width="medium", max_chars=LENGTH),
        },
    )


def _below(
    file: OpenFile, sheet: Sheet, changes: Mapping[str, Any], index: OpenIndex
) -> tuple[str, bool]:
    """List changes and problems as HTML, and say whether the changes may be saved."""
    rows = rows_after(sheet, changes)
    parts = []
    is_valid = True
    if changed(changes):
        parts.append(f"<p><strong>{escape(_counted(sheet, rows))}</strong></p>")
    try:
        if changed(changes) and edits.read(file.path) != file.raw:
            is_valid = False
            parts.append(conflict_html(file, edited(sheet, rows)))
        waiting = check(edited(sheet, rows, in_place=True), index)
    except ClinicSearchError as error:
        is_valid = False
        parts.append(problems_html(error))
    else:
        if waiting:
            parts.append(f"<p>{text.counted(text.EDITOR_LABELS_WAIT, waiting)}</p>")
    return "".join(parts), is_valid


def _counted(sheet: Sheet, rows: Rows) -> str:
    before = {row.number: _only_ours(row.cells) for row in sheet.rows}
    other = sum(number is not None and before[number] != cells for number, cells in rows)
    new = sum(number is None for number, _ in rows)
    gone = len(before) - (len(rows) - new)
    return str(text.EDITOR_UNSAVED.format(changed=other, new=new, gone=gone))
