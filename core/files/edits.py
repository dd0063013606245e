"""Save the files that a clinic edits, each in one step, and undo the save.

`.history/NAME/` beside a file holds at most KEPT earlier versions. A version's name has the digest
of the file after the edit, so that an edit made elsewhere since is never undone by mistake.

A save writes the new text into `.history` and exchanges it with the file in one step, so that the
history gets the text that the file really held. If that is another text than a moment ago, another
program has saved the file, and the save puts that text back.
"""

from __future__ import annotations

import codecs
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import ContentError
from core.files.atomic import TEMPORARY, lock, name, replace, swap, sync
from core.files.edit_history import (
    HISTORY,
    KEPT,
    NEW,
    became,
    clear,
    digest,
    folder,
    next_version,
    outside,
    versions,
)
from core.files.regular_file import read_regular

__all__ = [
    "HISTORY",
    "KEPT",
    "ChangedMeanwhileError",
    "Edit",
    "last_edit",
    "read",
    "save",
    "save_text",
    "undo",
]

_WAIT_S = 5.0


class ChangedMeanwhileError(ContentError):
    """The file has changed since somebody began to edit it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The last change made here to a file: the version with the text before it, and its time.

    `is_latest` says whether the file is still as that change left it.
    """

    before: Path
    made: datetime
    is_latest: bool


def read(path: Path) -> bytes | None:
    """Return the bytes of a file, None for no file; raise ContentError when unreadable."""
    try:
        return read_regular(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(path, error) from error


def save(path: Path, new: bytes, *, opened: bytes | None) -> None:
    """Replace the content of a file, and keep the old content; `opened` is what the editor saw.

    Raises ChangedMeanwhileError if the file holds something else now, and ContentError if the
    folder cannot be written to. The file and its history are then as they were.
    """
    path = path.resolve()
    with _writing(path):
        held = read(path)
        if held != opened:
            raise _changed(path)
        if held == new:
            return
        version = next_version(path, new, is_new=held is None)
        try:
            if held is None:
                _create(path, new, version)
            else:
                replace(version, new, like=path)
                _exchange(version, path, digest(held))
        except BaseException:
            _give_up(version, new if held is not None else b"")
            raise
        with suppress(OSError):
            os.utime(version)  # when it was replaced, not when it was written
        clear(path)


def save_text(path: Path, new: str, *, opened: bytes | None) -> None:
    """Save a text in UTF-8 as `save` does, with the byte order mark that the file had."""
    mark = codecs.BOM_UTF8 if (opened or b"").startswith(codecs.BOM_UTF8) else b""
    save(path, mark + new.encode(), opened=opened)


def last_edit(path: Path) -> Edit | None:
    """Return the change that `undo` would undo, None if there is none."""
    path = path.resolve()
    held = read(path)
    for version in reversed(versions(path)):
        if version.name.endswith(NEW) and held is None:
            continue  # the file was never made, or was removed
        is_latest = held is not None and became(version) == digest(held)
        try:
            made = datetime.fromtimestamp(version.stat().st_mtime)
        except OSError:  # undone a moment ago
            continue
        return Edit(version, made, is_latest)
    return None


def undo(path: Path, edit: Edit) -> None:
    """Restore the content of a file from before an edit.

    Raises ChangedMeanwhileError if it is not the last edit or the file has changed since, and
    ContentError if the folder cannot be written to.
    """
    path = path.resolve()
    with _writing(path):
        last = last_edit(path)
        if last is None or last.before != edit.before or not last.is_latest:
            raise _changed(path)
        version, before = last.before, last.before.read_bytes()
        if version.name.endswith(NEW):
            _remove(path, version)
        else:
            with suppress(PermissionError):  # another user's file that we may replace
                shutil.copymode(path, version)
            sync(version)
            try:
                _exchange(version, path, became(version))
            except BaseException:
                if version.read_bytes() != before:  # saved elsewhere, twice in this moment
                    version.replace(outside(version))
                    replace(version, before, like=path)
                raise
        version.unlink()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    history = folder(path)
    busy = ContentError(
        "Somebody else is saving now.", where=str(path), fix="wait a little and save again"
    )
    try:
        with lock(history.parent / ".lock", busy, wait_s=_WAIT_S):
            history.mkdir(exist_ok=True)
            yield
    except OSError as error:
        raise _refused(path, error) from error


def _exchange(version: Path, path: Path, expected: str) -> None:
    """Exchange a version with the file; exchange them back if the file held another text."""
    try:
        swap(version, path)
    except FileNotFoundError as error:  # it was removed at this moment
        raise _changed(path) from error
    try:
        is_expected = digest(version.read_bytes()) == expected
        if is_expected:
            sync(path.parent)
            sync(version.parent)
    except BaseException:
        swap(version, path)
        raise
    if not is_expected:
        swap(version, path)
        raise _changed(path)


def _create(path: Path, new: bytes, version: Path) -> None:
    """Create a file, unless it exists now."""
    first = version.with_name(f"{TEMPORARY}first")
    try:
        replace(first, new, like=path)
        replace(version, b"", like=path)
        name(first, path)
    except FileExistsError as error:
        raise _changed(path) from error
    finally:
        first.unlink(missing_ok=True)
    try:
        sync(path.parent)
    except OSError:
        _remove(path, version)
        raise


def _remove(path: Path, version: Path) -> None:
    """Remove a file that an edit created, unless its text has changed at the last moment."""
    removed = outside(version)
    path.replace(removed)
    if digest(removed.read_bytes()) != became(version):
        with suppress(FileExistsError):  # then it stays in the history
            name(removed, path)
            removed.unlink(missing_ok=True)
        raise _changed(path)
    removed.unlink()
    with suppress(OSError):
        sync(path.parent)


def _give_up(version: Path, ours: bytes) -> None:
    """Remove the version of a failed save, but nothing that another program wrote."""
    with suppress(FileNotFoundError):
        if version.read_bytes() == ours:
            version.unlink()
        else:
            version.replace(outside(version))


def _changed(path: Path) -> ChangedMeanwhileError:
    return ChangedMeanwhileError(
        "The file was changed elsewhere meanwhile, so nothing was saved.",
        where=str(path),
        expected="the text that was opened here",
        found="another text",
        fix="open it again and repeat the change",
    )


def _refused(path: Path, error: OSError) -> ContentError:
    return ContentError(
        "The file cannot be changed from here; it is as it was.",
        where=str(error.filename or path),
        expected="a folder that this page may write to, with room on its disk",
        found=error.strerror or str(error),
        fix="give this page the right to write to the content folder, and its disk room, "
        "or edit the file on its computer",
    )
