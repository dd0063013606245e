"""Invisible characters, which change how a page is drawn or stop it, and white space."""

from __future__ import annotations

import re
import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Control, bidi and object characters, private letters of fonts, and halves of characters. Joiners
# stay, because some scripts need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffc\ufffe\uffff"
    "\U000f0000-\U0010ffff]"
)
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Japanese and Chinese.
NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_NO_SPACES = re.compile(f"[{NO_SPACES}]")
_WORD_CHARS = 2  # of those scripts, on average


def strip_control_characters(text: str) -> str:
    """Return the text without control and bidi characters; line ends and tabs stay."""
    return "".join(
        c for c in text if c in "\n\t" or not (c in _BIDI or unicodedata.category(c) == "Cc")
    )


def collapse_spaces(text: str) -> str:
    """Return a text with one space for every run of white space."""
    return " ".join(text.split())


def one_line(text: str) -> str:
    """Return the visible text, with one space for every run of white space."""
    return collapse_spaces(_UNSEEN.sub("", text))


def lines(text: str) -> str:
    """Return the visible text line by line, without empty lines."""
    found = (one_line(line) for line in text.split("\n"))
    return "\n".join(line for line in found if line)


def word_count(text: str) -> int:
    """Return the number of words, estimated where a script puts no spaces between them."""
    count = len(text.split())
    return count if text.isascii() else count + len(_NO_SPACES.findall(text)) // _WORD_CHARS
