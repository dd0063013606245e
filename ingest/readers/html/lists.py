"""The items of a list on a web page, with the marks that say something."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ingest.readers.blocks import Block, Item
from ingest.readers.html.icons import list_sign
from ingest.readers.html.node import INLINE, Node

# A mark in an element of its own, which its style sets apart from the words.
_TYPED_MARK = re.compile(
    r"\A([\u2013\u2014\u2022\u2192\u2610-\u2612\u2705\u2713-\u2718\u2726\u274c]\ufe0f?)(?=\w)"
)
LISTS = frozenset("ul ol".split())


def items(node: Node, read: Callable[[Node], Sequence[Block]], depth: int = 0) -> Iterator[Item]:
    """Yield the items of a list and of the lists in it; `read` returns the blocks of an item."""
    start = node.get("start")
    number = int(start) if start.isdecimal() and len(start) < 9 else 1
    for child in _entries(node):
        if child.tag in LISTS:  # a list between items instead of inside an item
            yield from items(child, read, depth + 1)
            continue
        value = child.get("value")
        number = int(value) if value.isdecimal() and len(value) < 9 else number
        deeper = list(own(child, LISTS))
        text = _TYPED_MARK.sub(r"\1 ", _without(child, deeper, read))
        if text:
            sign = list_sign(child.get("style") or node.get("style"))
            if node.tag == "ul":
                yield Item(depth, sign or "-", text)
            else:
                yield Item(depth, f"{number}.", f"{sign} {text}".lstrip())
            number += 1
        for inner in deeper:
            yield from items(inner, read, depth + bool(text))


def own(node: Node, tags: frozenset[str]) -> Iterator[Node]:
    """Yield the elements of these names below a node, but none inside another or a table."""
    stack = node.nodes()[::-1]
    while stack:
        child = stack.pop()
        if child.tag in tags:
            yield child
        elif child.tag != "table":
            stack += child.nodes()[::-1]


def _entries(node: Node) -> Iterator[Node]:
    """Yield the children of a list; text between its items is an item too."""
    loose: list[Node | str] = []
    for child in [*node.children, Node("li")]:
        if isinstance(child, str) or child.tag in INLINE:
            loose.append(child)
            continue
        yield Node("li", children=loose)
        yield child
        loose = []


def _without(node: Node, left_out: list[Node], read: Callable[[Node], Sequence[Block]]) -> str:
    """Return the text of an item, one line per block, without the lists in it."""
    out = {id(inner) for inner in left_out}
    return "\n".join(block.text for block in read(_copy(node, out)))


def _copy(node: Node, out: set[int]) -> Node:
    children = [
        _copy(child, out) if isinstance(child, Node) else child
        for child in node.children
        if id(child) not in out
    ]
    return Node(node.tag, node.attributes, children, node.place)
