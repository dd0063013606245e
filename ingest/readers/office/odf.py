"""Reads an OpenDocument text (.odt): the visible text with its structure.

Notes, comments, deleted, struck out and hidden text and lists of contents are left out; tracked
insertions are read. odfpy would give a tree of objects without limits, and no text: what is read
here of that tree is most of the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.text.characters import lines, one_line
from ingest.files.archive import Element, Format, open_archive
from ingest.readers.blocks import SPAN_MAX, Block, Item
from ingest.readers.office.article import Cell, Collector, article_of, moved, table_blocks
from ingest.readers.office.odf_lists import Numbers
from ingest.readers.office.odf_styles import Styles
from ingest.readers.outline import ParsedText, Reason

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {
    f"{_ODF}:{name}:1.0": f"{name}:"
    for name in "office text table style draw manifest meta".split()
} | {f"{_ODF}:xsl-fo-compatible:1.0": "fo:", "http://purl.org/dc/elements/1.1/": "dc:"}
_FORMAT = Format("OpenDocument text", ".odt", _SPACES)
_HEADING = re.compile(r"Heading(?: ([1-9]))?\Z")
_BOLD = frozenset("bold 600 700 800 900".split())
_DEEPEST = 9
_ROW_GROUPS = frozenset("table:table-header-rows table:table-rows table:table-row-group".split())
# What is read in its place instead of in the paragraph around it, and what holds no text at all.
_BOXES = "draw:"
_NOT_READ = frozenset(
    """office:forms text:sequence-decls text:variable-decls text:user-field-decls
    office:annotation-end text:ruby-text""".split()
)


@dataclass(frozen=True, slots=True)
class OpenText:
    """The text of a document, the parts that hold its styles, and its properties."""

    text: Element
    styles: list[Element]
    meta: Element | None


def parse_odf(raw: bytes, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, author, headings and sections in an OpenDocument text.

    The title is the paragraph of that style, else as `article_of` says. Raises ContentError as
    `read_odf`.
    """
    parts = read_odf(raw)
    walk = _Walk(Styles(parts.styles))
    walk.contents(parts.text)
    objects = sum(element.name == "draw:object" for element in parts.text.within())
    stated = {e.name: e.text for e in (parts.meta.within() if parts.meta else ())}
    return article_of(
        walk.found.finish(),
        article_id,
        title=walk.found.title,
        left_out=walk.found.left_out,
        fallback_title=fallback_title,
        stated=stated.get("dc:title", ""),
        author=stated.get("meta:initial-creator") or stated.get("dc:creator", ""),
        warnings=[f"objects inside the document that were not read: {objects}"] * bool(objects),
    )


def read_odf(raw: bytes) -> OpenText:
    """Read the parts of an OpenDocument text.

    Raises ContentError when it is damaged, needs a password, or is a decompression bomb.
    """
    with open_archive(raw, _FORMAT) as archive:
        manifest = archive.tree("META-INF/manifest.xml")
        if manifest and any(e.name == "manifest:encryption-data" for e in manifest.within()):
            raise _FORMAT.refused("a document without a password", "one with a password")
        content = archive.tree("content.xml")
        styles, meta = archive.tree("styles.xml"), archive.tree("meta.xml")
    text = content.child("office:body", "office:text") if content else None
    if content is None or text is None:
        raise _FORMAT.refused("a text document inside the file", "none")
    return OpenText(text, [tree for tree in (styles, content) if tree], meta)


