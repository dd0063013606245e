"""Words that a page separates by style only: `<b>At home</b><span>Turn your head.</span>`.

The parser puts a border where inline elements touch; in the text it becomes a space or nothing.
"""

from __future__ import annotations

import re

# Control characters that no text holds: where two elements touch, and where an element and text do.
_TOUCH, _EDGE = "\x1c", "\x1d"
_BORDER = re.compile(f"[{_TOUCH}{_EDGE}]+")
_INLINE = frozenset(
    """a b strong span font em i u small big tt abbr acronym cite code kbd samp var dfn mark bdi
    data time q label img svg input picture""".split()
)
_WINDOW = 4
# Scripts from here on put no spaces between words.
_EAST_ASIA = "\u2e80"


def border(before: tuple[str, str], after: tuple[str, str]) -> str:
    """Return the border between two neighbours, each a tag ("" for text) and a text."""
    (tag, text), (next_tag, next_text) = before, after
    if tag in _INLINE:
        if next_tag in _INLINE:
            return _TOUCH
        return _EDGE if next_text[:1].isalnum() else ""
    return _EDGE if next_tag in _INLINE and text[-1:].isalnum() else ""


def without_borders(text: str) -> str:
    """Return a text of the page, in which these characters mean nothing."""
    return _BORDER.sub("", text) if _TOUCH in text or _EDGE in text else text


def resolve(text: str) -> str:
    """Return a text with a space, or nothing, for each border."""
    return _BORDER.sub(_gap, text) if _TOUCH in text or _EDGE in text else text


def _gap(match: re.Match[str]) -> str:
    whole, start, end = match.string, match.start(), match.end()
    left = re.split(r"[\W_]", whole[max(0, start - _WINDOW) : start])[-1]
    right = re.split(r"[\W_]", whole[end : end + _WINDOW])[0]
    if not left or not right or left[-1] >= _EAST_ASIA or right[0] >= _EAST_ASIA:
        return ""
    begins = right[0].isupper() and right[1:2].islower()  # a word with a capital
    if _TOUCH not in match[0]:
        # Within a word, `<b>W</b>ord`, unless it cannot be one.
        new_word = begins and len(left) > 2 and left[-3:].islower()
        lower = len(right) > 2 and right[:3].islower()
        counted = left[-1].isdigit() and (begins or lower)
        return " " if new_word or counted else ""
    if len(left) == 1 and left.isalpha():  # a large first letter, or letters one by one
        return " " if left.isupper() and begins else ""
    return "" if len(right) == 1 and right.islower() and right != "a" else " "
