"""Reads a presentation (.pptx): each slide is a section under its title.

Hidden slides, speakers' notes and what repeats on every slide are left out. python-pptx would bring
lxml and Pillow, and reads without limits; the text of a slide is as simple as that of Word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.text.characters import lines, one_line
from ingest.files.archive import Archive, Element, Format, open_archive
from ingest.readers.blocks import Block, Item
from ingest.readers.marks import drawn
from ingest.readers.office.article import Cell, Collector, article_of, moved, table_blocks
from ingest.readers.outline import ParsedText, Reason

_OPEN, _STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
_FORMAT = Format(
    "presentation",
    ".pptx",
    {
        f"{base}/{path}": prefix
        for prefix, paths in {
            "": ("presentationml/2006/main", "presentationml/main"),
            "a:": ("drawingml/2006/main", "drawingml/main"),
            "r:": ("officeDocument/2006/relationships", "officeDocument/relationships"),
            "mc:": ("markup-compatibility/2006",),
        }.items()
        for path in paths
        for base in (_OPEN, _STRICT)
    }
    | {"http://purl.org/dc/elements/1.1/": "dc:"},
)
_TITLES, _EDGES = frozenset({"title", "ctrTitle"}), frozenset({"ftr", "sldNum", "dt", "hdr"})
# Places whose paragraphs are items of a list, unless they say otherwise.
_LISTS = frozenset({"body", "obj"})
_DEEPEST = 8
_OFF = frozenset({"0", "false", "off"})
_STRUCK = frozenset({"sngStrike", "dblStrike"})


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide, and what the speaker says."""

    tree: Element
    notes: Element | None

    @property
    def is_shown(self) -> bool:
        """Say whether it is shown with the others."""
        return self.tree.get("show") not in _OFF


