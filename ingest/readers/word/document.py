"""Reads a Word document: the visible text with its structure.

Comments, deleted and hidden text, tables of contents, headers and footers are left out, and said to
be; tracked insertions are read, and notes below the paragraph that refers to them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core.text.characters import lines, one_line
from ingest.files.archive import Element
from ingest.readers.blocks import (
    CELL_MAX_WORDS,
    Block,
    Item,
    cell_text,
    list_block,
    table_text,
)
from ingest.readers.office.article import article_of
from ingest.readers.outline import LeftOut, ParsedText, Reason
from ingest.readers.word.lists import Lists
from ingest.readers.word.parts import read_parts
from ingest.readers.word.runs import AROUND, Runs, alternative, plain
from ingest.readers.word.styles import Paragraph, Styles
from ingest.readers.word.tables import below, grid, has_head, unseen


def parse_word(raw: bytes, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, author, headings and sections in a Word document.

    The title is the paragraph of that style, else a heading above all others, else that of the
    document's properties, else a bold first line. Raises ContentError as `read_parts` does.
    """
    parts = read_parts(raw)
    lists = Lists(parts.numbering)
    walk = _Walk(Styles(parts.styles, parts.document), lists, _Left(dict(parts.notes)))
    for header in parts.headers:
        walk.left.out(Reason.MENU, plain(header))
    walk.contents(parts.document.child("body") or parts.document)
    for footer in parts.footers:
        walk.left.out(Reason.MENU, plain(footer))
    for note in walk.left.notes.values():  # nothing refers to them
        walk.left.out(Reason.NOTE, plain(note))
    properties = {
        element.name: one_line(element.text)
        for element in (parts.properties.children if parts.properties else [])
    }
    warnings = []
    if walk.left.files:
        warnings.append(f"files inside the document that were not read: {walk.left.files}")
    if lists.pictures:
        warnings.append(
            f"items of lists whose mark is a picture, which cannot be read: {lists.pictures}; "
            "if the pictures are ticks or crosses, write their meaning in words"
        )
    return article_of(
        walk.finish(),
        article_id,
        title=walk.title,
        fallback_title=fallback_title,
        stated=properties.get("x:title", ""),
        author=properties.get("x:creator", ""),
        warnings=warnings,
        left_out=walk.left.found,
    )


@dataclass(slots=True)
class _Left:
    """What is left out so far, the notes that are not read yet, and the `files` inside."""

    notes: dict[tuple[str, str], Element]
    found: list[LeftOut] = field(default_factory=list)
    files: int = 0

    def out(self, reason: Reason, text: str) -> None:
        if text := lines(text):
            self.found.append(LeftOut(reason, text))


