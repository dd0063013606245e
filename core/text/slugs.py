"""Names of articles and sections in addresses, ids and labels."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str) -> str:
    """Return a text as part of an address: lower-case words joined by hyphens.

    Accents are dropped; letters of other scripts stay. Never empty.
    """
    decomposed = unicodedata.normalize(
        "NFKD", text.casefold().replace("'", "").replace("\u2019", "")
    )
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain).strip("-") or "untitled"


class Slugs:
    """The slugs of one article's headings; a repeated heading gets -2, -3 and so on."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}  # numbers up to this are taken

    def take(self, heading: str) -> str:
        """Return the heading's slug, or the first free numbered one."""
        name = slug(heading)
        free, number = name, self._last.get(name, 1)
        while free in self._taken:
            number += 1
            free = f"{name}-{number}"
        self._last[name] = number
        self._taken.add(free)
        return free
