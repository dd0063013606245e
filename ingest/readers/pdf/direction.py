"""The order in which letters of a line are read, where some are read from right to left.

Files hold such letters in the order of reading, in that of the page, or word by word in either.
The places of the letters are sure; this is the Unicode Bidirectional Algorithm backwards, for one
level: https://www.unicode.org/reports/tr9/
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

# Hebrew, Arabic, Syriac, Thaana, N'Ko and their like, as letters and not as marks above them.
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")
_WORD_GAP = 0.18  # of the size of letters
_SAME_PLACE = 0.02
_ALEFS, _LAM = "\u0622\u0623\u0625\u0627\u0671", "\u0644"
_KINDS = {"R": "R", "AL": "R", "L": "L", "EN": "N", "AN": "N", "ES": "S", "CS": "S", "ET": "P"}
# What is read from left to right within a line from right to left: words, and numbers.
_FORWARDS = re.compile("L(?:[^R]*[LN])?|(?<!P)P*N(?:S?N)*P*")
_WEAK = str.maketrans("", "", "NSPO")
_BACKWARDS = re.compile("R(?:[^L]*R)?")


class Place(NamedTuple):
    """A letter or a word, and its edges in points."""

    left: float
    right: float
    text: str


def is_right_to_left(text: str) -> bool:
    """Say whether most letters of a text are read from right to left."""
    found = len(RIGHT_TO_LEFT.findall(text))
    return found > 0 and found * 2 > sum(c.isalpha() for c in text)


def in_order(letters: Sequence[Place], size: float) -> str:
    """Return letters of a line, from left to right, as text in the order of reading."""
    units = _with_spaces(_joined(letters, size), letters, size)
    kinds = "".join(_kind(unit) for unit in units)
    if _begins_right(kinds):
        return _from_right(units, kinds)
    text, end = "", 0
    for match in _BACKWARDS.finditer(kinds):
        text += "".join(units[end : match.start()])
        end = match.end()
        text += _from_right(units[match.start() : end], match[0])
    return text + "".join(units[end:])


def _begins_right(kinds: str) -> bool:
    """Say whether a line begins at its right end: by both ends, or by most letters."""
    strong = kinds.translate(_WEAK)
    if strong[:1] == strong[-1:]:
        return strong[:1] == "R"
    return strong.count("R") * 2 > len(strong)


def _from_right(units: Sequence[str], kinds: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _FORWARDS.finditer(kinds):
        parts += [*units[end : match.start()], "".join(units[match.start() : match.end()])]
        end = match.end()
    return "".join(reversed([*parts, *units[end:]]))


def _joined(letters: Sequence[Place], size: float) -> list[Place]:
    """Return the letters with the marks above them, and ligatures as one."""
    found: list[Place] = []
    marks: list[Place] = []
    for letter in letters:
        if not letter.text.strip():
            continue
        if all(unicodedata.category(c) == "Mn" for c in letter.text):
            marks.append(letter)
        elif found and _is_ligature(found[-1], letter, size):
            found[-1] = letter._replace(text=_ligature(found[-1].text, letter.text))
        else:
            found.append(letter)
    at = 0
    for mark in marks:  # both are ordered from left to right
        centre = (mark.left + mark.right) / 2
        while at + 1 < len(found) and found[at].right < centre:
            at += 1
        if found:
            found[at] = found[at]._replace(text=found[at].text + mark.text)
    return found or marks


def _is_ligature(a: Place, b: Place, size: float) -> bool:
    is_both = RIGHT_TO_LEFT.search(a.text) and RIGHT_TO_LEFT.search(b.text)
    return bool(is_both) and abs(a.left - b.left) + abs(a.right - b.right) < size * _SAME_PLACE


def _ligature(first: str, second: str) -> str:
    """Return two letters of one place in order: pdfium exchanges lam and alef."""
    is_exchanged = first in _ALEFS and second == _LAM
    return second + first if is_exchanged else first + second


def _with_spaces(found: list[Place], letters: Sequence[Place], size: float) -> list[str]:
    """Return the texts of places with a space wherever there is one, or room for one."""
    spaces = [(p.left + p.right) / 2 for p in letters if not p.text.strip() and p.right > p.left]
    units = [found[0].text] if found else []
    at = 0
    for before, after in pairwise(found):
        while at < len(spaces) and spaces[at] < before.right:
            at += 1
        has_space = at < len(spaces) and spaces[at] <= after.left
        if has_space or after.left - before.right > size * _WORD_GAP:
            units.append(" ")
        units.append(after.text)
    return units


def _kind(text: str) -> str:
    return _KINDS.get(unicodedata.bidirectional(text[0]), "O")
