"""Lists in Markdown whose marks are signs and no Markdown: bullets, ticks, boxes of task lists."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from ingest.readers.marks import shown_mark

_TASK = re.compile(r"\A([ \t>]*+(?:[-*+]|\d{1,9}[.)])[ \t]+)\[([ xX])\](?=[ \t])")
_BOXES = {" ": "\u2610", "x": "\u2611"}
_TYPED = re.compile(r"\A([ \t>]*+)([^\w\s<>-])\ufe0f?[ \t]+(?=\S)")
_BULLETS = frozenset("\u2022\u2023\u2219\u00b7\u00d7")


def with_lists(text: str) -> str:
    """Return Markdown with neighbouring lines that begin with signs as the items of a list.

    The box of a task is shown; a sign stays when it says something, such as a cross. Lines keep
    their numbers.
    """
    lines = [_TASK.sub(lambda m: m[1] + _BOXES[m[2].lower()], line) for line in text.split("\n")]
    found: list[str] = []
    for is_typed, group in groupby(lines, key=lambda line: bool(_sign(line))):
        items = list(group)
        if is_typed and len(items) > 1:
            signs = {_sign(line) for line in items}
            marks = {sign: shown_mark(sign, signs) for sign in signs}
            found += [_TYPED.sub(rf"\1{marks[_sign(line)]} ", line) for line in items]
        else:
            found += items
    return "\n".join(found)


def _sign(line: str) -> str:
    """Return the sign that a line begins with, "" for none."""
    match = _TYPED.match(line)
    if match and (match[2] in _BULLETS or unicodedata.category(match[2]) == "So"):
        return match[2]
    return ""
