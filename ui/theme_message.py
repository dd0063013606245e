"""What Streamlit tells a browser of its theme with every run, made once and not with every run.

Streamlit goes through all of its options for each of six sections then, for what is always the
same: 7 % of the time for which a search keeps the interpreter busy, which is what bounds how many
visitors one process serves (docs/architecture.md, "Many visitors").
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Kept:
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


_kept: Kept | None = None


def keep() -> None:
    """Have Streamlit ask here, from now on; once is enough."""
    global _kept  # noqa: PLW0603  there is one Streamlit
    from streamlit.runtime import app_session

    if _kept is None:
        _kept = Kept(app_session._populate_theme_msg)  # private, of a pinned version
        app_session._populate_theme_msg = _kept.fill


def forget() -> None:
    """Say that an option of the theme has changed."""
    if _kept is not None:
        _kept.forget()