class _Walk:
    """Collects the blocks of paragraphs, lists and tables."""

    def __init__(self, styles: Styles) -> None:
        self.found = Collector()
        self._styles = styles
        self._numbers = Numbers()

    def contents(self, parent: Element) -> None:
        """Read what is in a body, a section, a cell or a text box."""
        for element in parent.children:
            name = element.name
            if name == "text:p":
                self._paragraph(element)
            elif name == "text:h":
                self._heading(element)
            elif name == "text:list":
                self._list(element, 0, element.get("text:style-name"))
            elif name == "table:table":
                self.found.add(*self._table(element))
            elif name == "text:tracked-changes":
                deleted = [e for e in element.within() if e.name == "text:deletion"]
                self.found.leave_out(Reason.STRUCK, " ".join(map(_said, deleted)))
            elif name == "text:table-of-content" or name.endswith("-index"):
                body = element.child("text:index-body")
                self.found.leave_out(Reason.CONTENTS, _all_text(body) if body else "")
            elif name == "text:section" and not self._is_shown(element):
                self.found.leave_out(Reason.HIDDEN, _all_text(element))
            elif name not in _NOT_READ:
                self.contents(element)

    def _is_shown(self, section: Element) -> bool:
        return section.get("text:display") != "none" and self._styles.is_shown_section(
            section.get("text:style-name")
        )

    def _paragraph(self, element: Element) -> None:
        style = element.get("text:style-name")
        names = self._styles.names(style)
        text, is_bold, boxes = self._read(element)
        if any(name.startswith("Contents ") for name in names):
            self.found.leave_out(Reason.CONTENTS, text)
        elif "Title" in names and not self.found.title:
            self.found.title = one_line(text)
        else:
            level = next((int(m[1] or 1) for n in names if (m := _HEADING.match(n))), 0)
            self.found.add(Block(one_line(text) if level else text, level, bold=is_bold))
        self._boxes(boxes)

    def _heading(self, element: Element) -> None:
        text, _, boxes = self._read(element)
        level = element.get("text:outline-level")
        level = level if level.isdecimal() and len(level) < 3 else "1"
        self.found.add(Block(one_line(text), min(max(int(level), 1), _DEEPEST)))
        self._boxes(boxes)

    def _boxes(self, boxes: list[Element]) -> None:
        for box in boxes:
            self.contents(box)

    def _list(self, element: Element, depth: int, style: str) -> None:
        """Read a list; a list inside another has the style of the outer one, if none of its own."""
        style = element.get("text:style-name") or style
        level = self._styles.level(style, depth)
        number = level.start - 1 if depth else self._numbers.before(element, level)
        for entry in element.children:
            if entry.name not in ("text:list-item", "text:list-header"):
                continue
            number = self._numbers.of(entry, number)
            mark = f"{number}." if level.is_numbered else level.mark
            texts: list[str] = []
            boxes: list[Element] = []
            is_bold = False
            for child in entry.children:
                if child.name == "text:p":
                    text, bold, inside = self._read(child)
                    texts, boxes = [*texts, text], [*boxes, *inside]
                    is_bold = bold and (is_bold or len(texts) == 1)
                    continue
                self._item(depth, mark, texts, is_bold=is_bold)
                if child.name == "text:h":
                    self._heading(child)
                elif child.name == "text:list":
                    self._list(child, depth + 1, style)
            self._item(depth, mark, texts, is_bold=is_bold)
            self._boxes(boxes)
        if not depth:
            self._numbers.end(element, number)

    def _item(self, depth: int, mark: str, texts: list[str], *, is_bold: bool) -> None:
        self.found.item(Item(depth, mark, "\n".join(filter(None, texts)), is_bold))
        texts.clear()

    def _table(self, table: Element) -> list[Block]:
        rows = [
            [cell for element in _cells(row) for cell in self._repeated(element)]
            for row in _rows(table)
        ]
        head = table.child("table:table-header-rows")
        if any(inner is not table and inner.name == "table:table" for inner in table.within()):
            return [block for row in rows for cell in row for block in cell.blocks]
        return table_blocks(rows, marked=head is not None)

    def _repeated(self, cell: Element) -> list[Cell]:
        inner = _Walk(self._styles)
        inner.found.title = self.found.title or " "  # a table holds no title
        inner.contents(cell)
        self.found.left_out += inner.found.left_out
        wide, tall = _number(cell, "columns-spanned"), _number(cell, "rows-spanned")
        found = Cell(inner.found.finish(), wide, tall)
        return [found] * _number(cell, "columns-repeated")

    def _read(self, paragraph: Element) -> tuple[str, bool, list[Element]]:
        """Return the text of a paragraph, whether it is bold, and the boxes that hang on it."""
        runs = _Runs(self._styles, self.found)
        runs.read(paragraph, "paragraph", is_bold=False)
        inked = [is_bold for text, is_bold in runs.found if text.strip()]
        text = lines("".join(text for text, _ in runs.found))
        return text, bool(inked) and all(inked), runs.boxes


