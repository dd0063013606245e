"""Letters that stand for drawn ones ("ActualText"): where they are, and the spaces between them.

Canva, Chrome and others draw the joined letters of Hindi or Tamil, and ligatures, as shapes with
their text beside. pdfium gives such letters the place of the first shape, within its form and not
on the page, repeats them when other text comes between, and guesses spaces and ends of lines from
there.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ingest.readers.pdf.fragments import SAME_LINE, Glyph

_SAME_PLACE = 0.05  # points
# Of the size of letters: a wider gap is a space, letters further apart are no neighbours.
_WORD_GAP = 0.18
_FAR = 1.5
_OBJECTS, _DEPTH = 50_000, 8  # a page
JOINED = range(0x0900, 0x0E00)  # the scripts of India, whose letters join to shapes


class Matrix(NamedTuple):
    """A transformation of points, as in the PDF standard (8.3.3)."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def of(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


ON_PAGE = Matrix(1, 0, 0, 1, 0, 0)


def form_of(on_page: Matrix, in_form: Matrix, x: float, y: float) -> Matrix | None:
    """Return the way from a form to its page for letters at a place in the form.

    `on_page` and `in_form` are the matrices of an object of text, whose first letter pdfium places
    at `x`, `y`; None when these are on the page already.
    """
    if abs(on_page.e - x) + abs(on_page.f - y) < _SAME_PLACE:
        return None
    area = in_form.a * in_form.d - in_form.b * in_form.c
    if not area:
        return None
    back = (in_form.d / area, -in_form.b / area, -in_form.c / area, in_form.a / area)
    a = back[0] * on_page.a + back[1] * on_page.c
    b = back[0] * on_page.b + back[1] * on_page.d
    c = back[2] * on_page.a + back[3] * on_page.c
    d = back[2] * on_page.b + back[3] * on_page.d
    form = Matrix(a, b, c, d, 0, 0)
    left, bottom = form.of(in_form.e, in_form.f)
    return form._replace(e=on_page.e - left, f=on_page.f - bottom)


class Replaced:
    """The letters of a page that have to be moved, by the object of text that they begin in."""

    def __init__(self) -> None:
        self._groups: dict[int, tuple[Matrix, list[Glyph]]] = {}

    def move(self, glyph: Glyph, form: Matrix, where: int) -> None:
        """Place a letter on the page; `where` is the address of its object."""
        glyph.left, glyph.bottom, glyph.right, glyph.top = _box(
            form, glyph.left, glyph.bottom, glyph.right, glyph.top
        )
        glyph.x, glyph.y = form.of(glyph.x, glyph.y)
        glyph.is_moved = True
        self._groups.setdefault(where, (form, []))[1].append(glyph)

    def respaced(self, glyphs: Iterable[Glyph], page: Any, pdfium: Any) -> list[Glyph]:
        """Return the letters of a page, moved ones as wide as their shapes and each once."""
        if not self._groups:
            return list(glyphs)
        marks, boxes = _marks(page, pdfium)
        seen: set[int] = set()
        repeated: set[int] = set()
        for where, (form, group) in self._groups.items():
            mark = marks.get(where, where)
            if mark in seen:
                repeated.update(map(id, group))
            elif mark in boxes:
                group[-1].right = max(group[-1].right, _box(form, *boxes[mark])[2])
            seen.add(mark)
        return list(_respaced(glyph for glyph in glyphs if id(glyph) not in repeated))


def _box(form: Matrix, left: float, bottom: float, right: float, top: float) -> list[float]:
    """Return the edges of a box on the page: left, bottom, right, top."""
    corners = [form.of(x, y) for x in (left, right) for y in (bottom, top)]
    return [least(edges) for least in (min, max) for edges in zip(*corners, strict=True)]


def _marks(
    page: Any, pdfium: Any
) -> tuple[dict[int, int], dict[int, tuple[float, float, float, float]]]:
    """Return the mark with a text around each object, and the box of all objects in each mark.

    Objects and marks are named by their addresses; boxes are in the form of the objects.
    """
    edges = tuple(ctypes.c_float() for _ in range(4))
    marks: dict[int, int] = {}
    boxes: dict[int, tuple[float, float, float, float]] = {}
    for place in _texts(page, pdfium):
        for i in range(pdfium.FPDFPageObj_CountMarks(place)):
            mark = pdfium.FPDFPageObj_GetMark(place, i)
            kind = pdfium.FPDFPageObjMark_GetParamValueType(mark, b"ActualText")
            if kind == pdfium.FPDF_OBJECT_STRING:
                name = marks[ctypes.addressof(place.contents)] = ctypes.addressof(mark.contents)
                if pdfium.FPDFPageObj_GetBounds(place, *edges):
                    left, bottom, right, top = (edge.value for edge in edges)
                    old = boxes.get(name, (left, bottom, right, top))
                    boxes[name] = (
                        *(min(old[0], left), min(old[1], bottom)),
                        *(max(old[2], right), max(old[3], top)),
                    )
    return marks, boxes


def _texts(page: Any, pdfium: Any) -> Iterator[Any]:
    """Yield the objects of text of a page and of the forms on it."""
    count = pdfium.FPDFPage_CountObjects(page)
    waiting = [(pdfium.FPDFPage_GetObject(page, i), 0) for i in range(min(count, _OBJECTS))]
    seen = len(waiting)
    while waiting:
        place, depth = waiting.pop()
        kind = pdfium.FPDFPageObj_GetType(place)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield place
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            count = min(pdfium.FPDFFormObj_CountObjects(place), _OBJECTS - seen)
            waiting += [(pdfium.FPDFFormObj_GetObject(place, i), depth + 1) for i in range(count)]
            seen += max(count, 0)


def _respaced(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Yield letters with spaces where there is room for one beside those that were moved."""
    before: Glyph | None = None
    guessed: list[Glyph] = []
    for glyph in glyphs:
        if glyph.ends_line or (glyph.text.isspace() and glyph.right <= glyph.left):
            guessed.append(glyph)
            continue
        if before and _are_neighbours(before, glyph):
            size = max(before.size, glyph.size)
            if glyph.left - before.right > size * _WORD_GAP and not before.text.isspace():
                yield replace(before, text=" ", left=before.right, right=glyph.left)
        else:
            yield from guessed
        yield glyph
        guessed, before = [], glyph
    yield from guessed


def _are_neighbours(a: Glyph, b: Glyph) -> bool:
    size = max(a.size, b.size)
    return (
        (a.is_moved or b.is_moved)
        and abs(a.y - b.y) <= size * SAME_LINE
        and abs(b.left - a.right) <= size * _FAR
    )
