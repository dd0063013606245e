"""Boxes beside an article that belong to it: when to call a doctor, the steps of a first visit.

Pages put them where others put menus and news. Such a box has a heading and text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.text.characters import word_count
from ingest.readers.html.inline import links_in
from ingest.readers.html.labels import says_what_not_to_do
from ingest.readers.html.node import Node

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_NAMES = re.compile(r"(?:^|[-_ ])(?:sidebar|side-?(?:bar|column|panel)|widget-area)(?:$|[-_ ])")
# What the names and the headings of warnings say.
_WARNINGS = re.compile(
    r"red[-_ ]?flag|warning|danger|caution|emergenc|urgent|safety|contra-?indicat", re.IGNORECASE
)
_WHEN = re.compile(
    r"\bwhen (?:to|should)\b|\b(?:see|call|tell) (?:a|your|the) (?:doctor|gp|surgeon|physio)"
    r"|\bside[- ]effects?\b|\brisks?\b|\bprecautions?\b|\bseek\b|\bwho should\b"
    r"|\bwann .{0,30}(?:arzt|\xe4rzt)|\bquand (?:consulter|appeler)"
    r"|\bcu[a\xe1]ndo (?:acudir|llamar)|\bquando (?:consult|chiam|procur)|\bwanneer .{0,30}arts",
    re.IGNORECASE,
)
_LEAST_WORDS, _LEAST_PROSE, _MOST_LINKED = 4, 12, 1 / 3


def is_sidebar(node: Node) -> bool:
    """Say whether an element is a column beside the article, by its tag, role or name."""
    names = f"{node.get('id')} {node.get('class')}".lower()
    return node.tag == "aside" or node.get("role") == "complementary" or bool(_NAMES.search(names))


def take_own_boxes(sidebar: Node, *, inner: bool) -> list[Node]:
    """Take the boxes that belong to the article out of a sidebar, in place, and return them.

    Those that warn do wherever the sidebar is; others where it is in the main part (`inner`). Their
    headings begin a section below the title.
    """
    found = []
    for parent, box in list(_boxes(sidebar)):
        if _is_own(box, inner=inner):
            parent.children = [child for child in parent.children if child is not box]
            next(e for e in box.elements() if e.tag in _HEADINGS).tag = "h2"
            found.append(box)
    return found


def _boxes(sidebar: Node) -> Iterator[tuple[Node, Node]]:
    """Yield each innermost element with a heading directly inside, after what it is in.

    An element with several of one level becomes an element for each, in place.
    """
    stack = [(sidebar, sidebar)]
    while stack:
        parent, node = stack.pop()
        levels = [child.tag for child in node.nodes() if child.tag in _HEADINGS]
        if node is not sidebar and levels.count(min(levels, default="")) == 1:
            yield parent, node
            continue
        if levels:
            _divide(node, min(levels))
        stack += [(node, child) for child in reversed(node.nodes())]


def _divide(node: Node, tag: str) -> None:
    """Put each heading of this tag into an element of its own with what is under it, in place."""
    parts: list[Node] = []
    before: list[Node | str] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag == tag:
            parts.append(Node("div", dict(node.attributes), place=child.place))
        (parts[-1].children if parts else before).append(child)
    node.children = [*before, *parts]


def _is_own(box: Node, *, inner: bool) -> bool:
    words = word_count(box.text())
    linked = sum(word_count(link.text()) for link in links_in([box]))
    if any(e.tag == "form" for e in box.elements()) or linked > words * _MOST_LINKED:
        return False
    heading = next(e for e in box.elements() if e.tag in _HEADINGS).text()
    rest = words - word_count(heading)
    names = f"{box.get('id')} {box.get('class')}"
    warns = _WARNINGS.search(names) or _WARNINGS.search(heading) or _WHEN.search(heading)
    if warns or says_what_not_to_do(heading):
        return rest >= _LEAST_WORDS
    return inner and rest >= _LEAST_PROSE
