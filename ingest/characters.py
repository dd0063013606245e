"""Characters that nobody sees but that change how a page is drawn, or stop it from being drawn."""

from __future__ import annotations

import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def without_steering(text: str) -> str:
    """Return the text without characters that only steer a display; line ends and tabs stay."""
    return "".join(
        c for c in text if c in "\n\t" or not (c in _BIDI or unicodedata.category(c) == "Cc")
    )
