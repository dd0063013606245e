"""Lists of a PDF as text: their depth by indentation, and marks that say something."""

from __future__ import annotations

import colorsys
from collections import defaultdict
from collections.abc import Sequence

from ingest.readers.blocks import item_text
from ingest.readers.marks import shown_mark
from ingest.readers.pdf.paragraphs import Paragraph

_DEEPEST = 4
# Colours that tell "do" from "do not", by where they begin on a wheel of 360 degrees.
_COLOURS = (
    (0, "\U0001f534"),  # red
    (16, "\U0001f7e0"),  # orange
    (44, "\U0001f7e1"),  # yellow
    (70, "\U0001f7e2"),  # green
    (170, ""),
    (340, "\U0001f534"),
)
_LEAST_COLOUR = 0.35


def list_of(items: Sequence[Paragraph]) -> tuple[str, list[tuple[int, int]]]:
    """Return a list as text, and the offsets in it where pages begin, each with its page.

    A mark that says something follows the dash, and so does its colour, as a sign, where marks of
    one depth have several.
    """
    depths = [depth for column in _columns(items) for depth in _depths(column)]
    marks: dict[int, set[str]] = defaultdict(set)
    colours: dict[int, set[str]] = defaultdict(set)
    for item, depth in zip(items, depths, strict=True):
        marks[depth].add(item.mark)
        colours[depth].add(_colour(item))
    text, places = "", []
    for item, depth in zip(items, depths, strict=True):
        mark = shown_mark(item.mark, marks[depth])
        if mark == "-" and len(colours[depth] - {""}) > 1:
            mark = f"- {_colour(item)}".rstrip()
        entry = item_text(min(depth, _DEEPEST), mark, item.text)
        start = len(text) + bool(text)
        text = f"{text}\n{entry}" if text else entry
        before = len(entry) - len(item.text)
        places += [
            (start + (before + offset if offset else 0), page) for offset, page in item.begins
        ]
    return text, places


def _columns(items: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Return the items column by column: one that is above the item before is in the next."""
    columns: list[list[Paragraph]] = []
    for item in items:
        last = columns[-1][-1].lines[-1] if columns else item.lines[0]
        if not columns or (item.lines[0].page == last.page and item.lines[0].y > last.y):
            columns.append([])
        columns[-1].append(item)
    return columns


def _depths(items: Sequence[Paragraph]) -> list[int]:
    """Return the depth of each item, 0 for the items furthest left."""
    edges: list[float] = []
    for left in sorted(item.lines[0].left for item in items):
        if not edges or left - edges[-1] > items[0].size:
            edges.append(left)
    return [sum(edge <= item.lines[0].left for edge in edges) - 1 for item in items]


def _colour(item: Paragraph) -> str:
    """Return the sign for the colour of an item's mark, "" for greys and others."""
    ink = item.lines[0].ink
    red, green, blue = (ink >> shift & 255 for shift in (16, 8, 0))
    hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    if min(saturation, value) < _LEAST_COLOUR:
        return ""
    return [sign for least, sign in _COLOURS if hue * 360 >= least][-1]