def parse_slides(raw: bytes, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, author and sections in a presentation.

    The title is that of a first slide made for one, else that of the document's properties, else
    the first slide's. A slide without a title is "Slide 3"; one that repeats the title before it
    continues that section. Raises ContentError as `read_slides`.
    """
    slides, properties = read_slides(raw)
    found = Collector()
    last, unread = "", 0
    for number, slide in enumerate(slides, start=1):
        if not slide.is_shown:
            found.leave_out(Reason.HIDDEN, _all_text(slide.tree))
            continue
        reader = _Shapes(found)
        shapes = slide.tree.child("cSld", "spTree")
        title = reader.title(shapes)
        if number == 1 and reader.is_cover:
            found.title = title
        elif (heading := title or f"Slide {number}") != last:
            found.add(Block(heading, 1))
            last = heading
        reader.read(shapes)
        unread += reader.unread
        if slide.notes:
            found.leave_out(Reason.NOTE, _all_text(slide.notes))
    stated = {e.name: e.text for e in (properties.children if properties else [])}
    warnings = [f"charts and diagrams that were not read: {unread}"] * bool(unread)
    hidden = sum(not slide.is_shown for slide in slides)
    warnings += [f"hidden slides that were not read: {hidden}"] * bool(hidden)
    return article_of(
        found.finish(),
        article_id,
        title=found.title,
        left_out=found.left_out,
        fallback_title=fallback_title,
        stated=stated.get("dc:title", ""),
        author=stated.get("dc:creator", ""),
        warnings=warnings,
    )


def read_slides(raw: bytes) -> tuple[list[Slide], Element | None]:
    """Read the slides of a presentation, and its properties.

    Raises ContentError when it is damaged, needs a password, or is a decompression bomb.
    """
    with open_archive(raw, _FORMAT) as archive:
        package = archive.targets("")
        slides = list(_slides(archive, package.get("officeDocument", "ppt/presentation.xml")))
        return slides, archive.tree(package.get("core-properties", "docProps/core.xml"))


def _slides(archive: Archive, main: str) -> Iterator[Slide]:
    """Yield the slides in the order in which they are shown."""
    presentation = archive.tree(main)
    listed = presentation.child("sldIdLst") if presentation else None
    if presentation is None:
        raise _FORMAT.refused("slides inside the file", "none")
    parts = {relation.id: relation.target for relation in archive.relations(main)}
    for entry in listed.children if listed else []:
        name = parts.get(entry.get("r:id"), "")
        tree = archive.tree(name)
        if tree is None:
            raise _FORMAT.refused("every slide inside the file", "one that is missing", name)
        notes = archive.targets(name).get("notesSlide", "")
        yield Slide(tree, archive.tree(notes))


class _Shapes:
    """Reads the shapes of one slide, in the order in which they are read aloud."""

    def __init__(self, found: Collector) -> None:
        self.is_cover = False  # whether the slide has the place for the title of a presentation
        self.unread = 0
        self._found = found
        self._title: Element | None = None

    def title(self, shapes: Element | None) -> str:
        """Return the title of the slide, "" when it has none."""
        for shape in _shapes_in(shapes):
            if shape.name == "sp" and (kind := _place(shape)) in _TITLES and not self._title:
                text = one_line(" ".join(_text(p) for p in _paragraphs(shape)))
                if text:
                    self._title, self.is_cover = shape, kind == "ctrTitle"
                    return text
        return ""

    def read(self, shapes: Element | None) -> None:
        """Read all shapes but the title."""
        for shape in _shapes_in(shapes):
            if shape is self._title:
                continue
            table = shape.child("a:graphic", "a:graphicData", "a:tbl")
            if table:
                self._table(table)
            elif shape.name == "graphicFrame":
                self.unread += 1
            elif _place(shape) in _EDGES:
                self._found.leave_out(Reason.MENU, _all_text(shape))
            else:
                is_list = _place(shape) in _LISTS
                _add_paragraphs(self._found, _paragraphs(shape), is_list=is_list)

    def _table(self, table: Element) -> None:
        rows = []
        for row in (e for e in table.children if e.name == "a:tr"):
            cells = [c for c in row.children if c.name == "a:tc" and not _is_covered(c)]
            rows.append([self._cell(cell) for cell in cells])
        properties = table.child("a:tblPr") or Element("a:tblPr", {})
        is_set_off = _is_on(properties.get("firstRow"))
        self._found.add(*table_blocks(rows, set_off=is_set_off))

    def _cell(self, cell: Element) -> Cell:
        inner = Collector()
        _add_paragraphs(inner, _paragraphs(cell), is_list=False)
        self._found.left_out += inner.left_out
        return Cell(inner.finish(), _number(cell, "gridSpan"), _number(cell, "rowSpan"))


def _shapes_in(shapes: Element | None) -> Iterator[Element]:
    """Yield the shapes of a slide, also those in groups."""
    for shape in shapes.children if shapes else []:
        if shape.name in ("sp", "graphicFrame"):
            yield shape
        elif shape.name == "mc:AlternateContent":
            # The one for old programs is the simplest; that of a diagram is its picture.
            choice, fallback = shape.child("mc:Choice"), shape.child("mc:Fallback")
            frames = any(e.name == "graphicFrame" for e in (choice.children if choice else []))
            yield from _shapes_in(choice if frames else fallback or choice)
        elif shape.name == "grpSp":
            yield from _shapes_in(shape)


def _place(shape: Element) -> str:
    """Return the kind of place on the slide's layout that a shape fills, "" for none."""
    place = shape.child("nvSpPr", "nvPr", "ph")
    return place.get("type") or "obj" if place else ""


def _paragraphs(shape: Element) -> list[Element]:
    body = shape.child("txBody") or shape.child("a:txBody")
    return [e for e in body.children if e.name == "a:p"] if body else []


def _add_paragraphs(found: Collector, paragraphs: list[Element], *, is_list: bool) -> None:
    """Add paragraphs; in places for lists they are items, if there are several of them."""
    told = [(paragraph, lines(_text(paragraph))) for paragraph in paragraphs]
    for paragraph in paragraphs:
        found.leave_out(Reason.STRUCK, _text(paragraph, struck=True))
    is_list = is_list and sum(bool(text) for _, text in told) > 1
    counts: dict[int, int] = {}
    for paragraph, text in told:
        properties = paragraph.child("a:pPr") or Element("a:pPr", {})
        level = properties.get("lvl")
        depth = min(int(level), _DEEPEST) if level.isdecimal() and len(level) == 1 else 0
        is_item = is_list and not properties.child("a:buNone")
        numbered = properties.child("a:buAutoNum")
        if not text:
            continue
        if numbered:
            start = numbered.get("startAt")
            first = int(start) if start.isdecimal() and len(start) < 6 else 1
            counts = {d: n for d, n in counts.items() if d <= depth}
            counts[depth] = counts.get(depth, first - 1) + 1
            found.item(Item(depth, f"{counts[depth]}.", text, _is_bold(paragraph)))
        elif is_item or properties.child("a:buChar") or properties.child("a:buBlip"):
            counts = {d: n for d, n in counts.items() if d < depth}
            found.item(Item(depth, _mark(properties), text))
        else:
            counts = {}
            found.add(Block(text, bold=_is_bold(paragraph)))


def _mark(properties: Element) -> str:
    """Return the sign that is drawn in front of an item."""
    sign = properties.child("a:buChar") or Element("a:buChar", {})
    font = properties.child("a:buFont") or Element("a:buFont", {})
    return drawn(sign.get("char")[:1], font.get("typeface")) or "-"


def _text(paragraph: Element, *, struck: bool = False) -> str:
    """Return the text of a paragraph that is not struck out, or that which is."""
    found = []
    for run in paragraph.children:
        properties = run.child("a:rPr") or Element("a:rPr", {})
        if run.name == "a:br":
            found.append("\n")
        elif (properties.get("strike") in _STRUCK) is struck:
            found.append(moved(_words(run), _direction(properties.get("baseline"))))
    return "".join(found)


def _words(run: Element) -> str:
    return "".join(e.text for e in run.within() if e.name == "a:t")


def _direction(baseline: str) -> int:
    return 0 if baseline.strip("-0%") == "" else -1 if baseline.startswith("-") else 1


def _is_bold(paragraph: Element) -> bool:
    runs = [e for e in paragraph.children if e.name == "a:r" and one_line(_words(e))]
    properties = [run.child("a:rPr") for run in runs]
    return bool(runs) and all(p is not None and _is_on(p.get("b")) for p in properties)


def _is_covered(cell: Element) -> bool:
    return _is_on(cell.get("hMerge")) or _is_on(cell.get("vMerge"))


def _is_on(value: str) -> bool:
    return bool(value) and value not in _OFF


def _number(cell: Element, name: str) -> int:
    said = cell.get(name)
    return int(said) if said.isdecimal() and len(said) < 5 and int(said) else 1


def _all_text(tree: Element) -> str:
    return " ".join(_words(e) for e in tree.within() if e.name == "a:p")
