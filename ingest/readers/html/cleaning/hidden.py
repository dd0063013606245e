"""Leaves out what a page hides, but not what a visitor opens: answers, tabs, "read more"."""

from __future__ import annotations

from core.text.characters import word_count
from ingest.readers.html.cleaning.toggles import is_panel, named_parts
from ingest.readers.html.icons import is_sign
from ingest.readers.html.node import Node
from ingest.readers.html.omissions import Omissions
from ingest.readers.outline import Reason

# Pages hide all of themselves until their scripts run. No article is in what hides less.
_ALL = 0.8


def remove_hidden(page: Node, left_out: Omissions) -> None:
    """Remove the hidden parts from a page, in place."""
    most = _words(page) * _ALL
    named = named_parts(page)
    stack = [page]
    while stack:
        node = stack.pop()
        kept: list[Node | str] = []
        for i, child in enumerate(node.children):
            if isinstance(child, str) or not child.is_hidden():
                kept.append(child)
            elif is_sign(child.text()):  # "do" or "do not", put differently for who hears the page
                kept.append(f" {child.text()} ")
            elif is_panel(child, node, i, named) or _is_the_page(child, most):
                kept.append(child)
            else:
                left_out.add_node(Reason.HIDDEN, child)
        node.children = kept
        stack += node.nodes()


def _is_the_page(node: Node, most: float) -> bool:
    if node.tag in ("body", "html"):
        return True
    is_main = any(e.tag == "main" or e.get("role") == "main" for e in node.elements())
    return is_main or _words(node) > most


def _words(node: Node) -> int:
    return word_count(node.text())
