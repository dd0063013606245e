"""Shortcodes that show a title of their own: the questions of an accordion, tabs, headings.

Their title is in the code (`[toggle title="Does it hurt?"]Not much.[/toggle]`): without it, answers
would be left alone.
"""

from __future__ import annotations

import re
from collections import deque
from html import escape, unescape

from core.text.characters import one_line

_QUOTES = "\"'\u201c\u201d\u2033"
_CODE = re.compile(r"\[([A-Za-z][\w-]*+)((?:[ \t\n][^\[\]]*+)?)\]")
_END = re.compile(r"\[/([A-Za-z][\w-]*+)[ \t]*\]")
_TITLE = re.compile(
    r"""\b(?:title|heading|question|text)=
    (?:"([^"]*)"|'([^']*)'|(?:[\u201c\u201d\u2033]|&\#82(?:20|21|43);)(.*?)
    (?:[\u201c\u201d\u2033]|&\#82(?:20|21|43);))""",
    re.VERBOSE,
)
_TAG = re.compile(r"<[^<>]*>")
_ANY = re.compile(f"{_CODE.pattern}|{_END.pattern}")
_HEADINGS = re.compile(r"heading|separator|section-?_?title", re.IGNORECASE)
_LEVEL = re.compile(r"\bh([1-6])\b", re.IGNORECASE)
# The title of these is a hint, a name for programs, or what a button says.
_UNSHOWN = re.compile(
    r"button|btn|link|im(?:age|g)|icon|tooltip|lightbox|popup|modal|video|audio|gallery|map|form"
    r"|slide|caption|highlight|dropcap|column|row\b|iframe|embed|social|menu|widget",
    re.IGNORECASE,
)


def with_titles(text: str) -> str:
    """Return a text in which the titles that shortcodes show are HTML.

    A code around text becomes an element that opens, a heading a heading; all others stay.
    """
    ends: dict[str, deque[int]] = {}
    for end in _END.finditer(text):
        ends.setdefault(end[1].casefold(), deque()).append(end.start())
    at_end = dict.fromkeys((at for places in ends.values() for at in places), 0)
    parts: list[str] = []
    done = 0
    for code in _ANY.finditer(text):
        shown = ""
        if code[1]:
            title = _TITLE.search(code[2])
            name, words = code[1].casefold(), _words(title) if title else ""
            places = ends.get(name, deque())
            while places and places[0] < code.end():
                places.popleft()
            if not words or _UNSHOWN.search(name):
                continue
            if places:
                at_end[places[0]] += 1
                shown = f"\n\n<details><summary>{words}</summary>\n\n"
            elif _HEADINGS.search(name):
                level = _LEVEL.search(code[2])
                tag = f"h{level[1] if level else 3}"
                shown = f"\n\n<{tag}>{words}</{tag}>\n\n"
            else:
                continue
            plain = code[0].replace(title[0] if title else "", "", 1)
            parts += [text[done : code.start()], plain, shown]
        elif at_end[code.start()]:
            parts += [text[done : code.start()], "\n\n", "</details>" * at_end[code.start()]]
            parts += ["\n\n", code[0]]
        else:
            continue
        done = code.end()
    return "".join([*parts, text[done:]])


def _words(title: re.Match[str]) -> str:
    words = one_line(unescape(next(filter(None, title.groups()), "")))
    words = one_line(_TAG.sub("", words))
    return escape(words, quote=False) if any(c.isalpha() for c in words) else ""
