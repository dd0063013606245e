"""A web page as a tree of plain objects, parsed as browsers do; the only user of selectolax.

Nothing of a page is run, loaded or followed: pictures, scripts and frames are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.errors import ContentError
from ingest.files.limits import DEPTH, ELEMENTS

# Elements without text of an article.
_NOT_READ = frozenset(
    """script style template noscript svg math iframe frame frameset object embed applet canvas
    audio video map area img picture source track input select option textarea datalist progress
    meter link base param""".split()
)
# Elements that only change how letters look: their content moves to the parent.
_LOOKS = frozenset(
    """span font em i u small big tt abbr acronym cite code kbd samp var dfn mark bdi bdo data
    time q ins label nobr wbr ruby rb""".split()
)
# Crossed-out text is no longer valid; ruby text repeats how a character is read aloud.
_CROSSED_OUT = frozenset("del s strike rp rt".split())
# Elements that only their end tags close; pages leave some open by mistake.
_NESTING = re.compile(
    r"<(/?)(?:div|section|article|main|aside|header|footer|nav|ul|ol|dl|table|details|center|form"
    r"|blockquote|figure|fieldset|button)\b",
    re.IGNORECASE,
)
_LEFT_OPEN = 10


@dataclass(eq=False, slots=True)
class Node:
    """An element; `children` are elements and the text between them, in reading order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

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

    def text(self) -> str:
        """Return all text inside, as it is in the page, without spaces between elements."""
        found: list[str] = []
        stack: list[Node | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                found.append(node)
            else:
                stack += reversed(node.children)
        return "".join(found)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the metadata of its head, and its body."""

    title: str
    metas: tuple[dict[str, str], ...]
    linked_data: tuple[str, ...]
    body: Node


def parse_page(markup: str) -> Page:
    """Parse a page, or a part of one, as a browser does.

    Raises ContentError when it has too many elements, or elements that are nested too deeply.
    """
    from selectolax.lexbor import LexborHTMLParser

    _check_nesting(markup)
    parser = LexborHTMLParser(markup)
    title = ""
    metas: list[dict[str, str]] = []
    linked: list[str] = []
    body = Node("page")
    # (element of the parser, where its children go, how deep); a stack, because pages nest at will
    stack = [(parser.root, body, 0)] if parser.root else []
    count = 0
    while stack:
        element, parent, depth = stack.pop()
        count += 1
        if count > ELEMENTS or depth > DEPTH:
            raise _beyond(count)
        tag = element.tag or ""
        if element.is_text_node:
            parent.children.append(element.text_content or "")
            continue
        if tag == "title" and not title:
            title = element.text() or ""
            continue
        if tag == "meta":
            metas.append({name: value or "" for name, value in element.attributes.items()})
            continue
        if tag == "script" and "ld+json" in (element.attributes.get("type") or ""):
            linked.append(element.text(deep=True) or "")
        if not element.is_element_node or tag in _NOT_READ or tag in _CROSSED_OUT:
            continue
        inside = parent
        if tag not in _LOOKS:
            attributes = {name: value or "" for name, value in element.attributes.items()}
            inside = Node(tag, attributes)
            parent.children.append(inside)
            depth += 1
        children = []
        child = element.first_child
        while child is not None:
            children.append((child, inside, depth))
            child = child.next
        stack += reversed(children)
    return Page(title, tuple(metas), tuple(linked), body)


def _check_nesting(markup: str) -> None:
    """Refuse endless nesting before parsing, which would take too long."""
    depth = 0
    for match in _NESTING.finditer(markup):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > DEPTH * _LEFT_OPEN:
            raise _beyond(0)


def _beyond(count: int) -> ContentError:
    many = count > ELEMENTS
    return ContentError(
        "This web page is too complex to read.",
        expected=f"at most {ELEMENTS:,} elements" if many else f"at most {DEPTH} nested elements",
        found="more",
        fix="save the article in a simpler form, for example as plain text, "
        "then run: python -m ingest",
    )
