"""What the rules in a page's own style hide: `.old { display: none }`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_PIECE = re.compile(r"([^{}]*)([{}])")
_DISPLAY = re.compile(r"(?:\A|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)
_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
# Elements, classes and ids inside others: no states, attributes or escapes, of which scripts and
# frameworks make use.
_PLAIN = re.compile(r"[\w.#-]+(?:\s*[ >]\s*[\w.#-]+){0,2}")
_MAX_CHARS, _MAX_SELECTORS, _MAX_DEPTH = 1_000_000, 100, 8


def hidden_selectors(style: str, scripts: str) -> list[str]:
    """Return the selectors of what a style hides from every visitor.

    What another rule shows again, as on a narrow screen or once it is opened, is not hidden, nor
    what a script of the page names.
    """
    if not _NONE.search(style):
        return []
    hidden: dict[str, set[str]] = {}
    shown: list[set[str]] = []
    for around, selectors, display in _rules(_COMMENT.sub(" ", style[:_MAX_CHARS])):
        for selector in map(str.strip, selectors.split(",")):
            names = _last_names(selector)
            if display != "none" and not any("print" in rule for rule in around):
                shown.append(names)
            elif display == "none" and not around and names and _PLAIN.fullmatch(selector):
                hidden[selector] = names
    return [
        selector
        for selector, names in list(hidden.items())[:_MAX_SELECTORS]
        if not any(names <= others for others in shown)
        and not any(re.search(rf"\b{re.escape(name[1:])}\b", scripts) for name in names)
    ]


def _rules(style: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the conditions around each rule that states how to display, its selectors and how."""
    open_: list[str] = []
    for piece in _PIECE.finditer(style):
        text, end = piece.groups()
        if end == "{":
            open_.append(text.rpartition(";")[2].strip())
            if len(open_) > _MAX_DEPTH:
                return  # no style of a page
        elif open_:
            if "display" in text.lower():
                for display in _DISPLAY.findall(text):
                    yield tuple(open_[:-1]), open_[-1], display.lower()
            open_.pop()


def _last_names(selector: str) -> set[str]:
    """Return the classes and ids of the elements that a selector is for, else their tag."""
    last = re.split(r"[\s>+~]+", selector)[-1]
    plain = re.sub(r":.*", "", last)
    return {match[0] for match in _NAME.finditer(plain)} or {f"<{plain}"} - {"<"}
