"""Which generations on disk are named, and by what; what nothing names is cleaned away.

`current` holds the id to serve, `candidate` the one that waits to be accepted, `history` those
that were served last, the latest first. Each is replaced as a whole. Nothing depends on a clock.
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
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Named:
    """Which generations are named: to be served, waiting to be accepted, served before."""

    current: str | None = None
    candidate: str | None = None
    previous: str | None = None


def named(built: Path) -> Named:
    """Read which generations are named, `current` once: all three are as seen from that one.

    Who asks for them one after the other may see a publish in between.
    """
    current = current_generation(built)
    return Named(current, _candidate(built, current), _previous(built, current))


def current_generation(built: Path) -> str | None:
    """Return the id of the generation to serve, or None when none was published."""
    return _named(built / CURRENT)


def candidate_generation(built: Path) -> str | None:
    """Return the id of the generation that waits to be accepted, or None."""
    return _candidate(built, current_generation(built))


def previous_generation(built: Path) -> str | None:
    """Return the id of the generation that `roll_back` would serve, or None."""
    return _previous(built, current_generation(built))


def promote(built: Path, generation: str) -> None:
    """Have `current` name a generation on disk, and `history` it and the one served before."""
    served = dict.fromkeys([generation, _readable(built / CURRENT), *_served(built)])
    kept = [name for name in served if name and (built / name).is_dir()][:2]
    set_pointer(built / CURRENT, [generation])
    # Dying here loses nothing: the first of the old history that is not current is the one served
    # before, whichever way it went.
    set_pointer(built / HISTORY, kept)


def serve_again(built: Path, generation: str) -> None:
    """Have `current` name the generation before, also where there is not room for one more byte.

    What then becomes `current` is `history`, which has its room already and can be missed: with
    nothing else there, the generation beside the current one is the one before.
    """
    try:
        promote(built, generation)
    except OSError as error:
        if error.errno not in _NO_ROOM or _readable(built / CURRENT) == generation:
            raise
        prune(built)
        kept = [generation, *(name for name in (_readable(built / CURRENT),) if name)]
        try:
            # Dying in here leaves a history that names the generation before, and nothing else.
            with (built / HISTORY).open("r+b", buffering=0) as stream:
                stream.write(f"{generation}\n".encode())
                stream.truncate()
                os.fsync(stream.fileno())
        except FileNotFoundError:
            raise error from None
        (built / HISTORY).replace(built / CURRENT)
        sync(built)
        with suppress(OSError):  # in the room of the former `current`
            set_pointer(built / HISTORY, kept)


def set_pointer(path: Path, generations: Iterable[str]) -> None:
    """Replace a file that names generations, atomically and for good."""
    replace(path, "".join(f"{generation}\n" for generation in generations).encode())


def forget_candidate(built: Path) -> None:
    """Have no generation wait to be accepted."""
    if (built / CANDIDATE).exists():
        (built / CANDIDATE).unlink()
        sync(built)


def remove_temporary(built: Path) -> None:
    """Remove what was half-written when a run was killed."""
    for path in built.iterdir():
        if path.name.startswith(TEMPORARY):
            _remove(path)


def prune(built: Path) -> None:
    """Remove what was half-written, and every generation that nothing names."""
    remove_temporary(built)
    try:
        now = named(built)
    except IndexUnavailableError:  # nobody knows what may go
        return
    if now.candidate is None:
        forget_candidate(built)  # it may name the current one
    for path in _folders(built):
        if path.name not in (now.current, now.candidate, now.previous):
            _remove(path)


def generations(built: Path) -> list[str]:
    """Return the ids of the generations on disk, whatever names them."""
    return [path.name for path in _folders(built)]


def _candidate(built: Path, current: str | None) -> str | None:
    candidate = _named(built / CANDIDATE)
    return None if candidate == current else candidate


def _previous(built: Path, current: str | None) -> str | None:
    return next((name for name in _served(built) if name != current), None)


def protect(folder: Path) -> None:
    """Have nobody write to the files of a generation by mistake; it can be removed as before.

    Whoever overwrites one that is mapped into memory kills the page.
    """
    if os.name == "nt":
        return  # a file could not be removed there any more
    for path in folder.rglob("*"):
        mode = path.stat().st_mode
        if path.is_file() and mode & _WRITABLE:
            with suppress(PermissionError):  # a second name of a file that another user made
                path.chmod(mode & ~_WRITABLE & 0o7777)


def _named(path: Path) -> str | None:
    """Return the one id that a file holds, None without the file; refuse any other text."""
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


def _readable(path: Path) -> str | None:
    try:
        return _named(path)
    except IndexUnavailableError:
        return None


def _served(built: Path) -> list[str]:
    """Return the generations on disk that have been served, the latest first."""
    try:
        named = (built / HISTORY).read_text(encoding="ascii", errors="replace").split()
    except OSError:  # an index from before there was a history: one beside the current, at most
        candidate = _readable(built / CANDIDATE)
        named = [path.name for path in _folders(built) if path.name != candidate]
    return [found for found in named if _GENERATION.fullmatch(found) and (built / found).is_dir()]


def _folders(built: Path) -> list[Path]:
    found = built.iterdir() if built.is_dir() else ()
    return sorted(path for path in found if _GENERATION.fullmatch(path.name))


def _remove(path: Path) -> None:
    if path.is_dir():
        # A page may hold a file of it open (Windows refuses then): the next run removes it.
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
