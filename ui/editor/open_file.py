"""A content file that is edited in a browser: open, save, undo, or refuse with reasons."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from core.errors import ClinicSearchError, ContentError, SeveralContentErrors
from core.files import edits
from core.files.csv_table import CsvTable, decode
from core.files.edits import ChangedMeanwhileError
from ui.editor.frame import CANDIDATE, address, block, for_staff, frame, note, rendered
from ui.languages import text

if TYPE_CHECKING:
    from core.files.edits import Edit

_MOST_LINES = 200
Parsed = TypeVar("Parsed")


class OpenFile:
    """The file as a session opened it. `token` changes whenever the fields must be reset."""

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
        """Write the text that `change` returns, with the byte order mark that the file had.

        The note says `done`, or the error that `change` raises.
        """
        try:
            edits.save_text(self.path, change(self.text), opened=self.raw)
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


def opened(
    section: str,
    lead: str,
    path: Path,
    parse: Callable[[OpenFile], Parsed],
    *,
    is_typed: Callable[[OpenFile], bool],
) -> tuple[OpenFile, Parsed] | None:
    """Open a file for a section and parse it; follow it where `is_typed` says that nothing was.

    Where it cannot be read, draw the section with its `lead`, say how else to edit it, and return
    None: every page for staff names the file and its problem at the top.
    """
    try:
        file = OpenFile(path)
        if not _is_typed(file, is_typed):
            file.follow()
        return file, parse(file)
    except ContentError:
        st.html(frame(section, f"{lead}<p>{text.EDITOR_BY_HAND}</p>"))
        return None


def _is_typed(file: OpenFile, is_typed: Callable[[OpenFile], bool]) -> bool:
    try:
        return is_typed(file)
    except ContentError:
        return False  # no field was drawn


def decoded(raw: bytes, path: Path) -> str:
    """Return the text of a file's bytes, without a byte order mark; ContentError otherwise."""
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
    draw_undo(file)


def draw_undo(file: OpenFile) -> None:
    """Draw the button that undoes the last change, or say why it cannot be undone."""
    try:
        edit = edits.last_edit(file.path)
    except (ClinicSearchError, OSError):  # the problem is named above the fields
        return
    if edit is None:
        return
    if not edit.is_latest:
        st.html(block(f"<p>{text.EDITOR_UNDO_NOT}</p>"))
        return
    label = text.EDITOR_UNDO.format(when=text.moment(edit.made))
    st.button(label, key=f"editor-undo-{file.path.name}", on_click=_undo, args=(file.path, edit))


def after_saving() -> str:
    """Say when a saved change counts, and link to the preview."""
    return (
        f"<p>{text.EDITOR_AFTER} "
        f'<a class="cs-in" href="{address(CANDIDATE)}">{text.EDITOR_AFTER_GO}</a></p>'
    )


def conflict_html(file: OpenFile, mine: str) -> str:
    """Show both sides where a file was changed elsewhere while it was edited here."""
    now = decoded(edits.read(file.path) or b"", file.path)
    differences = [_difference(file.text, changed) for changed in (now, mine)]
    return rendered("conflict", differences=differences)


def problems_html(error: ClinicSearchError) -> str:
    """List what keeps the text from being saved: where, what was found, what was expected."""
    errors = error.errors if isinstance(error, SeveralContentErrors) else [error]
    return rendered("problems", errors=errors)


def _difference(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    changed = [line for line in lines if line[:3] not in ("---", "+++")]
    more = ["…"] if len(changed) > _MOST_LINES else []
    return "\n".join([*changed[:_MOST_LINES], *more])


@for_staff
def _undo(path: Path, edit: Edit) -> None:
    OpenFile(path).undo(edit)


@for_staff
def _open_again(path: Path) -> None:
    OpenFile(path).open_again()
