"""The words in which two versions of a sentence differ: pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_WORDS = re.compile(r"\S+\s*")


class Piece(NamedTuple):
    """A part of a sentence, and whether the other version has other words there."""

    text: str
    is_changed: bool


def word_changes(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Return both versions in pieces; joined, the pieces of a version are its text."""
    then, now = _WORDS.findall(before), _WORDS.findall(after)
    bare = [[str(word).rstrip() for word in side] for side in (then, now)]
    old: list[Piece] = []
    new: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_opcodes():
        for pieces, words in ((old, then[a:b]), (new, now[c:d])):
            if words:
                pieces.append(Piece("".join(words), kind != "equal"))
    return old, new
