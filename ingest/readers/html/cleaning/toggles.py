"""Buttons and questions that open a part of a page, and the parts that they open."""

from __future__ import annotations

import re
import unicodedata

from core.text.characters import one_line
from ingest.readers.html.node import INLINE, Node, text_by_lines

_ATTRIBUTES = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle")
_NAMES = re.compile(r"accordion|toggle|collapsible|faq|question", re.IGNORECASE)
# Names that pages give to a question that is no button.
_ASKING = re.compile(
    r"(?:^|[-_ ])(?:faq|accordion|toggle|collapsible|dropdown|expander|disclosure|spoiler)s?"
    r"[-_]{0,2}(?:questions?|title|head(?:er|ing)?|trigger|summary|q)(?:$|[-_ ])"
    r"|(?:^| )question(?:$| )",
    re.IGNORECASE,
)
_MAX_CHARS = 200
# Of a part that opens, or of what holds it.
_PANEL_NAMES = re.compile(
    r"accordion|collaps|toggle|faq|answer|spoiler|expand|read-?more|show-?more"
    r"|tab-?(?:s|content|pane|panel)\b",
    re.IGNORECASE,
)
_OPENS_MORE = re.compile(r"toggle|more|expand|open|show|collaps|accordion|reveal", re.IGNORECASE)
_NAMING = ("aria-controls", "data-target", "data-bs-target", "data-bs-toggle-target", "href")
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_QUESTIONS = frozenset("summary dt label".split())
# Signs that end a sentence or belong to its words.
_OF_WORDS = frozenset("?!.,;:)]}\"'%\u2026\u201d\u2019\u00bb\u00b0\u00ae\u2122")
# Typed behind a question, as most pages draw them.
_ARROWS = re.compile(
    "\\s[+\u2212\u2013\u2014\u00d7\u2190-\u21ff\u2227\u2228\u2303\u2304\u2795\u2796\u25b2-\u25c5\u02c5\u203a\u00bb-]"
    "\ufe0f?\\Z"
)


def is_toggle(node: Node) -> bool:
    """Say whether an element is a button that opens an answer, or a line named as a question."""
    if node.tag == "button" or node.get("role") in ("button", "tab"):
        named = any(name in node.attributes for name in _ATTRIBUTES)
        if not named and not _NAMES.search(node.get("class")):
            return False
    elif not (node.tag == "div" and _ASKING.search(node.get("class")) and _is_line(node)):
        return False
    text = one_line(node.text())
    return 0 < len(text) <= _MAX_CHARS and any(c.isalpha() for c in text)


def _is_line(node: Node) -> bool:
    return all(e.tag in INLINE for e in node.elements() if e is not node)


def named_parts(page: Node) -> frozenset[str]:
    """Return the ids of the parts that buttons, tabs and links of the page lead to."""
    return frozenset(
        name.lstrip("#")
        for node in page.elements()
        for attribute in _NAMING
        if attribute in node.attributes
        and (attribute != "href" or node.get("href").startswith("#"))
        for name in node.get(attribute).split()
    )


def is_panel(node: Node, parent: Node, index: int, named: frozenset[str]) -> bool:
    """Say whether a hidden element is opened by a button, tab, question or link.

    `index` is its position in its parent; `named` are the ids of `named_parts`.
    """
    is_linked = bool(node.get("id")) and node.get("id") in named
    if is_linked or node.get("role") == "tabpanel" or "popover" in node.attributes:
        return True
    decorates = node.only_for_eyes()  # such as a sign or a number beside a question
    if node.tag not in INLINE and any(c.isalpha() for c in node.text()):
        names = f"{node.get('class')} {node.get('id')} {'' if decorates else parent.get('class')}"
        if _PANEL_NAMES.search(names):
            return True
    return not decorates and _is_beside_toggle(parent, index)


def _is_beside_toggle(parent: Node, index: int) -> bool:
    before, after = _neighbour(parent, index, -1), _neighbour(parent, index, 1)
    if before is not None and (_asks(before) or _has_toggle(before)):
        return True
    return after is not None and _opens_more(after)


def toggle_text(node: Node) -> tuple[str, str]:
    """Return the text of what opens a part, and the lone sign at its end or beginning."""
    pieces = [line for line in _pieces(node) if line]
    signs = []
    while len(pieces) > 1 and _is_lone(pieces[-1]):
        signs.append(pieces.pop())
    while len(pieces) > 1 and _is_lone(pieces[0]):
        signs.append(pieces.pop(0))
    whole = one_line(text_by_lines([node]).replace("\n", " "))
    for sign in signs:
        whole = whole.removesuffix(sign).removeprefix(sign).strip()
    if typed := _ARROWS.search(whole):
        signs.append(typed[0].strip())
        whole = whole[: typed.start()]
    return whole, " ".join(signs)


def _pieces(node: Node) -> list[str]:
    found: list[str] = []
    stack: list[Node | str] = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, str):
            found.append(one_line(inner))
        else:
            stack += reversed(inner.children)
    return found


def _is_lone(text: str) -> bool:
    return not any(c.isalnum() or c in _OF_WORDS or unicodedata.category(c) == "Sc" for c in text)


def _neighbour(parent: Node, index: int, step: int) -> Node | None:
    """Return the element beside another, None when text is between them or there is none."""
    index += step
    while 0 <= index < len(parent.children):
        child = parent.children[index]
        if isinstance(child, Node):
            return child
        if child.strip():
            return None
        index += step
    return None


def _asks(node: Node) -> bool:
    if node.tag in _QUESTIONS or _NAMES.search(node.get("class")):
        return True
    return node.tag in _HEADINGS and one_line(node.text()).endswith("?")


def _has_toggle(node: Node) -> bool:
    return any(is_toggle(inner) or "aria-expanded" in inner.attributes for inner in node.elements())


def _opens_more(node: Node) -> bool:
    if node.tag not in ("button", "a") and node.get("role") != "button":
        return False
    if is_toggle(node):
        return True
    hints = f"{node.get('class')} {node.get('onclick')} {one_line(node.text())[:_MAX_CHARS]}"
    return bool(_OPENS_MORE.search(hints))
