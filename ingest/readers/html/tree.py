"""Parses a web page into a tree of nodes as browsers do; the only user of selectolax.

Nothing of a page is run, loaded or followed: pictures, scripts and frames are dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from core.errors import ContentError
from ingest.files.limits import DEPTH, ELEMENTS
from ingest.readers.html.borders import border, without_borders
from ingest.readers.html.icons import CROSS, font_sign, icon_sign
from ingest.readers.html.node import Node, is_hiding
from ingest.readers.html.style_rules import hidden_selectors
from ingest.readers.outline import Reason

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# Elements without text of an article, and why the text in them is none.
_DECORATION = frozenset(
    """svg math map area img picture source track input select option textarea datalist progress
    meter link base param audio video canvas""".split()
)
_CODE = frozenset("script style".split())
_UNSEEN = frozenset("template noscript iframe frame frameset object embed applet".split())
_NOT_READ = {
    **dict.fromkeys(_DECORATION, Reason.LABEL),
    **dict.fromkeys(_CODE, Reason.TEMPLATE),
    **dict.fromkeys(_UNSEEN, Reason.HIDDEN),
    # Crossed-out text is no longer valid; ruby text repeats how a character is read aloud.
    **dict.fromkeys("del s strike".split(), Reason.STRUCK),
    **dict.fromkeys("rp rt".split(), Reason.REPEATED),
}
# Elements that only change how letters look: their content moves to the parent.
_LOOKS = frozenset(
    """span font em i u small big tt abbr acronym cite code kbd samp var dfn mark bdi bdo data
    time q ins label nobr wbr ruby rb""".split()
)
_STRUCK = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
# Elements that only their end tags close; pages leave some open by mistake.
_NESTING = re.compile(
    r"<(/?)(?:div|section|article|main|aside|header|footer|nav|ul|ol|dl|table|details|center|form"
    r"|blockquote|figure|fieldset|button)\b",
    re.IGNORECASE,
)
_LEFT_OPEN = 10


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the metadata of its head, and its body.

    `dropped` are the parts that are not in the body: the reason, the place, the text. `scripts` are
    the programs among them. `has_hidden` and `has_notes` say whether to look for hidden elements,
    and for superscripts and links within the page.
    """

    title: str
    metas: tuple[dict[str, str], ...]
    linked_data: tuple[str, ...]
    scripts: tuple[str, ...]
    body: Node
    dropped: tuple[tuple[Reason, int, str], ...]
    has_hidden: bool
    has_notes: bool


def parse_page(markup: str) -> Page:
    """Parse a page, or a part of one, as a browser does.

    Raises ContentError when it has too many elements, or elements that are nested too deeply.
    """
    from selectolax.lexbor import LexborHTMLParser

    _check_nesting(markup)
    page = LexborHTMLParser(markup)
    _mark_hidden(page)
    return _Parser().page(page.root)


def _mark_hidden(page: LexborHTMLParser) -> None:
    """Mark what the page's own style hides as an attribute would."""
    style = "\n".join(map(_text, page.css("style")))
    if not style:
        return
    scripts = "\n".join(map(_text, page.css("script")))
    for selector in hidden_selectors(style, scripts):
        for element in page.css(selector):
            if "display" not in (element.attributes.get("style") or ""):
                element.attrs["hidden"] = ""


