"""A content file that is edited in a browser: opened, saved, undone, or refused in words."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ClinicSearchError, SeveralContentErrors
from core.files import edits
from core.files.edits import ChangedMeanwhileError
from ui.editor.parts import CANDIDATE, address, block, for_staff, note
from ui.languages import text

if TYPE_CHECKING:
    from core.files.edits import Edit

_MOST_LINES = 200


class OpenFile:
    """The file as a session opened it. `token` changes whenever the fields must start afresh."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key = f"_editor_file_{path.name}"
        if self._key not in st.session_state:
            self._keep(edits.read(path), 0)

    @property
    def raw(self) -> bytes | None:
        """The bytes as they were opened here, None where there was no file."""
        raw: bytes | None = st.session_state[self._key][0]
        return raw

    @property
    def token(self) -> int:
        """A number that changes with each opening."""
        return int(st.session_state[self._key][1])

    @property
    def text(self) -> str:
        """The text as it was opened; raises ContentError when it is not in UTF-8."""
        return decoded(self.raw or b"", self.path)

    def open_again(self) -> None:
        """Read the file again; what was typed and not saved is lost."""
        self._keep(edits.read(self.path), self.token + 1)

    def follow(self) -> None:
        """Open the file again where it was changed elsewhere; call it where nothing was typed."""
        if edits.read(self.path) != self.raw:
            self.open_again()

    def save(self, change: Callable[[str], str], *, done: str) -> None:
        """Write what `change` makes of the text, with the byte order mark that the file had.

        `done` is the note when it was written; what `change` raises is the note otherwise.
        """
        mark = b"\xef\xbb\xbf" if (self.raw or b"").startswith(b"\xef\xbb\xbf") else b""
        try:
            edits.save(self.path, mark + change(self.text).encode(), opened=self.raw)
        except ChangedMeanwhileError as error:
            note(text.EDITOR_CHANGED_MEANWHILE, error=error)
        except ClinicSearchError as error:
            note(text.EDITOR_NOT_SAVED, error=error)
        else:
            self.open_again()
            note(done)

    def undo(self, edit: Edit) -> None:
        """Undo the last change that was made here."""
        try:
            edits.undo(self.path, edit)
        except ClinicSearchError as error:
            note(text.EDITOR_NOT_UNDONE, error=error)
        else:
            note(text.EDITOR_UNDONE)
            self.open_again()

    def _keep(self, raw: bytes | None, token: int) -> None:
        st.session_state[self._key] = (raw, token)


def decoded(raw: bytes, path: Path) -> str:
    """Return the text of a file's bytes, without a byte order mark; ContentError otherwise."""
    from core.files.csv_table import CsvTable, decode

    return decode(CsvTable(path, path.name, ()), raw)


def draw_buttons(
    file: OpenFile,
    save: Callable[..., None],
    *given: object,
    is_changed: bool,
    disabled: bool = False,
) -> None:
    """Draw the buttons that save the fields, drop what was typed, and undo the last change."""
    st.button(
        text.EDITOR_SAVE,
        key=f"editor-save-{file.path.stem}",
        type="primary",
        disabled=disabled,
        on_click=save,
        args=given,
    )
    if is_changed:
        key = f"editor-again-{file.path.name}"
        st.button(text.EDITOR_OPEN_AGAIN, key=key, on_click=_open_again, args=(file.path,))
    _draw_undo(file)


def _draw_undo(file: OpenFile) -> None:
    """Draw the button that undoes the last change, or say why it cannot be undone."""
    try:
        edit = edits.last_edit(file.path)
    except (ClinicSearchError, OSError):  # what is wrong with it is said above the fields
        return
    if edit is None:
        return
    if not edit.is_latest:
        st.html(block(f"<p>{text.EDITOR_UNDO_NOT}</p>"))
        return
    label = text.EDITOR_UNDO.format(when=_when(edit.made))
    st.button(label, key=f"editor-undo-{file.path.name}", on_click=_undo, args=(file.path, edit))


def after_saving() -> str:
    """Say when a saved change counts, and link to the preview."""
    return (
        f"<p>{text.EDITOR_AFTER} "
        f'<a class="cs-in" href="{address(CANDIDATE)}">{text.EDITOR_AFTER_GO}</a></p>'
    )


def conflict_html(file: OpenFile, mine: str) -> str:
    """Show both sides where a file was changed elsewhere while it was edited here."""
    opened, path = file.text, file.path
    now = decoded(edits.read(path) or b"", path)
    theirs, ours = text.EDITOR_BOTH
    return (
        f'<div class="cs-note cs-refused"><p>{text.EDITOR_CHANGED_MEANWHILE}</p>'
        f"<h2>{theirs}</h2>{_difference(opened, now)}<h2>{ours}</h2>{_difference(opened, mine)}"
        f"<p>{text.EDITOR_OPEN_AGAIN_HOW}</p></div>"
    )


def problems_html(error: ClinicSearchError) -> str:
    """List what keeps the text from being saved: where, what was found, what was expected."""
    found = error.errors if isinstance(error, SeveralContentErrors) else [error]
    items = "".join(f"<li>{_problem(problem)}</li>" for problem in found)
    return (
        f'<div class="cs-note cs-refused"><p>{text.EDITOR_PROBLEMS}</p>'
        f'<ul class="cs-problems">{items}</ul></div>'
    )


def _problem(error: ClinicSearchError) -> str:
    where = (error.where or "").rpartition(", ")[2]
    expected, found, _ = text.EDITOR_FAILED_FACTS
    details = "; ".join(
        f"{name.lower()}: {escape(words)}"
        for name, words in ((found, error.found), (expected, error.expected))
        if words
    )
    return f"<strong>{escape(where)}</strong>: {details or escape(error.problem)}"


def _difference(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    kept = [line for line in lines if line[:3] not in ("---", "+++")]
    more = ["…"] if len(kept) > _MOST_LINES else []
    return f"<pre>{escape(chr(10).join([*kept[:_MOST_LINES], *more]))}</pre>"


def _when(made: datetime) -> str:
    return f"{text.day(made.date())}, {made:%H:%M}"


@for_staff
def _undo(path: Path, edit: Edit) -> None:
    OpenFile(path).undo(edit)


@for_staff
def _open_again(path: Path) -> None:
    OpenFile(path).open_again()
