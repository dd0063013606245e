"""The headings of the first level that name an article, and those that name the site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.text.characters import one_line
from ingest.readers.html.crumbs import is_home
from ingest.readers.html.tree import Node

_BRAND = re.compile(
    r"(?:^|[-_ ])(?:brand|logo|site-?(?:title|name|logo|branding)|nav-?bar|navbar-?brand|wordmark)"
    r"(?:$|[-_ ])",
    re.IGNORECASE,
)
# What never holds the name of the article.
_ASIDE = frozenset("nav dialog menu aside footer".split())
_ASIDE_ROLES = frozenset(
    "navigation dialog alertdialog menu menubar complementary contentinfo search".split()
)
_NOTICES = re.compile(
    r"(?:^|[-_ ])(?:modal|popup|lightbox|dialog|overlay|[a-z]*cookie[a-z]*)(?:$|[-_ ])"
)


def first_headings(page: Node) -> list[Node]:
    """Return the headings of the first level that may name the article, in order."""
    return [node for node, is_own in _heads(page) if is_own]


def brand_headings(page: Node) -> list[Node]:
    """Return the headings of the first level that name the site: its logo, a link to its home."""
    return [node for node, is_own in _heads(page) if not is_own and _is_brand(node)]


def _heads(page: Node) -> Iterator[tuple[Node, bool]]:
    stack = [(page, False)]
    while stack:
        node, aside = stack.pop()
        if node.tag == "h1":
            yield node, not aside and not _is_brand(node)
            continue
        aside = aside or _is_aside(node)
        stack += [(child, aside) for child in reversed(node.nodes())]


def _is_aside(node: Node) -> bool:
    names = f"{node.get('class')} {node.get('id')}".lower()
    return (
        node.tag in _ASIDE
        or node.get("role").lower() in _ASIDE_ROLES
        or node.get("aria-modal") == "true"
        or bool(_NOTICES.search(names) or _BRAND.search(names))
    )


def _is_brand(node: Node) -> bool:
    if _BRAND.search(f"{node.get('class')} {node.get('id')}"):
        return True
    words = one_line(node.text())
    links = [inner for inner in node.elements() if inner.tag == "a"]
    return bool(links) and is_home(links[0]) and one_line(links[0].text()) == words
