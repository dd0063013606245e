"""Saves the files that a clinic edits, each in one step and so that the save can be undone.

`.history/NAME/` beside a file holds at most KEPT earlier versions of it. A version's name says what
the file became, so that an edit made elsewhere since is never undone by mistake.

A save writes the new text into `.history` and exchanges it with the file in one step, so that the
history gets what the file really held. If that is not what the file held a moment ago, another
program has saved it, and the save puts it back.
"""

from __future__ import annotations

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
    "undo",
]

_WAIT_S = 5.0


class ChangedMeanwhileError(ContentError):
    """The file has changed since somebody began to edit it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The last change made here to a file: the version that holds the text before it, and when.

    `is_latest` says whether the file still is as that change left it.
    """

    before: Path
    made: datetime
    is_latest: bool


def read(path: Path) -> bytes | None:
    """Return what a file holds now, None when there is no such file; ContentError otherwise."""
    try:
        return read_regular(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(path, error) from error


def save(path: Path, new: bytes, *, opened: bytes | None) -> None:
    """Replace what a file holds, keeping what it held; `opened` is what the editor began with.

    Raises ChangedMeanwhileError when the file holds something else by now, and ContentError when
    the folder cannot be written to. The file is then as it was, and so is what can be undone.
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


def last_edit(path: Path) -> Edit | None:
    """Return the change that `undo` would take back, None when there is none."""
    path = path.resolve()
    held = read(path)
    for version in reversed(versions(path)):
        if version.name.endswith(NEW) and held is None:
            continue  # it was never made, or was removed again
        is_latest = held is not None and became(version) == digest(held)
        try:
            made = datetime.fromtimestamp(version.stat().st_mtime)
        except OSError:  # undone a moment ago
            continue
        return Edit(version, made, is_latest)
    return None


def undo(path: Path, edit: Edit) -> None:
    """Give a file back what it held before an edit.

    Raises ChangedMeanwhileError when that is not the last one, or the file has been changed
    since, and ContentError when the folder cannot be written to.
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
            with suppress(PermissionError):  # a file of another user, who left it to us to replace
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
    place = folder(path)
    busy = ContentError(
        "Somebody else is saving at this moment.",
        where=str(path),
        fix="wait a little and save again",
    )
    try:
        with lock(place.parent / ".lock", busy, wait_s=_WAIT_S):
            place.mkdir(exist_ok=True)
            yield
    except OSError as error:
        raise _refused(path, error) from error


def _exchange(version: Path, path: Path, expected: str) -> None:
    """Exchange a version with the file, and back again if the file held another text."""
    try:
        swap(version, path)
    except FileNotFoundError as error:  # it was removed at this moment
        raise _changed(path) from error
    try:
        _require(version, expected, path)
        sync(path.parent)
        sync(version.parent)
    except BaseException:
        swap(version, path)
        raise


def _require(version: Path, expected: str, path: Path) -> None:
    if digest(version.read_bytes()) != expected:
        raise _changed(path)


def _create(path: Path, new: bytes, version: Path) -> None:
    """Create a file, unless it exists by now."""
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
    """Remove a file that an edit created, unless it holds another text at the last moment."""
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
    """Remove the version of a save that failed, but nothing that another program wrote."""
    with suppress(FileNotFoundError):
        if version.read_bytes() == ours:
            version.unlink()
        else:
            version.replace(outside(version))


def _changed(path: Path) -> ChangedMeanwhileError:
    return ChangedMeanwhileError(
        "The file was changed elsewhere meanwhile, so nothing was written.",
        where=str(path),
        expected="what was opened here",
        found="another text",
        fix="open it again and make the change there",
    )


def _refused(path: Path, error: OSError) -> ContentError:
    return ContentError(
        "The file cannot be changed from here; it is as it was.",
        where=str(error.filename or path),
        expected="a folder that this page may write to, with room on its disk",
        found=error.strerror or str(error),
        fix="let the page write to the content folder and give its disk room, "
        "or edit the file on its computer",
    )
