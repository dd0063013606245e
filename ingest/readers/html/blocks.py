"""Turns the elements of a page's main part into headings, paragraphs, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.text.characters import lines, one_line
from ingest.readers.blocks import (
    CELL_MAX_WORDS,
    SPAN_MAX,
    Block,
    Item,
    cell_text,
    limit_levels,
    list_text,
    table_text,
)
from ingest.readers.html.inline import BREAK, all_in, links_in, text_of, without_menus
from ingest.readers.html.tree import Node

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset("a b strong sup sub br".split())
_LISTS = frozenset("ul ol".split())
_ROWS, _HEADS, _CAPTIONS = frozenset({"tr"}), frozenset({"thead"}), frozenset({"caption"})
_CELLS, _DEFINED = frozenset({"td", "th"}), frozenset({"dt", "dd"})
# Elements that make a cell or a list item part of the page's layout.
_LAYOUT = frozenset("h1 h2 h3 h4 h5 h6 table details dl article section".split())
_TOGGLES = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle")
_TOGGLE_NAMES = re.compile(r"accordion|toggle|collapsible|faq|question", re.IGNORECASE)
_TOGGLE_MAX_CHARS = 200
_CAPTION_MAX_WORDS = 8


def blocks_of(node: Node, *, outer: int = 0) -> list[Block]:
    """Return the blocks of an element in order; `outer` is the level of the heading above."""
    walk = _Walk(outer)
    walk.children(node)
    return walk.blocks


class _Walk:
    """Collects the blocks of elements; text between block elements is a paragraph."""

    def __init__(self, outer: int) -> None:
        self.blocks: list[Block] = []
        self._level = outer  # of the last heading that the page marks as one
        self._inline: list[Node | str] = []

    def children(self, node: Node) -> None:
        for child in node.children:
            if isinstance(child, str) or (child.tag in _INLINE and not _has_blocks(child)):
                self._inline.append(child)
            else:
                self._flush()
                self._element(child)
        self._flush()

    def _element(self, node: Node) -> None:
        tag = node.tag
        level = _HEADINGS.get(tag) or _spoken_level(node)
        if level and not (tag not in _HEADINGS and _has_blocks(node)):
            self._heading(node, level)
        elif tag == "details":
            self._details(node)
        elif _is_toggle(node):
            self._add(Block(one_line(node.text()), self._level + 1))
        elif tag == "button":
            return
        elif tag in _LISTS:
            self._list(node)
        elif tag == "dl":
            self._definitions(node)
        elif tag == "table":
            self._table(node)
        elif tag == "pre":
            self._add(Block(lines(node.text())))
        elif tag == "figcaption":
            text = one_line(node.text())
            if text.endswith((".", "!", "?")) or len(text.split()) > _CAPTION_MAX_WORDS:
                self.children(node)
        else:
            self.children(node)

    def _add(self, block: Block) -> None:
        if block.text or block.leaves:
            self.blocks.append(block)

    def _flush(self) -> None:
        inline, self._inline = without_menus(self._inline), []
        text = text_of(inline)
        bold, linked = all_in(inline, "b", "strong"), all_in(inline, "a")
        # Two line breaks in a row separate paragraphs.
        for part in re.split(rf"{BREAK}\s*{BREAK}\s*", text):
            self._add(Block(lines(part.replace(BREAK, "\n")), bold=bold, linked=linked))

    def _heading(self, node: Node, level: int) -> None:
        text = one_line(text_of(node.children).replace(BREAK, " "))
        if text:
            self._level = level
            self._add(Block(text, level, linked=all_in(node.children, "a")))

    def _details(self, node: Node) -> None:
        """Add a question that opens its answer as a section that ends with the element."""
        summary = next((c for c in _nodes(node) if c.tag == "summary"), None)
        inside = self._level + 1
        if summary:
            self._add(Block(one_line(summary.text()), inside))
        rest = Node("div", children=[c for c in node.children if c is not summary])
        self.blocks += limit_levels(blocks_of(rest, outer=inside), inside + 1)
        self._add(Block("", inside, leaves=True))

    def _list(self, node: Node) -> None:
        if any(inner.tag in _LAYOUT for inner in node.elements()):
            self.children(node)
            return
        is_linked = all_in([node], "a")
        if is_linked and all(link.get("href").startswith("#") for link in links_in([node])):
            return  # the table of contents of this page
        self._add(Block(list_text(_items(node, 0)), linked=is_linked))

    def _definitions(self, node: Node) -> None:
        parts = list(_own(node, _DEFINED))
        if sum(_letters(part) for part in parts) < _letters(node):
            self.children(node)  # it holds more than terms and definitions
            return
        terms: list[str] = []
        entries: list[Item] = []

        def close() -> None:
            self._add(Block(list_text(entries)))
            entries.clear()

        for child in parts:
            if child.tag == "dt":
                terms.append(one_line(child.text()))
                continue
            inner = blocks_of(child)
            term = ", ".join(filter(None, terms))
            if term.endswith("?") or len(inner) > 1:
                close()
                self._add(Block(term, self._level + 1))
                self.blocks += limit_levels(inner, self._level + 2)
                self._add(Block("", self._level + 1, leaves=True))
            elif inner:
                text = f"{term.rstrip(':')}: {inner[0].text}" if term else inner[0].text
                entries.append(Item(0, "-", text))
            terms = []
        if any(terms):
            entries.append(Item(0, "-", ", ".join(terms)))
        close()

    def _table(self, node: Node) -> None:
        rows = [list(_own(row, _CELLS)) for row in _own(node, _ROWS)]
        cells = [cell for row in rows for cell in row]
        if (
            max(map(len, rows), default=0) < 2
            or node.get("role") in ("presentation", "none")
            or any(e.tag in _LAYOUT for cell in cells for e in cell.elements())
            or any(len(cell.text().split()) > CELL_MAX_WORDS for cell in cells)
        ):
            self.children(node)
            return
        caption = one_line(" ".join(c.text() for c in _own(node, _CAPTIONS)))
        heads = sum(1 for head in _own(node, _HEADS) for _ in _own(head, _ROWS))
        marked = all(cell.tag == "th" or all_in([cell], "b", "strong") for cell in rows[0])
        has_head = heads > 0 or marked
        text = table_text(_grid(rows), has_head=has_head, caption=caption)
        self._add(Block(text, linked=all_in([node], "a")))


def _grid(rows: list[list[Node]]) -> list[list[str]]:
    """Return the texts of cells; a cell that spans several rows is repeated in each of them."""
    found: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column: rows to go, text
    for row in rows:
        texts: list[str] = []
        waiting = list(row)
        while waiting or len(texts) in below:
            column = len(texts)
            left, text = below.pop(column, (0, ""))
            if left:
                texts.append(text)
            else:
                cell = waiting.pop(0)
                text, left = cell_text(blocks_of(cell)), _span(cell, "rowspan")
                # An empty cell more for each column that it spans beside its own.
                texts += [text] + [""] * (_span(cell, "colspan") - 1)
            if left > 1:
                below[column] = (left - 1, text)
        found.append(texts)
    return found


def _span(cell: Node, name: str) -> int:
    value = cell.get(name)
    return min(int(value), SPAN_MAX) if value.isdecimal() and len(value) < 5 and int(value) else 1


def _is_toggle(node: Node) -> bool:
    """Say whether an element is a button that opens an answer."""
    if not (node.tag == "button" or node.get("role") in ("button", "tab")):
        return False
    opens = any(name in node.attributes for name in _TOGGLES) or _TOGGLE_NAMES.search(
        node.get("class")
    )
    text = one_line(node.text())
    return bool(opens) and 0 < len(text) <= _TOGGLE_MAX_CHARS and any(c.isalpha() for c in text)


def _spoken_level(node: Node) -> int:
    level = node.get("aria-level")
    if node.get("role") == "heading":
        return int(level) if level in tuple("123456") else 2
    return 0


def _letters(node: Node) -> int:
    return sum(c.isalnum() for c in node.text())


def _has_blocks(node: Node) -> bool:
    return any(e.tag not in _INLINE for e in node.elements() if e is not node)


def _nodes(node: Node) -> Iterator[Node]:
    return (child for child in node.children if isinstance(child, Node))


def _own(node: Node, tags: frozenset[str]) -> Iterator[Node]:
    """Yield the elements of these names below a node, but none inside another or a table."""
    stack = list(reversed(list(_nodes(node))))
    while stack:
        child = stack.pop()
        if child.tag in tags:
            yield child
        elif child.tag != "table":
            stack += reversed(list(_nodes(child)))


def _items(node: Node, depth: int) -> Iterator[Item]:
    start = node.get("start")
    number = int(start) if start.isdecimal() and len(start) < 9 else 1
    for child in _entries(node):
        if child.tag in _LISTS:  # a list between items instead of inside an item
            yield from _items(child, depth + 1)
            continue
        value = child.get("value")
        number = int(value) if value.isdecimal() and len(value) < 9 else number
        deeper = list(_own(child, _LISTS))
        text = _without(child, deeper)
        if text:
            yield Item(depth, "-" if node.tag == "ul" else f"{number}.", text)
            number += 1
        for inner in deeper:
            yield from _items(inner, depth + bool(text))


def _entries(node: Node) -> Iterator[Node]:
    """Yield the children of a list; text between its items is an item too."""
    loose: list[Node | str] = []
    for child in [*node.children, Node("li")]:
        if isinstance(child, str) or child.tag in _INLINE:
            loose.append(child)
            continue
        yield Node("li", children=loose)
        yield child
        loose = []


def _without(node: Node, left_out: list[Node]) -> str:
    """Return the text of an item, one line per block, without the lists in it."""
    out = {id(inner) for inner in left_out}
    return "\n".join(block.text for block in blocks_of(_copy(node, out)))


def _copy(node: Node, out: set[int]) -> Node:
    children = [
        _copy(child, out) if isinstance(child, Node) else child
        for child in node.children
        if id(child) not in out
    ]
    return Node(node.tag, node.attributes, children)
