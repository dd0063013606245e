"""An element of a web page, and the text in elements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.readers.html.borders import resolve

# Elements within a line.
INLINE = frozenset("a b strong sup sub br span".split())
# What scripts set before they move a part into view, letter by letter or as a whole.
_TRANSPARENT = re.compile(r"opacity\s*:\s*0(?:\.0+)?\s*(?:;|\Z)", re.IGNORECASE)
_MOVED = re.compile(r"(?:^|[;\s-])(?:transform|translate)\s*:", re.IGNORECASE)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Node:
    """An element; `children` are elements and the text between them, in reading order.

    Elements later on the page have a greater `place`.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    place: int = 0

    def get(self, name: str) -> str:
        """Return an attribute, "" when it is missing or empty."""
        return self.attributes.get(name, "")

    def elements(self) -> Iterator[Node]:
        """Yield this element and all inside it, in reading order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += [c for c in reversed(node.children) if isinstance(c, Node)]

    def nodes(self) -> list[Node]:
        """Return the elements directly inside."""
        return [child for child in self.children if isinstance(child, Node)]

    def text(self) -> str:
        """Return all text inside, as it is in the page, without spaces between elements."""
        return resolve("".join(strings_in([self])))

    def is_hidden(self) -> bool:
        """Say whether the page shows the element to nobody, or not at first."""
        return is_hiding(self.attributes)

    def only_for_eyes(self) -> bool:
        """Say whether the page shows the element, but does not read it aloud."""
        rest = {name: value for name, value in self.attributes.items() if name != "aria-hidden"}
        return self.is_hidden() and not is_hiding(rest)


def strings_in(children: Sequence[Node | str]) -> Iterator[str]:
    """Yield the pieces of text inside, in reading order."""
    stack: list[Node | str] = list(reversed(children))
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        else:
            stack += reversed(node.children)


def text_by_lines(children: Sequence[Node | str]) -> str:
    """Return all text inside with a line for each element that is a block."""
    found: list[str] = []
    stack: list[Node | str] = list(reversed(children))
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            found.append(node if node == "\n" else " ".join(re.split(r"[ \t\r\n\f]+", node)))
        elif node.tag in INLINE and node.tag != "br":
            stack += reversed(node.children)
        else:
            stack += ["\n", *reversed(node.children), "\n"]
    return resolve("".join(found))


def is_hiding(attributes: dict[str, str]) -> bool:
    """Say whether the attributes of an element hide it."""
    style = attributes.get("style", "")
    if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
        return True
    if attributes.get("aria-hidden", "").lower() == "true":
        return True
    hiding = _HIDING.search(style) if style else None
    if not hiding:
        return False
    # What is moved into view is only hidden at first; what takes no place is not moved.
    takes_place = hiding[0].lower().startswith("visibility")
    return not ("animation" in style or (takes_place and _moves(style)))


def _moves(style: str) -> bool:
    return bool(_TRANSPARENT.search(style) and _MOVED.search(style))