class _Runs:
    """Reads the text of one paragraph."""

    def __init__(self, styles: Styles, collector: Collector) -> None:
        self.found: list[tuple[str, bool]] = []
        self.boxes: list[Element] = []
        self._styles = styles
        self._collector = collector

    def read(self, element: Element, family: str, *, is_bold: bool) -> None:
        """Read the text inside an element of a family of styles."""
        style = element.get("text:style-name")
        weight = self._styles.stated(family, style, "fo:font-weight")
        is_bold = weight in _BOLD if weight else is_bold
        through = self._styles.stated(
            family, style, "style:text-line-through-style", "style:text-line-through-type"
        )
        reason = Reason.STRUCK if through not in ("", "none") else None
        is_hidden = self._styles.stated(family, style, "text:display") == "none"
        if is_hidden or element.get("text:is-hidden") == "true" or _is_hidden(element):
            reason = Reason.HIDDEN
        if reason:
            self._collector.leave_out(reason, _all_text(element))
            return
        position = self._styles.stated(family, style, "style:text-position")
        direction = position.startswith("super") - position.startswith("sub")
        self.found.append((moved(_plain(element.text), direction), is_bold))
        for child in element.children:
            self._child(child, is_bold=is_bold)
            self.found.append((_plain(child.tail), is_bold))

    def _child(self, child: Element, *, is_bold: bool) -> None:
        name = child.name
        if name in ("text:s", "text:tab"):
            self.found.append((" ", is_bold))
        elif name == "text:line-break":
            self.found.append(("\n", is_bold))
        elif name in ("text:note", "office:annotation"):
            self._collector.leave_out(Reason.NOTE, _said(child))
        elif name.startswith(_BOXES):
            self.boxes.append(Element(name, {}, [child]))
        elif name not in _NOT_READ:
            self.read(child, "text", is_bold=is_bold)


def _is_hidden(paragraph: Element) -> bool:
    return any(
        child.name == "text:hidden-paragraph" and child.get("text:is-hidden") == "true"
        for child in paragraph.children
    )


def _plain(text: str) -> str:
    """Return text without the line ends of the file, which mean no more than a space."""
    return text.replace("\n", " ").replace("\r", " ")


def _all_text(element: Element) -> str:
    """Return all text inside, hidden or not, with spaces between paragraphs."""
    parts = [element.text]
    for child in element.children:
        space = " " if child.name in ("text:p", "text:h", "text:s", "text:tab") else ""
        parts += [_all_text(child), space, child.tail]
    return "".join(parts)


def _said(element: Element) -> str:
    """Return the text of a note or a change, without who wrote it and when."""
    return " ".join(_all_text(c) for c in element.children if c.name.startswith("text:"))


def _rows(table: Element) -> Iterator[Element]:
    for child in table.children:
        if child.name == "table:table-row":
            yield child
        elif child.name in _ROW_GROUPS:
            yield from _rows(child)


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row.children if cell.name == "table:table-cell"]


def _number(cell: Element, name: str) -> int:
    said = cell.get(f"table:number-{name}")
    return min(int(said), SPAN_MAX) if said.isdecimal() and len(said) < 6 and int(said) else 1
