"""Inline content of a web page: its text, and whether it is a link, bold, or a menu."""

from __future__ import annotations

import re

from core.text.characters import one_line, word_count
from ingest.readers.html.borders import resolve
from ingest.readers.html.node import Node

# Marks a line break of the page in a text; other white space is collapsed.
BREAK = "\x0b"
_UP = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_DOWN = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SMALL = {"sup": _UP, "sub": _DOWN}
_BUTTON_NAMES = re.compile(r"(?:^|[-_ ])(?:btn|button|cta)(?:$|[-_ ])", re.IGNORECASE)
_MENU_MAX_WORDS = 4  # a link
_MENU_MAX_LINKS = 100
_BETWEEN = frozenset(" \x0b\xa0|/\\\u2022\u00b7\u00bb\u203a>-\u2013\u2014:[]")


def text_of(children: list[Node | str]) -> str:
    """Return inline text with white space collapsed and `BREAK` where the page breaks a line."""
    found: list[str] = []
    stack = list(reversed(children))
    while stack:
        child = stack.pop()
        if isinstance(child, str):
            found.append(child.replace(BREAK, " "))
        elif child.tag == "br":
            found.append(BREAK)
        elif child.tag in _SMALL:
            found.append(_small(child))
        else:
            stack += reversed(child.children)
    return re.sub(r"[^\S\x0b\xa0]+", " ", resolve("".join(found)))


def _small(node: Node) -> str:
    """Return the text of a superscript or subscript, in small figures if there are such."""
    text = one_line(node.text())
    small = text.translate(_SMALL[node.tag])
    return small if all(a != b for a, b in zip(text, small, strict=True)) else text


def links_in(children: list[Node | str]) -> list[Node]:
    """Return the links inside."""
    return [e for c in children if isinstance(c, Node) for e in c.elements() if e.tag == "a"]


def all_in(children: list[Node | str], *tags: str) -> bool:
    """Say whether there are letters, and all of them inside elements of these names."""
    found = False
    stack = [(child, False) for child in children]
    while stack:
        child, inside = stack.pop()
        if isinstance(child, Node):
            stack += [(c, inside or child.tag in tags) for c in child.children]
        elif any(c.isalnum() for c in child):
            if not inside:
                return False
            found = True
    return found


def split_menus(inline: list[Node | str]) -> tuple[list[Node | str], list[list[Node | str]]]:
    """Return inline content without the lines that are menus or buttons, and these lines."""
    found: list[list[Node | str]] = [[]]
    for child in inline:
        found[-1].append(child)
        if isinstance(child, Node) and child.tag == "br":
            found.append([])
    kept: list[Node | str] = []
    menus = []
    for line in found:
        if _is_menu(line):
            menus.append(line)
        else:
            kept += line
    return kept, menus


def _is_menu(inline: list[Node | str]) -> bool:
    """Say whether a line is only short links side by side, or a link that looks like a button."""
    if not all_in(inline, "a"):
        return False
    links = links_in(inline)
    if len(links) > _MENU_MAX_LINKS:
        return False
    # Links within prose have commas between them, those of a menu lines and dots.
    between = text_of(inline)
    for link in links:
        between = between.replace(text_of(link.children), "", 1)
    if set(between) - _BETWEEN:
        return False
    words = sum(word_count(link.text()) for link in links)
    is_button = any(
        link.get("role") == "button" or _BUTTON_NAMES.search(link.get("class")) for link in links
    )
    return is_button or (len(links) > 1 and words <= _MENU_MAX_WORDS * len(links))
