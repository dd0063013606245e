"""Characters that nobody sees but that change how a page is drawn, or stop it from being drawn."""

from __future__ import annotations

import re
import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What documents hold besides text: marks for a line's end, for order, for pictures, letters that
# only their own font can draw, halves of characters. Joiners stay, some scripts need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffc\ufffe\uffff"
    "\U000f0000-\U0010ffff]"
)


def strip_control_characters(text: str) -> str:
    """Return the text without characters that only steer a display; line ends and tabs stay."""
    return "".join(
        c for c in text if c in "\n\t" or not (c in _BIDI or unicodedata.category(c) == "Cc")
    )


def one_line(text: str) -> str:
    """Return what can be read of a text, with one space for whatever white space stood there."""
    return " ".join(_UNSEEN.sub("", text).split())


def lines(text: str) -> str:
    """Return what can be read of a text line by line, without empty lines."""
    found = (one_line(line) for line in text.split("\n"))
    return "\n".join(line for line in found if line)
