"""What Streamlit tells a browser of its theme with every run, made once and not with every run.

Streamlit goes through all of its options for each of six sections then, for what is always the
same: 7 % of the time for which a search keeps the interpreter busy, which is what bounds how many
visitors one process serves (docs/architecture.md, "Many visitors").
"""

from __future__ import annotations

from inspect import signature
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = "_populate_theme_msg"


class CachedMessage:
    """The messages by section, until they are forgotten; `fill` fills one that is empty."""

    def __init__(self, fill: Callable[[Any, str], None]) -> None:
        self._fill = fill
        self._lock = Lock()
        self._made: dict[str, Any] = {}

    def fill(self, message: Any, section: str = "theme") -> None:
        """Fill the new message of a section; one that nothing is said in stays as it is."""
        with self._lock:
            made = self._made.get(section)
            if made is None:
                made = type(message)()
                self._fill(made, section)
                self._made[section] = made
        if made.ByteSize():  # an empty one would be there afterwards, and be told
            message.MergeFrom(made)

    def forget(self) -> None:
        """Have all made anew: an option has changed."""
        with self._lock:
            self._made.clear()


_kept: CachedMessage | None = None


def keep() -> None:
    """Have Streamlit ask here, from now on; once is enough.

    It is a private function of Streamlit's that asks. Where there is none of the name, or it is
    asked for otherwise, Streamlit goes on as it would by itself, a little slower.
    """
    global _kept  # noqa: PLW0603  there is one Streamlit
    from streamlit.runtime import app_session

    filled = getattr(app_session, _NAME, None)
    if _kept is None and filled is not None and _takes_message_and_section(filled):
        _kept = CachedMessage(filled)
        setattr(app_session, _NAME, _kept.fill)


def _takes_message_and_section(filled: Callable[..., Any]) -> bool:
    try:
        parameters = list(signature(filled).parameters)
    except (TypeError, ValueError):
        return False
    return len(parameters) == 2 and parameters[1] == "section"


def forget() -> None:
    """Say that an option of the theme has changed."""
    if _kept is not None:
        _kept.forget()
