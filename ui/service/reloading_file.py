"""A file that the clinic edits: it counts as soon as it is saved, and a bad save costs nothing.

Where the file is missing, cannot be used, or has lost what patients need, its last sound state
serves: first the one that this process has read, then the copy in the index, then the default.
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

from core.errors import ClinicSearchError
from core.files.regular_file import read_regular
from index.store.pointers import CURRENT
from index.store.settings_copy import TAKE_OUT, copy_folder

Read = TypeVar("Read")

# As many lost things as a message names.
_NAMED = 10

_log = logging.getLogger("clinic.ui")


class Source(StrEnum):
    """Where the state that serves comes from."""

    CONTENT = "content"
    LAST = "last"
    INDEX = "index"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class InUse(Generic[Read]):
    """What serves now; `problem` says why the file itself does not, empty where it does."""

    value: Read
    source: Source
    problem: str = ""


class ReloadingFile(Generic[Read]):
    """Reads one file of the content folder, again whenever it or the index changes.

    `read` reads it from a folder; `default` is what serves when nothing sound was ever read;
    `lost` names what patients had by the copy in the index and would not have by a new state, which
    then does not serve. What is taken out on purpose goes with an ingest, which makes a new copy.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[Path], Read],
        default: Callable[[], Read],
        *,
        lost: Callable[[Read, Read], Sequence[str]] = lambda _copy, _new: (),
    ) -> None:
        self.name = name
        self._read = read
        self._default = default
        self._lost = lost
        self._lock = Lock()
        self._seen: tuple[object, object] = (None, None)
        self._own: Read | str = ""
        self._last: tuple[Path, Read] | None = None
        self._now: InUse[Read] | None = None
        self._said = ""

    def in_use(self, content: Path, built: Path | None = None) -> InUse[Read]:
        """Return what serves now, where it comes from, and why it is not the file itself.

        Never raises, because the page must stay up.
        """
        of_file = (content, signature(content / self.name))
        of_index = (built, signature(built / CURRENT) if built else None)
        with self._lock:
            if self._now is None or self._seen != (of_file, of_index):
                if self._now is None or self._seen[0] != of_file:
                    self._own = self._tried(content)
                self._seen = (of_file, of_index)
                self._now = self._chosen(content, built)
                self._say(self._now.problem)
            return self._now

    def _chosen(self, content: Path, built: Path | None) -> InUse[Read]:
        copy = self._copy(content, copy_folder(built) if built else None)
        problem = self._problem(content, copy)
        if not problem and not isinstance(self._own, str):
            self._last = (content, self._own)
            return InUse(self._own, Source.CONTENT)
        if self._last and self._last[0] == content and not self._lacks(copy, self._last[1]):
            return InUse(self._last[1], Source.LAST, problem)
        if not isinstance(copy, str):
            return InUse(copy, Source.INDEX, problem)
        return InUse(self._default(), Source.DEFAULT, problem)

    def _copy(self, content: Path, folder: Path | None) -> Read | str:
        """Return what the copy says; it is not read where it is the file itself, byte for byte."""
        if folder is None or not (folder / self.name).is_file():
            return ""
        with suppress(OSError):
            if read_regular(content / self.name) == read_regular(folder / self.name):
                return self._own
        return self._tried(folder)

    def _problem(self, content: Path, copy: Read | str) -> str:
        path, has_copy = content / self.name, not isinstance(copy, str)
        if not path.exists() and (has_copy or isinstance(self._own, str)):
            return f"{path} is missing.\n  to fix it: put the file back, then run: python -m ingest"
        if isinstance(self._own, str):
            return self._own
        if not (lacking := self._lacks(copy, self._own)):
            return ""
        return (
            f"{path} lacks what patients had: {', '.join(lacking[:_NAMED])}"
            f"{', ...' * (len(lacking) > _NAMED)}.\n"
            f"  to fix it: put that back; or, to take it out for good, run: {TAKE_OUT}"
        )

    def _lacks(self, copy: Read | str, state: Read) -> Sequence[str]:
        return () if isinstance(copy, str) else self._lost(copy, state)

    def _tried(self, folder: Path) -> Read | str:
        """Return what the file in a folder says, or why it cannot be used."""
        try:
            return self._read(folder)
        except ClinicSearchError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001  whatever somebody saved, the page must stay up
            return f"{folder / self.name} cannot be read ({type(error).__name__})."

    def _say(self, problem: str) -> None:
        """Tell staff, once for each problem."""
        if problem and problem != self._said:
            _log.error("%s\n  Its last sound state serves instead.", problem)
        self._said = problem


def signature(path: Path) -> tuple[int, ...] | None:
    """Return what is another one when a file has changed; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