class _Walk:
    """Collects the blocks of a document's paragraphs and tables."""

    def __init__(self, styles: Styles, lists: Lists, left: _Left, *, in_cell: bool = False) -> None:
        self.title = ""
        self.left = left
        self._styles = styles
        self._lists = lists
        self._in_cell = in_cell
        self._blocks: list[Block] = []
        self._items: list[Item] = []
        self._begun = ""  # the text of a paragraph whose end was deleted, and its notes
        self._notes: list[tuple[str, str]] = []

    def finish(self) -> list[Block]:
        self._end_list()
        return self._blocks

    def contents(self, parent: Element) -> None:
        """Read the paragraphs and tables in a body, a cell or a text box."""
        for element in parent.children:
            name = element.name
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._end_list()
                self._table(element)
            elif name == "sdt":
                if _is_contents(element):
                    self.left.out(Reason.CONTENTS, plain(element))
                else:
                    self.contents(element)
            elif name == "mc:AlternateContent":
                self.contents(alternative(element))
            elif name in AROUND:
                self.contents(element)
            elif name == "altChunk":
                self.left.files += 1

    def _paragraph(self, element: Element) -> None:
        properties = element.child("pPr")
        meant = self._styles.paragraph(properties)
        is_bold = meant.is_bold or meant.level > 0
        runs = Runs(self._styles, is_bold=is_bold, is_hidden=meant.is_hidden)
        runs.read(element)
        self.left.found += runs.left_out
        text = lines(self._begun + runs.text())
        notes = self._notes + runs.notes
        self._begun, self._notes = "", []
        mark = properties.child("rPr") if properties else None
        if mark and mark.child("del"):  # the next paragraph continues it
            self._begun, self._notes = f"{text} " if text else "", notes
        elif text and meant.is_left_out:
            self.left.out(Reason.CONTENTS, text)
        else:
            below = [f"Note: {note}" for kind, key in notes if (note := self._note(kind, key))]
            self._text(text, below, meant, is_bold=runs.is_bold)
        for box in runs.boxes:
            self._end_list()
            self.contents(box)

    def _text(self, text: str, notes: list[str], meant: Paragraph, *, is_bold: bool) -> None:
        """Add a paragraph and the notes that it refers to."""
        whole = "\n".join([text, *notes])
        if not text:
            pass
        elif meant.is_title and not self.title:
            self.title = one_line(text)
        elif meant.level or meant.is_title:
            self._add(Block(one_line(text), meant.level or 1))
        elif meant.list_id:
            self._items.append(Item(meant.depth, self._lists.mark(meant), whole, is_bold))
            return
        elif is_bold or self._in_cell:
            self._add(Block(text, bold=is_bold))
        else:
            self._add(Block(whole))
            return
        if notes:
            self._add(Block("\n".join(notes)))

    def _note(self, kind: str, key: str) -> str:
        """Return the text of a note at its first reference; a comment is left out."""
        note = self.left.notes.pop((kind, key), None)
        if note is None:
            return ""
        if kind == "comment":
            self.left.out(Reason.NOTE, plain(note))
            return ""
        inner = _Walk(self._styles, self._lists, self.left, in_cell=True)
        inner.title = " "  # a note holds no title
        inner.contents(note)
        return cell_text(inner.finish())

    def _add(self, block: Block) -> None:
        self._end_list()
        self._blocks.append(block)

    def _end_list(self) -> None:
        if self._items:
            self._blocks.append(list_block(self._items))
            self._items.clear()

    def _table(self, table: Element) -> None:
        rows: list[Element] = []
        for row in below(table, "tr"):
            if reason := unseen(row):
                self.left.out(reason, plain(row))
            else:
                rows.append(row)
        self._rows(table, rows)

    def _rows(self, table: Element, found: list[Element]) -> None:
        rows = [list(below(row, "tc")) for row in found]
        cells = [[self._cell(cell) for cell in row] for row in rows]
        everything = [block for row in cells for cell in row for block in cell]
        words = [sum(len(b.text.split()) for b in cell) for row in cells for cell in row]
        if (
            max(map(len, rows), default=0) < 2
            or any(block.level for block in everything)
            or any(inner is not table and inner.name == "tbl" for inner in table.within())
            or max(words, default=0) > CELL_MAX_WORDS
        ):
            self._blocks += everything
            return
        texts = grid(found, rows, [[cell_text(cell) for cell in row] for row in cells])
        is_marked = found[0].value("trPr", "tblHeader") is not None
        heads = [block for cell in cells[0] for block in cell]
        is_bold = bool(heads) and all(block.bold for block in heads)
        text = table_text(texts, has_head=bool(is_marked or is_bold or has_head(table, texts)))
        if text:
            self._blocks.append(Block(text))

    def _cell(self, cell: Element) -> list[Block]:
        inner = _Walk(self._styles, self._lists, self.left, in_cell=True)
        inner.title = self.title or " "  # a table holds no title
        inner.contents(cell)
        return inner.finish()


def _is_contents(box: Element) -> bool:
    gallery = box.child("sdtPr")
    return gallery is not None and "Table of Contents" in (
        gallery.value("docPartObj", "docPartGallery") or ""
    )
