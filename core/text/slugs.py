"""Names of articles and sections as they stand in addresses, ids and labels."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str) -> str:
    """Return a text as a part of an address: lower case words joined by hyphens.

    Accents are dropped; letters of other scripts stay. Never empty.
    """
    decomposed = unicodedata.normalize(
        "NFKD", text.casefold().replace("'", "").replace("\u2019", "")
    )
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain).strip("-") or "untitled"


class Slugs:
    """Gives every heading of one article its slug; a repeated one gets -2, -3 and so on."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}  # numbers up to this one are taken

    def take(self, heading: str) -> str:
        """Return the heading's slug, or the first numbered one that is still free."""
        wanted = slug(heading)
        found, number = wanted, self._last.get(wanted, 1)
        while found in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._last[wanted] = number
        self._taken.add(found)
        return found