class _Parser:
    """Copies the parser's elements that matter."""

    def __init__(self) -> None:
        self._title = ""
        self._metas: list[dict[str, str]] = []
        self._linked: list[str] = []
        self._scripts: list[str] = []
        self._dropped: list[tuple[Reason, int, str]] = []
        # Where icons are ticks. Without crosses beside them they only decorate.
        self._ticks: list[tuple[list[Node | str], int]] = []
        self._has_cross = False
        self._has_hidden = False
        self._has_notes = False
        self._count = 0

    def page(self, root: LexborNode | None) -> Page:
        body = Node("page")
        # (element of the parser or text, where it goes, how deep); pages nest at will
        stack: list[tuple[LexborNode | str, Node, int]] = [(root, body, 0)] if root else []
        while stack:
            element, parent, depth = stack.pop()
            if isinstance(element, str):
                parent.children.append(element)
                continue
            self._count += 1
            if self._count > ELEMENTS or depth > DEPTH:
                raise _beyond(self._count)
            if element.is_text_node:
                parent.children.append(without_borders(element.text_content or ""))
                continue
            tag = element.tag or ""
            if not element.is_element_node or self._is_of_the_head(element, tag):
                continue
            inside = self._place_for(element, tag, parent)
            if inside is not None:
                depth += inside is not parent
                stack += [(child, inside, depth) for child in _children_backwards(element)]
        if not self._has_cross:
            for children, place in self._ticks:
                children[place] = ""
        return Page(
            *(self._title, tuple(self._metas), tuple(self._linked), tuple(self._scripts)),
            body=body,
            dropped=tuple(self._dropped),
            has_hidden=self._has_hidden,
            has_notes=self._has_notes,
        )

    def _is_of_the_head(self, element: LexborNode, tag: str) -> bool:
        if tag == "title" and not self._title:
            self._title = element.text() or ""
        elif tag == "meta":
            attributes = {name: value or "" for name, value in element.attributes.items()}
            self._metas.append(attributes)
        return tag in ("title", "meta")

    def _place_for(self, element: LexborNode, tag: str, parent: Node) -> Node | None:
        """Return where the children of an element go, None when they are dropped."""
        attributes = {name: value or "" for name, value in element.attributes.items()}
        if tag in _NOT_READ:
            self._drop(element, tag, attributes, parent)
            return None
        style = attributes.get("style", "")
        hides = bool(attributes) and is_hiding(attributes)
        if tag not in _LOOKS:
            node = Node(tag, attributes, place=self._count)
        elif "line-through" in style and _STRUCK.search(style):
            self._dropped.append((Reason.STRUCK, self._count, _text(element)))
            return None
        elif self._is_icon(element, attributes, parent):
            return None
        elif "vertical-align" in style and _RAISED.search(style):
            node = Node("sup", attributes, place=self._count)
        elif hides:
            node = Node("span", attributes, place=self._count)
        else:
            return parent
        self._has_hidden = self._has_hidden or hides
        self._has_notes = self._has_notes or (
            node.tag == "sup" or (tag == "a" and "#" in node.get("href"))
        )
        parent.children.append(node)
        return node

    def _drop(
        self, element: LexborNode, tag: str, attributes: dict[str, str], parent: Node
    ) -> None:
        text = ""
        if tag == "template":  # its content is no part of the document
            text = unescape(_TAG.sub(" ", element.html or ""))
        elif tag not in ("img", "input"):
            text = _text(element)
        if tag == "script":
            is_linked = "ld+json" in attributes.get("type", "")
            (self._linked if is_linked else self._scripts).append(text)
        if tag == "svg" and "aria-label" not in attributes:
            attributes["aria-label"] = text.strip()
        sign = icon_sign(attributes) if tag in ("img", "svg") else ""
        if sign and not (sign == CROSS and _closes(element)):
            self._mark(sign, parent)
        elif text:
            self._dropped.append((_NOT_READ[tag], self._count, text))

    def _is_icon(self, element: LexborNode, attributes: dict[str, str], parent: Node) -> bool:
        """Put the mark that an icon shows in its place; say whether the element is an icon."""
        if "class" not in attributes:
            return False
        text = _text(element) if "material-" in attributes["class"] else ""
        sign = font_sign(attributes["class"], text)
        if sign is None:
            sign = "" if element.first_child is not None else icon_sign(attributes)
            if not sign:
                return False
        elif not sign:
            self._dropped.append((Reason.LABEL, self._count, text))
        if sign and not (sign == CROSS and _closes(element)):
            self._mark(sign, parent)
        return True

    def _mark(self, sign: str, parent: Node) -> None:
        self._has_cross = self._has_cross or sign == CROSS
        parent.children.append(f" {sign} ")
        if sign != CROSS:
            self._ticks.append((parent.children, len(parent.children) - 1))


def _closes(element: LexborNode) -> bool:
    """Say whether a cross is what a visitor presses to close or remove something."""
    around = element.parent
    while around is not None and around.tag in _LOOKS:
        around = around.parent
    if around is None or around.tag not in ("a", "button"):
        return False
    return around.tag == "button" or not _text(around).strip()


def _children_backwards(element: LexborNode) -> list[LexborNode | str]:
    """Return the children, with marks where elements touch without white space between them."""
    found: list[LexborNode | str] = []
    before: tuple[str, str] | None = None  # the tag and the text of the child before
    child = element.first_child
    while child is not None:
        if child.is_text_node:
            now = ("", child.text_content or "")
        else:
            now = (child.tag or "" if child.is_element_node else "", "")
        if now != ("", ""):
            if before and (mark := border(before, now)):
                found.append(mark)
            if now[0] not in _CODE:
                before = now
        found.append(child)
        child = child.next
    found.reverse()
    return found


def _text(element: LexborNode) -> str:
    return element.text(deep=True) or ""


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
