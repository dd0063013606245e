"""A file that the clinic edits: it counts when saved, and a bad save takes nothing from patients.

If the file is missing, broken or lacks what patients need, its last good version is used: first
what this process has read, then the copy in the index, then the default.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from core.errors import ClinicSearchError, message
from core.files.regular_file import read_regular
from index.store.pointers import CURRENT
from index.store.settings_copy import TAKE_OUT, copy_folder

Read = TypeVar("Read")

_MOST_NAMED = 10

_log = logging.getLogger("clinic.ui")


class Source(StrEnum):
    """Where the version in use comes from."""

    CONTENT = "content"
    LAST = "last"
    INDEX = "index"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class InUse(Generic[Read]):
    """The version in use; `problem` says why it is not the file itself, else empty."""

    value: Read
    source: Source
    problem: str = ""


class ReloadingFile(Generic[Read]):
    """Reads a file of the content folder, and again whenever it or the index changes.

    `read` reads it from a folder; `default` is used when there is no good version. `lost` names
    what the copy in the index has and a new version lacks; such a version is not used. To remove
    something for good, an ingest makes a new copy. `default_for` says what the default depends on.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[Path], Read],
        default: Callable[[], Read],
        *,
        lost: Callable[[Read, Read], Sequence[str]] = lambda _copy, _new: (),
        default_for: Callable[[], object] = lambda: None,
    ) -> None:
        self.name = name
        self._read = read
        self._default = default
        self._lost = lost
        self._default_for = default_for
        self._lock = Lock()
        self._signatures: tuple[object, object] = (None, None)
        self._read_here: Read | str = ""
        self._last_good: tuple[Path, Read] | None = None
        self._now: InUse[Read] | None = None
        self._logged = ""

    def in_use(self, content: Path, built: Path | None = None) -> InUse[Read]:
        """Return the version in use. Never raises, because the page must stay up."""
        of_file = (content, signature(content / self.name))
        of_index = (built, signature(built / CURRENT) if built else None, self._default_for())
        with self._lock:
            if self._now is None or self._signatures != (of_file, of_index):
                if self._now is None or self._signatures[0] != of_file:
                    self._read_here = self._read_or_problem(content)
                self._signatures = (of_file, of_index)
                self._now = self._chosen(content, built)
                self._log(self._now.problem)
            return self._now

    def _chosen(self, content: Path, built: Path | None) -> InUse[Read]:
        copy = self._copy(content, copy_folder(built) if built else None)
        problem = self._problem(content, copy)
        if not problem and not isinstance(self._read_here, str):
            self._last_good = (content, self._read_here)
            return InUse(self._read_here, Source.CONTENT)
        folder, last = self._last_good or (None, copy)
        if folder == content and not isinstance(last, str) and not self._lacks(copy, last):
            return InUse(last, Source.LAST, problem)
        if not isinstance(copy, str):
            return InUse(copy, Source.INDEX, problem)
        return InUse(self._default(), Source.DEFAULT, problem)

    def _copy(self, content: Path, folder: Path | None) -> Read | str:
        """Return the copy in the index; it is not parsed if it equals the file byte for byte."""
        if folder is None or not (folder / self.name).is_file():
            return ""
        with suppress(OSError):
            if read_regular(content / self.name) == read_regular(folder / self.name):
                return self._read_here
        return self._read_or_problem(folder)

    def _problem(self, content: Path, copy: Read | str) -> str:
        path, has_copy = content / self.name, not isinstance(copy, str)
        if not path.exists() and (has_copy or isinstance(self._read_here, str)):
            fix = "put the file back, then run: python -m ingest"
            return message(f"{path} is missing.", fix=fix)
        if isinstance(self._read_here, str):
            return self._read_here
        if not (lacking := self._lacks(copy, self._read_here)):
            return ""
        return (
            f"{path} lacks what patients had: {', '.join(lacking[:_MOST_NAMED])}"
            f"{', ...' * (len(lacking) > _MOST_NAMED)}.\n"
            f"  to fix it: put that back; or, to take it out for good, run: {TAKE_OUT}"
        )

    def _lacks(self, copy: Read | str, version: Read) -> Sequence[str]:
        return () if isinstance(copy, str) else self._lost(copy, version)

    def _read_or_problem(self, folder: Path) -> Read | str:
        """Return the file in a folder, or a text that says why it cannot be used."""
        try:
            return self._read(folder)
        except ClinicSearchError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001  the page must stay up
            return f"{folder / self.name} cannot be read ({type(error).__name__})."

    def _log(self, problem: str) -> None:
        """Log each new problem once."""
        if problem and problem != self._logged:
            _log.error("%s\n  Its last good version is used instead.", problem)
        self._logged = problem


def signature(path: Path) -> tuple[int, ...] | None:
    """Return a value that changes with the file; None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
