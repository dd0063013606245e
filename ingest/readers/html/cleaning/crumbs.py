"""Breadcrumbs: the way from the home page to this one, however a page marks it."""

from __future__ import annotations

import itertools
import re

from core.text.characters import one_line, word_count
from ingest.readers.html.node import Node

_NAME = re.compile(r"crumb", re.IGNORECASE)
_HOME_ADDRESS = re.compile(
    r"(?:https?://[^/?#]+)?/?|(?:\.{1,2}/)*(?:index|home|default)\.[a-z]{2,5}|(?:\.{1,2}/)+|#home",
    re.IGNORECASE,
)
_HOME_WORDS = frozenset(
    """home homepage start startseite accueil inicio início inici domov hjem hem etusivu forside
    strona\u00a0główna startpagina главная thuis casa""".split()
)
_HOLDERS = frozenset("ol ul p div span nav section".split())
_SIGNS = r" /\\|>\u203a\u00bb\u2192\u2022\u00b7\u2013\u2014-"
_BETWEEN = re.compile(f"[{_SIGNS}]*")
_BEFORE = re.compile(rf"(?:[^:.]{{1,30}}:)?[{_SIGNS}]*")  # "You are here:"
_STEP = tuple("/|>\u203a\u00bb\u2192\u2022\u00b7\u2013\u2014-")
_INSIDE = frozenset("ol ul li a b strong span svg".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_MAX_STEPS, _MAX_CHARS, _MAX_WORDS = 8, 300, 14
_MAX_PARTS = 100  # elements and texts: a breadcrumb has no more


def is_breadcrumb(node: Node) -> bool:
    """Say whether the attributes of an element call it a breadcrumb."""
    stated = ("aria-label", "itemtype", "typeof")
    return any(_NAME.search(node.get(name)) for name in stated if name in node.attributes)


def crumbs_at_the_top(page: Node) -> Node | None:
    """Return the element before the first heading whose steps lead from the home page, if any."""
    for node in page.elements():
        if node.tag in _HOLDERS and _leads_home(node):
            return node
        if node.tag in _HEADINGS or (node.tag == "p" and word_count(node.text()) > _MAX_WORDS):
            return None  # the page has begun
    return None


def _leads_home(node: Node) -> bool:
    """Say whether all steps but the last are links, the first to the home page.

    Links alone are a menu, which is left out anyway.
    """
    links, rest = _links_and_rest(node)
    if not 1 <= len(links) < _MAX_STEPS or not is_home(links[0]):
        return False
    inner = list(itertools.islice(node.elements(), 1, 4 * _MAX_STEPS))
    if any(element.tag not in _INSIDE for element in inner):
        return False
    first, *between, last = rest
    return (
        (_is_list_of_links(inner) or last.startswith(_STEP))
        and 0 < len(last.split()) <= _MAX_WORDS
        and not _BETWEEN.fullmatch(last)
        and bool(_BEFORE.fullmatch(first))
        and all(_BETWEEN.fullmatch(text) for text in between)
    )


def _is_list_of_links(inner: list[Node]) -> bool:
    """Say whether each item but the last is a link, and nothing else."""
    *before, last = [element for element in inner if element.tag == "li"] or [Node("li")]
    return (
        bool(before)
        and all(_BETWEEN.fullmatch(text) for item in before for text in _links_and_rest(item)[1])
        and not _links_and_rest(last)[0]
    )


def is_home(link: Node) -> bool:
    """Say whether a link leads to the home page of its site."""
    if one_line(link.text()).casefold() in _HOME_WORDS:
        return True
    return "href" in link.attributes and bool(_HOME_ADDRESS.fullmatch(link.get("href").strip()))


def _links_and_rest(node: Node) -> tuple[list[Node], list[str]]:
    """Return the links inside, and the text before each and after the last; few at most."""
    links: list[Node] = []
    rest = [""]
    stack: list[Node | str] = [node]
    for _ in range(_MAX_PARTS):
        if not stack or len(links) > _MAX_STEPS or len(rest[-1]) > _MAX_CHARS:
            break
        child = stack.pop()
        if isinstance(child, str):
            rest[-1] += child
        elif child.tag == "a":
            links.append(child)
            rest.append("")
        else:
            stack += reversed(child.children)
    return links, list(map(one_line, rest))
