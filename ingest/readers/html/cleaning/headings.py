"""The headings of the first level that name an article, and those that name the site."""

from __future__ import annotations

import re

from core.text.characters import one_line
from ingest.readers.html.cleaning.crumbs import is_home
from ingest.readers.html.node import Node

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


def main_headings(page: Node) -> tuple[list[Node], list[Node]]:
    """Return the headings of the first level that may name the article, and those of the site.

    Those of the site are its logo, or lead to its home page.
    """
    own, brands = [], []
    stack = [(page, False)]
    while stack:
        node, aside = stack.pop()
        if node.tag == "h1":
            if _is_brand(node):
                brands.append(node)
            elif not aside:
                own.append(node)
            continue
        aside = aside or _is_aside(node)
        stack += [(child, aside) for child in reversed(node.nodes())]
    return own, brands


def _is_aside(node: Node) -> bool:
    if not node.attributes:
        return node.tag in _ASIDE
    names = f"{node.get('class')} {node.get('id')}".lower()
    return (
        node.tag in _ASIDE
        or node.get("role").lower() in _ASIDE_ROLES
        or node.get("aria-modal") == "true"
        or (len(names) > 1 and bool(_NOTICES.search(names) or _BRAND.search(names)))
    )


def _is_brand(node: Node) -> bool:
    if _BRAND.search(f"{node.get('class')} {node.get('id')}"):
        return True
    words = one_line(node.text())
    links = [inner for inner in node.elements() if inner.tag == "a"]
    return bool(links) and is_home(links[0]) and one_line(links[0].text()) == words
