"""Marks in front of the items of a list: which of them say something, and what symbol fonts draw.

A tick and a cross tell "do" from "do not". A bullet says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

# Ticks, crosses, boxes, warnings, bans, hands and faces, plus. A minus is the usual "-".
_TELLING = frozenset(
    "\u2713\u2714\u2705\u2611\u221a\U0001f5f8\U0001f5f9"
    "xX\u00d7\u2717\u2718\u2715\u2716\u2613\u2612\u274c\u274e\u2a2f\u2327\U0001f5f4\U0001f5f5"
    "\U0001f5d9\U0001f5f6\U0001f5f7\U0001fbc0\u2bbd\u2bbe\u2297\u22a0"
    "\u2610!\u2757\u203c\u26a0\u26d4\U0001f6ab\U0001f6c7\u2298\u29b8"
    "\U0001f44d\U0001f44e\u263a\u2639\U0001f610\U0001f642\U0001f641+\u2795\u2796"
)
# Filled and hollow forms of one mark: full and empty circle, square, diamond, star. Not the small
# ones, which word processors put side by side without a meaning.
_PAIRS = tuple(
    (frozenset(filled), frozenset(hollow))
    for filled, hollow in (
        ("\u25cf\u2b24\u26ab\u25c9", "\u25cb\u25ef\u26aa\u274d"),
        ("\u25a0\u25fc\u25fe\u2b1b", "\u25a1\u25fb\u25fd\u2b1c"),
        ("\u25c6", "\u25c7"),
        ("\u2605", "\u2606"),
    )
)
_NUMBER = re.compile(r"[(\[]?(?:[A-Za-z]|[ivxlcIVXLC]{1,8}|\d{1,4}(?:\.\d{1,4}){0,4})[.)\]:]{1,2}")
_VARIANT = "\ufe0f"  # asks for a coloured picture of the sign before it

# What the letters of symbol fonts draw, by their codes.
_WINGDINGS = {
    0x22: "\u2702", 0x28: "\u260e", 0x2A: "\u2709", 0x43: "\U0001f44d", 0x44: "\U0001f44e",
    0x4A: "\u263a", 0x4B: "\U0001f610", 0x4C: "\u2639", 0x6C: "\u25cf", 0x6E: "\u25a0",
    0x6F: "\u2610", 0x71: "\u2610", 0x72: "\u2610", 0x75: "\u25c6", 0x76: "\u2022",
    0x78: "\u2612", 0x9E: "\u2022", 0x9F: "\u2022", 0xA1: "\u25cb", 0xA7: "\u25aa",
    0xA8: "\u2610", 0xD8: "\u2022", 0xDF: "\u2190", 0xE0: "\u2192", 0xE8: "\u2192",
    0xFB: "\u2717", 0xFC: "\u2713", 0xFD: "\u2612", 0xFE: "\u2611",
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "\u2717", 0x50: "\u2713", 0x51: "\u2612", 0x52: "\u2611", 0x53: "\u2612",
    0x54: "\u2612", 0x55: "\u2297", 0x56: "\u2297", 0x57: "\u2298", 0x58: "\u2298",
    0x97: "\u25cf", 0xA3: "\u2610",
}  # fmt: skip
_WEBDINGS = {
    0x61: "\u2713", 0x63: "\u2610", 0x67: "\u25a0", 0x6E: "\u25cf", 0x72: "\u2717",
    0x78: "\u2298", 0x79: "\u26a0",
}  # fmt: skip
# The letters of the font Symbol from 0x22, from 0x41, from 0x61 and from 0xA0 on.
_SYMBOL = {
    **{code: chr(code) for code in range(0x20, 0x40)},
    0x22: "\u2200", 0x24: "\u2203", 0x27: "\u220b", 0x2D: "-", 0x40: "\u2245",
    **dict(enumerate("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_", 0x41)),
    **dict(enumerate("αβχδεφγηιϕκλµνοπθρστυϖωξψζ{|}∼", 0x61)),
    **dict(enumerate("€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…", 0xA0)),
    0xC6: "\u2205", 0xD2: "\u00ae", 0xD3: "\u00a9", 0xD4: "\u2122", 0xD6: "\u221a",
}  # fmt: skip
_DINGBATS = {
    **{code: chr(0x2701 + code - 0x21) for code in range(0x21, 0x7F)},
    0x25: "\u260e", 0x2A: "\u261b", 0x2B: "\u261e", 0x48: "\u2605", 0x6C: "\u25cf",
    0x6E: "\u25a0", 0x6F: "\u2610", 0x70: "\u2610", 0x71: "\u2610", 0x72: "\u2610",
    0x73: "\u25b2", 0x74: "\u25bc", 0x75: "\u25c6", 0x77: "\u25d7", 0xD5: "\u2192",
}  # fmt: skip
# By the name of the font without signs between its words; the first that is in it.
_FONTS = (
    ("wingdings2", _WINGDINGS_2),
    ("wingdings3", {0x22: "\u2192"}),
    ("wingdings", _WINGDINGS),
    ("webdings", _WEBDINGS),
    ("dingbats", _DINGBATS),
)
_SYMBOL_NAMES = re.compile(r"(?:.*\+)?(?:standard)?symbols?(?:mt|ps|l|neu|std)*\Z")
_PRIVATE = range(0xF000, 0xF100)
_PRIVATE_LETTER = re.compile("[\uf000-\uf0ff]")
# Where a file does not name the font: the commoner one first.
_UNNAMED = {**_SYMBOL, **_WINGDINGS}


def drawn(text: str, font: str = "") -> str:
    """Return the signs that a text shows in a font, "" for those that have no character.

    Only letters of symbol fonts change: by the font's name, and without it those in the private
    range that symbol fonts use (U+F000 to U+F0FF).
    """
    table = _table(font) if font else None
    if table is None and not _PRIVATE_LETTER.search(text):
        return text
    return "".join(_drawn(c, table) for c in text)


def _drawn(letter: str, table: dict[int, str] | None) -> str:
    code = ord(letter)
    if code in _PRIVATE:
        return (_UNNAMED if table is None else table).get(code - _PRIVATE.start, "")
    if table is None or code > 0xFF or letter.isspace():
        return letter
    return table.get(code, "")


@lru_cache(maxsize=64)
def _table(font: str) -> dict[int, str] | None:
    name = re.sub(r"[\s_-]", "", font).lower()
    if _SYMBOL_NAMES.match(name):
        return _SYMBOL
    return next((table for part, table in _FONTS if part in name), None)


def shown_mark(mark: str, beside: Collection[str] = ()) -> str:
    """Return what an item of a list begins with: "2.", "-", or "- " and a mark that says something.

    `beside` are the marks of the same list at the same depth. Filled and hollow forms of one mark
    say something where both are used.
    """
    mark = mark.replace(_VARIANT, "").strip()
    if _NUMBER.fullmatch(mark):
        return mark
    words = sum(c.isalnum() for c in mark) > 1
    used = {mark, *beside}
    contrast = any(mark in a | b and a & used and b & used for a, b in _PAIRS)
    return f"- {mark}" if words or contrast or _TELLING & set(mark) else "-"
