"""Turns the elements of a page's main part into headings, paragraphs, lists and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.text.characters import lines, one_line, word_count
from ingest.readers.blocks import (
    CELL_MAX_WORDS,
    Block,
    Item,
    grid,
    limit_levels,
    list_text,
    table_text,
)
from ingest.readers.html.cleaning.toggles import is_toggle, toggle_text
from ingest.readers.html.inline import BREAK, all_in, links_in, split_menus, text_of
from ingest.readers.html.labels import is_label, is_numbered, says_what_not_to_do
from ingest.readers.html.lists import LISTS, items, own
from ingest.readers.html.node import INLINE, Node, text_by_lines
from ingest.readers.html.omissions import Omissions
from ingest.readers.html.tables import spanning
from ingest.readers.outline import Reason

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ROWS, _HEADS, _CAPTIONS = frozenset({"tr"}), frozenset({"thead"}), frozenset({"caption"})
_CELLS, _DEFINED = frozenset({"td", "th"}), frozenset({"dt", "dd"})
# Elements that make a cell or a list item part of the page's layout.
_LAYOUT = frozenset("h1 h2 h3 h4 h5 h6 table details dl article section".split())
# Elements at whose top a label may be; not an answer, nor text outside any of them.
_LABELLED = frozenset("section div article header main hgroup aside a center".split())
_CAPTION_MAX_WORDS = 8


@dataclass(frozen=True, slots=True)
class PageBlock(Block):
    """A block and its place on the page (`Node.place`)."""

    place: int = 0


def blocks_of(node: Node, left_out: Omissions, *, outer: int = 0) -> list[PageBlock]:
    """Return the blocks of an element in order; `outer` is the level of the heading above."""
    walk = _Walk(left_out, outer)
    walk.children(node)
    return walk.blocks


class _Walk:
    """Collects the blocks of elements; text between block elements is a paragraph."""

    def __init__(self, left_out: Omissions, outer: int) -> None:
        self.blocks: list[PageBlock] = []
        self._left_out = left_out
        self._level = outer  # of the last heading that the page marks as one
        self._depth = 0  # of the elements that are open
        # The level of what opens the parts of an accordion, by its depth; headings in one part say
        # nothing about the next.
        self._toggles: dict[int, int] = {}
        self._inline: list[Node | str] = []
        self._place = 0  # of the last element

    def children(self, node: Node) -> None:
        """Add the blocks of the children of an element."""
        first = len(self.blocks)
        self._depth += 1
        for child in node.children:
            if isinstance(child, str) or (child.tag in INLINE and not _has_blocks(child)):
                self._inline.append(child)
            else:
                self._flush()
                self._place = max(self._place, child.place)
                self._element(child)
        self._flush()
        self._depth -= 1
        if node.tag in _LABELLED:
            self._without_label(first)
            self._without_numbered(first)

    def _element(self, node: Node) -> None:
        tag = node.tag
        level = _HEADINGS.get(tag) or _spoken_level(node)
        if level and not (tag not in _HEADINGS and _has_blocks(node)):
            self._heading(node, level)
        elif tag == "details":
            self._details(node)
        elif is_toggle(node):
            level = self._toggles.setdefault(self._depth, self._level + 1)
            self._add(self._without_sign(node), level)
        elif tag == "button":
            self._left_out.add_node(Reason.MENU, node)
        elif tag in LISTS:
            self._list(node)
        elif tag == "dl":
            self._definitions(node)
        elif tag == "table":
            self._table(node)
        elif tag == "pre":
            self._add(lines(node.text()))
        elif tag == "figcaption" and _is_short(node):
            self._left_out.add_node(Reason.LABEL, node)
        else:
            first = len(self.blocks)
            self.children(node)
            if tag == "a":
                self.blocks[first:] = [replace(b, linked=True) for b in self.blocks[first:]]

    def _add(self, text: str, level: int = 0, *, bold: bool = False, linked: bool = False) -> None:
        if text:
            self.blocks.append(PageBlock(text, level, bold, linked=linked, place=self._place))

    def _leave(self, level: int) -> None:
        self.blocks.append(PageBlock("", level, leaves=True, place=self._place))

    def _flush(self) -> None:
        if not self._inline:
            return
        inline, menus = split_menus(self._inline)
        self._place = max([self._place, *(c.place for c in self._inline if isinstance(c, Node))])
        self._inline = []
        for menu in menus:
            self._left_out.add(Reason.MENU, self._place, text_by_lines(menu))
        text = text_of(inline)
        bold, linked = all_in(inline, "b", "strong"), all_in(inline, "a")
        # Two line breaks in a row separate paragraphs.
        for part in re.split(rf"{BREAK}\s*{BREAK}\s*", text):
            self._add(lines(part.replace(BREAK, "\n")), bold=bold, linked=linked)

    def _without_label(self, first: int) -> None:
        """Leave out short lines at the top of an element with a heading right under them."""
        end = first
        while end < len(self.blocks) and is_label(self.blocks[end]):
            end += 1
        if end == first or end == len(self.blocks) or not self.blocks[end].level:
            return
        before = self.blocks[first - 1] if first else None
        if before and before.level and not before.leaves and before.text.endswith("?"):
            return  # a short answer
        for label in self.blocks[first:end]:
            if says_what_not_to_do(label.text):
                heading = self.blocks[end]
                text = f"{label.text}: {heading.text}"
                self.blocks[end] = replace(heading, text=text)
            else:
                self._left_out.add(Reason.LABEL, label.place, label.text)
        del self.blocks[first:end]

    def _without_numbered(self, first: int) -> None:
        """Leave out labels such as "02 / Symptoms" right above a heading."""
        for i in reversed(range(first, len(self.blocks) - 1)):
            label = self.blocks[i]
            is_above = bool(self.blocks[i + 1].level) and not self.blocks[i + 1].leaves
            if is_above and is_numbered(label):
                self._left_out.add(Reason.LABEL, label.place, label.text)
                del self.blocks[i]

    def _without_sign(self, node: Node) -> str:
        text, sign = toggle_text(node)
        self._left_out.add(Reason.LABEL, node.place, sign)
        return text

    def _heading(self, node: Node, level: int) -> None:
        text = one_line(text_of(node.children).replace(BREAK, " "))
        if "?" in text:
            text = self._without_sign(node)
        if text:
            self._level = level
            self._toggles = {at: of for at, of in self._toggles.items() if at < self._depth}
            self._add(text, level, linked=all_in(node.children, "a"))

    def _details(self, node: Node) -> None:
        """Add a question that opens its answer as a section that ends with the element."""
        summary = next((c for c in node.nodes() if c.tag == "summary"), None)
        inside = self._level + 1
        if summary:
            self._add(self._without_sign(summary), inside)
        rest = Node("details", children=[c for c in node.children if c is not summary])
        self._add_under(rest, inside)

    def _add_under(self, node: Node, level: int) -> None:
        """Add what belongs to a heading of this level, and end its section."""
        inner = blocks_of(node, self._left_out, outer=level)
        self.blocks += limit_levels(inner, level + 1)
        self._leave(level)

    def _list(self, node: Node) -> None:
        if any(inner.tag in _LAYOUT for inner in node.elements()):
            self.children(node)
            return
        is_linked = all_in([node], "a")
        if is_linked and all(link.get("href").startswith("#") for link in links_in([node])):
            self._left_out.add_node(Reason.CONTENTS, node)
            return
        self._add(list_text(items(node, self._read)), linked=is_linked)

    def _read(self, node: Node) -> list[PageBlock]:
        return blocks_of(node, self._left_out)

    def _definitions(self, node: Node) -> None:
        parts = list(own(node, _DEFINED))
        if sum(_letters(part) for part in parts) < _letters(node):
            self.children(node)  # it holds more than terms and definitions
            return
        terms: list[str] = []
        entries: list[Item] = []

        def close() -> None:
            self._add(list_text(entries))
            entries.clear()

        for child in parts:
            if child.tag == "dt":
                terms.append(self._without_sign(child))
                continue
            inner = self._read(child)
            term = ", ".join(filter(None, terms))
            if term.endswith("?") or len(inner) > 1:
                close()
                self._add(term, self._level + 1)
                self.blocks += limit_levels(inner, self._level + 2)
                self._leave(self._level + 1)
            elif inner:
                text = f"{term.rstrip(':')}: {inner[0].text}" if term else inner[0].text
                entries.append(Item(0, "-", text))
            else:  # a picture, or what is left out itself
                self._left_out.add(Reason.LABEL, child.place, term)
            terms = []
        if any(terms):
            entries.append(Item(0, "-", ", ".join(terms)))
        close()

    def _table(self, node: Node) -> None:
        rows = [list(own(row, _CELLS)) for row in own(node, _ROWS)]
        cells = [cell for row in rows for cell in row]
        if (
            max(map(len, rows), default=0) < 2
            or node.get("role") in ("presentation", "none")
            or any(e.tag in _LAYOUT for cell in cells for e in cell.elements())
            or any(word_count(cell.text()) > CELL_MAX_WORDS for cell in cells)
        ):
            self.children(node)
            return
        caption = one_line(" ".join(c.text() for c in own(node, _CAPTIONS)))
        heads = sum(1 for head in own(node, _HEADS) for _ in own(head, _ROWS))
        marked = all(cell.tag == "th" or all_in([cell], "b", "strong") for cell in rows[0])
        has_head = heads > 0 or marked
        texts = grid([[spanning(cell, self._read) for cell in row] for row in rows])
        text = table_text(texts, has_head=has_head, caption=caption)
        self._add(text, linked=all_in([node], "a"))


def _is_short(caption: Node) -> bool:
    text = one_line(caption.text())
    return not text.endswith((".", "!", "?")) and word_count(text) <= _CAPTION_MAX_WORDS


def _spoken_level(node: Node) -> int:
    level = node.get("aria-level")
    if node.get("role") == "heading":
        return int(level) if level in tuple("123456") else 2
    return 0


def _letters(node: Node) -> int:
    return sum(c.isalnum() for c in node.text())


def _has_blocks(node: Node) -> bool:
    return any(e.tag not in INLINE for e in node.elements() if e is not node)
