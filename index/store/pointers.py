"""The pointers to generations: files that name the generations in use; no other generation stays.

`current` holds the id to serve, `candidate` the id that waits to be published, `history` the ids
that served last, the latest first. Each file is replaced as a whole. Nothing depends on a clock.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import IndexUnavailableError
from core.files.atomic import TEMPORARY, replace, sync
from index.store.integrity import damaged, unreadable

CURRENT, CANDIDATE, HISTORY = "current", "candidate", "history"
_GENERATION = re.compile(r"[0-9a-f]{16}")
_WRITABLE = 0o222
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Pointers:
    """The ids of the generation that serves, of the candidate and of the previous generation."""

    current: str | None = None
    candidate: str | None = None
    previous: str | None = None


def read_pointers(built: Path) -> Pointers:
    """Read the pointers, `current` only once: a publish in between does not mix them."""
    current = current_generation(built)
    return Pointers(current, _candidate(built, current), _previous(built, current))


def current_generation(built: Path) -> str | None:
    """Return the id of the generation to serve, None before the first publish."""
    return _read_pointer(built / CURRENT)


def candidate_generation(built: Path) -> str | None:
    """Return the id of the generation that waits to be published, None without one."""
    return _candidate(built, current_generation(built))


def previous_generation(built: Path) -> str | None:
    """Return the id of the generation that `roll_back` would serve, None without one."""
    return _previous(built, current_generation(built))


def promote(built: Path, generation: str) -> None:
    """Point `current` to a generation on disk, and `history` to it and the one before."""
    served = dict.fromkeys([generation, _read_pointer_or_none(built / CURRENT), *_served(built)])
    kept = [name for name in served if name and (built / name).is_dir()][:2]
    set_pointer(built / CURRENT, [generation])
    # A crash here loses nothing: the first id of the old history that is not current is the
    # generation that served before.
    set_pointer(built / HISTORY, kept)


def promote_on_full_disk(built: Path, generation: str) -> None:
    """Point `current` to the previous generation, even where the disk has no free byte.

    `history` has its space on the disk already, so it is rewritten and becomes `current`. Without
    it, the other generation on disk counts as the previous one.
    """
    try:
        promote(built, generation)
    except OSError as error:
        if error.errno not in _DISK_FULL or _read_pointer_or_none(built / CURRENT) == generation:
            raise
        prune(built)
        kept = [generation, *(name for name in (_read_pointer_or_none(built / CURRENT),) if name)]
        try:
            # A crash in here leaves a history that names the previous generation, nothing else.
            with (built / HISTORY).open("r+b", buffering=0) as stream:
                stream.write(f"{generation}\n".encode())
                stream.truncate()
                os.fsync(stream.fileno())
        except FileNotFoundError:
            raise error from None
        (built / HISTORY).replace(built / CURRENT)
        sync(built)
        with suppress(OSError):  # in the space of the former `current`
            set_pointer(built / HISTORY, kept)


def set_pointer(path: Path, generations: Iterable[str]) -> None:
    """Replace a pointer file, atomically and flushed to the disk."""
    replace(path, "".join(f"{generation}\n" for generation in generations).encode())


def forget_candidate(built: Path) -> None:
    """Remove the pointer to the candidate."""
    if (built / CANDIDATE).exists():
        (built / CANDIDATE).unlink()
        sync(built)


def remove_temporary(built: Path) -> None:
    """Remove the unfinished files of a run that was killed."""
    for path in built.iterdir():
        if path.name.startswith(TEMPORARY):
            _remove(path)


def prune(built: Path) -> None:
    """Remove unfinished files and every generation that no pointer names."""
    remove_temporary(built)
    try:
        now = read_pointers(built)
    except IndexUnavailableError:  # an unreadable pointer may name any of them
        return
    if now.candidate is None:
        forget_candidate(built)  # the file may name the current generation
    for path in _folders(built):
        if path.name not in (now.current, now.candidate, now.previous):
            _remove(path)


def generations(built: Path) -> list[str]:
    """Return the ids of all generations on disk, in order."""
    return [path.name for path in _folders(built)]


def _candidate(built: Path, current: str | None) -> str | None:
    candidate = _read_pointer(built / CANDIDATE)
    return None if candidate == current else candidate


def _previous(built: Path, current: str | None) -> str | None:
    return next((name for name in _served(built) if name != current), None)


def protect(folder: Path) -> None:
    """Make the files of a generation read-only; its folder can still be removed.

    Overwriting a file that is mapped into memory kills the page.
    """
    if os.name == "nt":
        return  # Windows does not remove read-only files
    for path in folder.rglob("*"):
        mode = path.stat().st_mode
        if path.is_file() and mode & _WRITABLE:
            with suppress(PermissionError):  # a hard link to a file of another user
                path.chmod(mode & ~_WRITABLE & 0o7777)


def _read_pointer(path: Path) -> str | None:
    """Return the id in a pointer file, None without the file; refuse any other text."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, "the id of a generation", error) from error
    text = raw.decode("ascii", errors="replace")
    generation = text[:-1]
    if not text.endswith("\n") or not _GENERATION.fullmatch(generation):
        raise damaged(path, "the id of a generation: 16 of 0-9a-f and a new line", repr(text[:40]))
    return generation


def _read_pointer_or_none(path: Path) -> str | None:
    try:
        return _read_pointer(path)
    except IndexUnavailableError:
        return None


def _served(built: Path) -> list[str]:
    """Return the ids of the generations on disk that have served, the latest first."""
    try:
        names = (built / HISTORY).read_text(encoding="ascii", errors="replace").split()
    except OSError:  # without a history at most one generation lies beside the current one
        candidate = _read_pointer_or_none(built / CANDIDATE)
        names = [path.name for path in _folders(built) if path.name != candidate]
    return [name for name in names if _GENERATION.fullmatch(name) and (built / name).is_dir()]


def _folders(built: Path) -> list[Path]:
    found = built.iterdir() if built.is_dir() else ()
    return sorted(path for path in found if _GENERATION.fullmatch(path.name))


def _remove(path: Path) -> None:
    if path.is_dir():
        # Windows refuses while a page has one of its files open: the next run removes it then.
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
