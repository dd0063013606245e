"""Changes the files that a clinic edits: whole or not at all, and so that it can be undone.

What a file held before lies in `.history/NAME/` beside it, at most KEPT versions; its name there
says what the file became, so that an edit made elsewhere since is never undone by mistake.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import ContentError
from index.pointers import sync
from index.regular_file import read_regular

HISTORY = ".history"
KEPT = 10
_TEMPORARY = ".writing-"
_NAME = re.compile(r"(\d{6})-([0-9a-f]{16})(-new)?")
_WAIT_S = 5.0


class ChangedMeanwhileError(ContentError):
    """A file is no longer what it was when somebody began to edit it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The last change that was made here to a file: where the former text lies, and since when.

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
    the folder cannot be written to. The file is then as it was.
    """
    path = path.resolve()
    with _writing(path):
        held = read(path)
        if held != opened:
            raise _changed(path)
        if held == new:
            return
        kept = _versions(path)
        number = int(kept[-1].name[:6]) + 1 if kept else 1
        name = f"{number:06d}-{_digest(new)}{'' if held is not None else '-new'}"
        _replace(_folder(path) / name, held or b"")
        _replace(path, new)
        for old in _versions(path)[:-KEPT]:
            old.unlink()


def last_edit(path: Path) -> Edit | None:
    """Return the change that `undo` would take back, None when there is none."""
    path = path.resolve()
    held = read(path)
    for version in reversed(_versions(path)):
        is_latest = held is not None and version.name[7:23] == _digest(held)
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
        if last.before.name.endswith("-new"):
            path.unlink()
            sync(path.parent)
        else:
            _replace(path, last.before.read_bytes())
        last.before.unlink()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    folder = _folder(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / ".lock", timeout=_WAIT_S):
            yield
    except Timeout as error:
        raise ContentError(
            "Somebody else is saving at this moment.",
            where=str(path),
            mend="wait a little and save again",
        ) from error
    except OSError as error:
        raise _refused(path, error) from error


def _replace(path: Path, raw: bytes) -> None:
    temporary = path.with_name(f"{_TEMPORARY}{path.name}")
    temporary.write_bytes(raw)
    if path.exists():
        temporary.chmod(path.stat().st_mode & 0o7777)
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def _folder(path: Path) -> Path:
    return path.parent / HISTORY / path.name


def _versions(path: Path) -> list[Path]:
    """Return what a file held before each edit, the last one last."""
    folder = _folder(path)
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(one for one in found if _NAME.fullmatch(one.name))


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


def _changed(path: Path) -> ChangedMeanwhileError:
    return ChangedMeanwhileError(
        "The file was changed elsewhere meanwhile, so nothing was written.",
        where=str(path),
        expected="what was opened here",
        found="another text",
        mend="open it again and make the change there",
    )


def _refused(path: Path, error: OSError) -> ContentError:
    return ContentError(
        "The file cannot be changed from here; it is as it was.",
        where=str(error.filename or path),
        expected="a folder that this page may write to",
        found=error.strerror or str(error),
        mend="let the page write to the content folder, or edit the file on its computer",
    )
