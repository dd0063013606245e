"""Runs an ingest whenever somebody saves a file in the content folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from core.errors import BusyError, ClinicSearchError, UsageError

# Programs save in several steps, and people save several files: a change is over when nothing has
# changed for QUIET_S; a folder that never rests is read after _LONGEST_S all the same.
QUIET_S = 0.5
_LONGEST_S = 10.0
# While another ingest is at work.
_BUSY_S = 2.0
# What programs put beside a file that is open.
_LOCKS = ("~$", ".")
_BACKUPS = ("~", ".tmp", ".swp", ".crdownload", ".part")


def changes(
    folder: Path,
    *,
    stop: Event,
    exclude: Path | None = None,
    quiet_s: float = QUIET_S,
    polling: bool | None = None,
) -> Iterator[frozenset[Path]]:
    """Yield the files that changed below a folder, each time it has come to rest.

    The first set is empty: from then on no change is missed, even while the caller is busy. An
    empty set comes again after the folder was missing. Hidden files, locks and files in `exclude`
    are left out. With `polling` every file is checked again and again, because the operating
    system reports no changes on network drives; None leaves it to WATCHFILES_FORCE_POLLING. Raises
    UsageError when the folder cannot be watched.
    """
    root, without = folder.resolve(), exclude.resolve() if exclude else None

    def counts(change: Change, name: str) -> bool:
        path = Path(name)
        if without and path.is_relative_to(without):
            return False
        if change is Change.modified and path.is_dir():
            return False  # the changed file in it is reported itself
        parts = path.relative_to(root).parts if path.is_relative_to(root) else (path.name,)
        return not any(part.startswith(_LOCKS) or part.endswith(_BACKUPS) for part in parts)

    while not stop.is_set():
        watched = _identity(root)
        if watched is None:
            stop.wait(quiet_s)
            continue
        is_new = True
        try:
            for found in watch(
                root,
                watch_filter=counts,
                step=int(quiet_s * 1000),
                debounce=int(max(_LONGEST_S, quiet_s) * 1000),
                rust_timeout=1,  # changes are collected once a step anyway
                yield_on_timeout=True,
                stop_event=stop,
                force_polling=polling,
                ignore_permission_denied=True,
            ):
                paths = frozenset(Path(name) for _, name in found)
                if paths or is_new:
                    yield paths
                is_new = False
                if _identity(root) != watched:  # another folder has its name now, or none
                    break
        except OSError as error:
            if _identity(root) is not None:
                raise _unwatchable(folder, error) from error


def watch_and_ingest(
    content: Path,
    built: Path,
    ingest: Callable[[], object],
    *,
    stop: Event | None = None,
    quiet_s: float = QUIET_S,
) -> None:
    """Ingest now and after every change, until Ctrl-C or `stop`.

    An error is printed, and the next change is ingested; what was published stays online.
    """
    stop = stop or Event()
    try:
        for found in changes(content, stop=stop, exclude=built, quiet_s=quiet_s):
            if found:
                print(f"{datetime.now():%H:%M:%S} {_named(found, content)}", file=sys.stderr)
            _ingest(ingest, stop)
            print(f"Watching {content}; press Ctrl-C to stop.", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("\nStopped watching.", file=sys.stderr)


def _ingest(ingest: Callable[[], object], stop: Event) -> None:
    while not stop.is_set():
        try:
            ingest()
        except BusyError as error:  # try again: this change must not wait for the next one
            print(error, file=sys.stderr)
            stop.wait(_BUSY_S)
            continue
        except (
            ClinicSearchError,
            OSError,
        ) as error:  # OSError: a file was removed while it was read
            print(error, file=sys.stderr)
        return


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _named(paths: frozenset[Path], content: Path) -> str:
    root = content.resolve()
    names = sorted(p.relative_to(root).as_posix() for p in paths if p.is_relative_to(root))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"changed: {', '.join(names[:3])}{more}"


def _unwatchable(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        "The folder cannot be watched for changes.",
        where=str(folder),
        expected="a folder that the operating system watches",
        found=error.strerror or str(error),
        fix="set WATCHFILES_FORCE_POLLING=1, then run the command again",
    )
