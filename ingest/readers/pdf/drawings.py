"""The straight lines that a page of a PDF draws: rules and edges of boxes."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

_OBJECTS = 3_000  # a page; a map or a chart has more, and no rows
_THIN = 3.0  # points
_LONG = 20.0


class Rule(NamedTuple):
    """A horizontal line, in points; `y` grows upwards."""

    left: float
    right: float
    y: float


def rules_of(page: Any, lowest: float, pdfium: Any) -> tuple[Rule, ...]:
    """Return the horizontal lines of an upright page, with y from its lower edge."""
    count = pdfium.FPDFPage_CountObjects(page)
    return tuple(_rules(page, count, lowest, pdfium)) if count <= _OBJECTS else ()


def _rules(page: Any, count: int, lowest: float, pdfium: Any) -> Iterator[Rule]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for i in range(count):
        drawn = pdfium.FPDFPage_GetObject(page, i)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            continue
        if right.value - left.value < _LONG:
            continue
        yield Rule(left.value, right.value, bottom.value - lowest)
        if top.value - bottom.value > _THIN:
            yield Rule(left.value, right.value, top.value - lowest)


def between(rules: Iterable[Rule], upper: float, lower: float, middle: float) -> list[float]:
    """Return the heights of rules between two heights that pass a middle, each once, from above."""
    found: list[float] = []
    for y in sorted((r.y for r in rules if lower < r.y < upper and r.left < middle < r.right),
                    reverse=True):  # fmt: skip
        if not found or found[-1] - y > _THIN:
            found.append(y)
    return found
