"""Keeps a log short and private whatever visitors send: one line per fault, once a minute."""

from __future__ import annotations

import logging
import time
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

AGAIN_S = 60.0


class OncePerMinute(logging.Filter):
    """Lets each message pass once a minute, and shortens an exception to its type and place.

    The server logs a traceback for each request that breaks off or is malformed: anybody could fill
    the log, and the text of an exception may hold what was sent.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._logged_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten a record; return whether it is logged."""
        if record.exc_info and (error := record.exc_info[1]):
            record.args = (record.getMessage(), type(error).__name__, where(error))
            record.msg = "%s: %s at %s"
            record.exc_info = record.exc_text = None
        message, now = record.getMessage(), self._clock()
        recent = {text: at for text, at in self._logged_at.items() if now - at < AGAIN_S}
        self._logged_at = {message: now, **recent}
        return message not in recent


def where(error: BaseException) -> str:
    """Name the last four functions that an exception came through, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
