"""Caches the theme message that Streamlit sends to the browser with every run.

Streamlit reads all of its options for each of six sections with every run, for the same result:
7 % of the time that a search keeps the interpreter busy, which limits how many visitors one process
serves (docs/architecture.md, "Many visitors").
"""

from __future__ import annotations

from inspect import signature
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = "_populate_theme_msg"


class CachedMessage:
    """The messages by section; `fill` makes the message of a section."""

    def __init__(self, fill: Callable[[Any, str], None]) -> None:
        self._fill = fill
        self._lock = Lock()
        self._made: dict[str, Any] = {}

    def fill(self, message: Any, section: str = "theme") -> None:
        """Fill the new message of a section."""
        with self._lock:
            made = self._made.get(section)
            if made is None:
                made = type(message)()
                self._fill(made, section)
                self._made[section] = made
        if made.ByteSize():  # merging an empty message would set the field
            message.MergeFrom(made)

    def forget(self) -> None:
        """Make every message again: an option has changed."""
        with self._lock:
            self._made.clear()


_cache: CachedMessage | None = None


def keep() -> None:
    """Replace Streamlit's private function by the cache; further calls do nothing.

    Where a version of Streamlit has no such function, or another signature, nothing is replaced:
    the page is a little slower.
    """
    global _cache  # noqa: PLW0603  there is one Streamlit
    from streamlit.runtime import app_session

    filled = getattr(app_session, _NAME, None)
    if _cache is None and filled is not None and _has_expected_signature(filled):
        _cache = CachedMessage(filled)
        setattr(app_session, _NAME, _cache.fill)


def _has_expected_signature(filled: Callable[..., Any]) -> bool:
    try:
        parameters = list(signature(filled).parameters)
    except (TypeError, ValueError):
        return False
    return len(parameters) == 2 and parameters[1] == "section"


def forget() -> None:
    """Empty the cache: an option of the theme has changed."""
    if _cache is not None:
        _cache.forget()
