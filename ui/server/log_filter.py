"""Keeps a log readable and small, whatever visitors send: one line a fault, once a minute."""

from __future__ import annotations

import logging
import time
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

AGAIN_S = 60.0


class OncePerMinute(logging.Filter):
    """Lets the same fault pass once a minute, and of an exception its kind and place only.

    The server writes a page of traceback for requests that break off in their middle, and for texts
    that are none: anybody could fill the log, and the text of an exception may hold what was sent.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten a record, and say whether it is written."""
        if record.exc_info and (error := record.exc_info[1]):
            record.args = (record.getMessage(), type(error).__name__, where(error))
            record.msg = "%s: %s at %s"
            record.exc_info = record.exc_text = None
        said, now = record.getMessage(), self._clock()
        self._said = {one: at for one, at in self._said.items() if now - at < AGAIN_S}
        if said in self._said:
            return False
        self._said[said] = now
        return True


def where(error: BaseException) -> str:
    """Name the last four functions that an exception came through, the innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
