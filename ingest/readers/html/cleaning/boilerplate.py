"""Removes the boilerplate of a page: menus, cookie notices, sidebars, footers.

It is found by landmarks, roles and names of classes, not by statistics: libraries that guess were
tried and lost a paragraph on who must not be treated. An element with much of a page's words, or
with its only heading, is never boilerplate, whatever its name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from core.text.characters import word_count
from core.text.slugs import slug
from ingest.readers.html.cleaning.crumbs import crumbs_at_the_top, is_breadcrumb
from ingest.readers.html.cleaning.sidebars import is_sidebar, take_own_boxes
from ingest.readers.html.node import Node, text_by_lines
from ingest.readers.html.omissions import Omissions
from ingest.readers.outline import Reason

# Boilerplate anywhere, however long.
_TAGS = frozenset("nav dialog menu".split())
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar".split()
)
# Not a section on informed consent: a banner for cookies has one of these names.
_NOTICES = re.compile(
    r"(?:^|[-_ ])(?:(?=[a-z]*cookie)[a-z]*+|gdpr|(?=[a-z]*crumb)[a-z]*+"
    r"|consent[-_](?:banner|bar|box|container|manager|modal|notice|overlay|popup|root|sdk|tool))"
    r"(?:$|[-_ ])"
)
# Inside an article a footer may sign it and an aside may warn; outside they belong to the site.
_OUTER_TAGS = frozenset("header footer aside".split())
_OUTER_ROLES = frozenset({"complementary"})
# Names that themes give to boilerplate, and sometimes to an element that holds the article.
_NAMES = re.compile(
    r"""(?:^|[-_ ])(?:
    nav | navbar | navigation | menus? | submenu | side-?menu(?:-?\w+)? | off-?canvas
    | (?:mini-?|shopping-?)cart | sidebar | widget-area | pagination
    | social | sociable | share | sharing | sharedaddy | addtoany | addthis | newsletter | pager
    | related | relatedposts | recent-?posts | yarpp | recommended | popup | modal | lightbox
    | recaptcha | subscribe | preloader
    | advert | adverts | advertisement | ads | adsbygoogle | toc | table-of-contents | chat-?widget
    | comments | comment-respond | respond | skip-?link | skip-?to-?content | back-to-top
    | (?<![-_\w])meta(?![-_\w])
    | (?:post|entry|item)-?(?:meta|info) | (?:post|review|publish(?:ed)?)-date | last-updated
    | byline | posted-on | author-?(?:box|bio|info) | tag-?links | cat-?links | masthead | colophon
    | top-?bar | footer | site-?(?:header|branding|title|description) | (?:wixui|location)-header
    )(?:$|[-_ ])""",
    re.VERBOSE,
)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Names like these describe the whole page ("has-sidebar") or an article ("category-social").
_NOT_NAMES = re.compile(
    r"(?:has|with|no|without|not|hide|show|is|js|category|tag(?!-?links)|single|template|type"
    r"|format|content)[-_].*"
)
# Boilerplate by name has at most this part of a page's words.
_MOST_WORDS = 0.4
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_NEVER = _HEADINGS | frozenset("page html body main article".split())
# A main part, or a single article element, with a smaller part of the remaining words than this
# does not hold the article.
_LEAST_MAIN, _LEAST_ARTICLE = 0.25, 0.5


def remove_boilerplate(
    page: Node, own: Sequence[Node], brands: Sequence[Node], left_out: Omissions
) -> list[Node]:
    """Remove the boilerplate from a page, in place, given what `main_headings` returned.

    An element that holds the main part, or the only heading that may name the article, stays.
    Returns the boxes in sidebars that belong to the article; they are no longer in the page.
    """
    words = _count(page)
    most = words[id(page)] * _MOST_WORDS
    protected = _around_the_article(page, own)
    outer = {id(node) for node in brands}
    if crumbs := crumbs_at_the_top(page):
        outer.add(id(crumbs))
    own_boxes: list[Node] = []
    stack: list[tuple[Node, bool]] = [(page, False)]
    while stack:
        node, inner = stack.pop()
        inner = inner or _is_main(node) or node.tag == "article"
        kept: list[Node | str] = []
        for child in node.children:
            if not isinstance(child, str) and (
                id(child) in outer
                or (id(child) not in protected and _is_boilerplate(child, inner=inner))
                or (
                    id(child) not in protected
                    and words[id(child)] <= most
                    and _has_boilerplate_name(child)
                )
            ):
                if is_sidebar(child):
                    own_boxes += take_own_boxes(child, inner=inner)
                left_out.add_node(Reason.MENU, child)
            else:
                kept.append(child)
        node.children = kept
        stack += [(child, inner) for child in node.nodes()]
    return sorted(own_boxes, key=lambda box: box.place)


def main_part(page: Node) -> Node:
    """Return the element that holds the article: the main part, the only article, or all."""
    words = _count(page)
    mains = [node for node in page.elements() if _is_main(node)]
    articles = [node for node in page.elements() if node.tag == "article"]
    found = mains or (articles if len(articles) == 1 else [])
    least = words[id(page)] * (_LEAST_MAIN if mains else _LEAST_ARTICLE)
    best = max(found, key=lambda node: words[id(node)], default=page)
    return best if words[id(best)] >= least else page


def leave_out_around(page: Node, part: Node, left_out: Omissions) -> None:
    """Note everything outside a part of the page as left out."""
    way = _way_to(page, part)
    after: list[Node | str] = []
    last = max(node.place for node in part.elements()) + 1
    for node, inner in itertools.pairwise(way):
        at = next(i for i, child in enumerate(node.children) if child is inner)
        for child in node.children[:at]:
            left_out.add(Reason.MENU, _place(child, node.place), text_by_lines([child]))
        after[:0] = node.children[at + 1 :]
    for child in after:
        last = _place(child, last)
        left_out.add(Reason.MENU, last, text_by_lines([child]))


def _way_to(page: Node, part: Node) -> list[Node]:
    """Return the elements from the page down to a part of it."""
    above = {id(child): node for node in page.elements() for child in node.nodes()}
    way = [part]
    while way[-1] is not page:
        way.append(above[id(way[-1])])
    return way[::-1]


def _place(child: Node | str, otherwise: int) -> int:
    return otherwise if isinstance(child, str) else child.place


def _is_main(node: Node) -> bool:
    return node.tag == "main" or node.get("role") == "main"


def _around_the_article(page: Node, heads: Sequence[Node]) -> set[int]:
    targets = {id(node) for node in page.elements() if _is_main(node)}
    targets |= {id(heads[0])} if len(heads) == 1 else set()
    found: set[int] = set()
    for node in reversed(list(page.elements())):
        if id(node) in targets or any(id(child) in found for child in node.children):
            found.add(id(node))
    return found


def _is_boilerplate(node: Node, *, inner: bool) -> bool:
    role = node.get("role").lower()
    if node.tag in _TAGS or role in _ROLES or node.get("aria-modal") == "true":
        return True
    if is_breadcrumb(node):
        return True
    if not inner and (node.tag in _OUTER_TAGS or role in _OUTER_ROLES):
        return True
    return node.tag not in _NEVER and any(_NOTICES.search(name) for name in _names(node))


def _has_boilerplate_name(node: Node) -> bool:
    return node.tag == "form" or (
        node.tag not in _NEVER
        and any(_NAMES.search(name) and not _NOT_NAMES.fullmatch(name) for name in _names(node))
    )


def _names(node: Node) -> list[str]:
    """Return the names of an element; an anchor made of its heading's words is no name."""
    names = f"{node.get('id')} {node.get('class')} {node.get('data-hook')}".split()
    found = [_HUMPS.sub("-", name).lower() for name in names]
    anchor = node.get("id")
    if anchor and any(_NAMES.search(name) or _NOTICES.search(name) for name in found):
        heading = next((e.text() for e in node.elements() if e.tag in _HEADINGS), "")
        if set(slug(anchor).split("-")) <= set(slug(heading).split("-")):
            return found[1:]
    return found


def _count(page: Node) -> dict[int, int]:
    """Return the number of words in each element, by the identity of the element."""
    words: dict[int, int] = {}
    for node in reversed(list(page.elements())):  # inner elements first
        words[id(node)] = sum(
            word_count(child) if isinstance(child, str) else words[id(child)]
            for child in node.children
        )
    return words
