"""Numbers of notes and what else a page raises: `400 mg<sup>1,3</sup>` is no dose of 1.3.

Raised figures stay where they count something: m², 10⁶, 1/2.
"""

from __future__ import annotations

import re

from ingest.readers.html.borders import without_borders
from ingest.readers.html.node import INLINE, Node
from ingest.readers.html.omissions import Omissions
from ingest.readers.outline import Reason

_NOTE = re.compile(
    r"[\[(]?\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3}){0,20}[\])]?,?|[*\u2020\u2021\u00a7\u00b6#]{1,4}"
    r"|[\[(][^\[\]()]{1,40}[\])]"
)
_LETTER = re.compile(r"[a-z](?:\s?,\s?[a-z]){0,9}")
_EXPONENT = re.compile(r"[-\u2212\u2013]?\d{1,2}")
_NEGATIVE = re.compile(r"[-\u2212\u2013]\d")
# What figures are raised behind: ten; units of length and of time; letters that stand for a number
# or an element.
_TEN = re.compile(r"(?:^|[^\d.,])10\Z")
_UNIT = re.compile(
    r"(?:^|[^A-Za-z\u00b5\u03bc])(?:[cdkmn\u00b5\u03bc]?m|ft|feet|foot|yd|ha|s|sec|met(?:re|er)s?)\Z"
    r"|\d\s?in\Z|(?:^|[^A-Za-z])(?:CO|[SPF][a-z]O|VO|NO|SO)\Z"
)
_SYMBOL = re.compile(r"(?:^|[^A-Za-z\u00b5])[A-Zrxyzn\u03c7\u03c3]\Z")
_POWERS = frozenset("2 3".split())
_LETTERS_BEFORE = re.compile(r"[^\W\d_]{2}\Z|[.,;:!?)\u201d%]\Z")
_BEFORE_CHARS = 16
_BACK = frozenset("\u21a9 \u21a9\ufe0e \u21a9\ufe0f \u2191 \u2934 ^ \u23ce".split())
_REFERENCE = re.compile(r"footnote|note-?ref|\breference\b|citation", re.IGNORECASE)


def remove_notes(page: Node, left_out: Omissions) -> None:
    """Remove the numbers of notes, and the links from notes back to them, in place."""
    before = ""
    stack: list[tuple[Node | str, str]] = [(page, "")]  # a child, and the text right after it
    while stack:
        child, after = stack.pop()
        if isinstance(child, str):
            before = (before + without_borders(child))[-_BEFORE_CHARS:]
            continue
        if child.tag not in INLINE or child.tag == "br":
            before = ""
        reason = None
        if child.tag == "sup":
            reason = Reason.NOTE if _is_number(child, before, after) else None
        elif child.tag == "a":
            reason = _reason_of_link(child, before)
        if reason:
            left_out.add_node(reason, child)
            child.children = []
            continue
        if child.children:
            stack += reversed(list(zip(child.children, _followers(child), strict=True)))


def _followers(node: Node) -> list[str]:
    """Return for each child the first character of the text after it, "_" for a lowered one."""
    found = []
    for child in [*node.children[1:], ""]:
        if isinstance(child, str):
            found.append(child[:1])
        else:
            found.append("_" if child.tag == "sub" else "")
    return found


def _is_number(node: Node, before: str, after: str) -> bool:
    """Say whether a superscript is the number of a note."""
    text = node.text().strip()
    links = [inner for inner in node.elements() if inner.tag == "a"]
    if links and all("#" in link.get("href") for link in links):
        return True
    near = before.rstrip()
    if not near or after in ("/", "\u2044", "_"):  # the note itself, or a fraction
        return False
    if _LETTER.fullmatch(text):
        return bool(_LETTERS_BEFORE.search(near)) and not after.isalpha()
    return bool(_NOTE.fullmatch(text)) and not _is_exponent(text, near)


def _is_exponent(text: str, before: str) -> bool:
    """Say whether figures are raised because they count something."""
    if not _EXPONENT.fullmatch(text):
        return False
    if _NEGATIVE.fullmatch(text) and before[-1].isalpha():
        return True
    is_unit = text in _POWERS and _UNIT.search(before)
    return bool(is_unit or _TEN.search(before) or _SYMBOL.search(before))


def _reason_of_link(node: Node, before: str) -> Reason | None:
    if "#" not in node.get("href"):
        return None
    text, role = node.text().strip(), node.get("role")
    if text in _BACK or role == "doc-backlink" or "backref" in node.get("class"):
        return Reason.LABEL
    if not _NOTE.fullmatch(text):
        return None
    bracketed = text[0] in "[*\u2020\u2021"
    marked = role == "doc-noteref" or _REFERENCE.search(node.get("class"))
    glued = text.isdecimal() and before[-1:].isalpha()
    return (
        Reason.NOTE if node.get("href").startswith("#") and (bracketed or marked or glued) else None
    )
