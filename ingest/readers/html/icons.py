"""Ticks and crosses that a page draws: icons, pictures and the marks of its lists.

They tell "do" from "do not", and nothing else on the page may say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import basename, splitext

TICK, CROSS = "\u2713", "\u2717"
_SIGNS = frozenset(
    "\u2713\u2714\u2705\u2611\u2717\u2718\u274c\u274e\u2715\u2716\u2612\u2610\u26a0\u26d4"
)
_VARIANT = "\ufe0f"  # asks for a coloured picture of the sign before it
_FAMILIES = frozenset(
    """fa fas far fal bi glyphicon dashicon dashicons icon icons mdi ti la las ion lni lucide
    feather icofont nhsuk octicon eicon tabler heroicon ph ri i ui svg""".split()
)
_TICKS = frozenset("check checks checked checkmark tick ticks ok yes done".split())
_CROSSES = frozenset(
    "cross crosses times xmark x remove no ban close cancel clear forbidden prohibited".split()
)
# Parts of the names of icons that change how these look.
_LOOKS = frozenset(
    """icon icons circle circled square alt o sign fill filled bold outline outlined thin solid
    light regular lg sm small mark list green red grey gray black white svg img image line round box
    2""".split()
)
_WORDS = {
    **dict.fromkeys(("tick", "green tick", "check", "check mark", "checkmark", "yes"), TICK),
    **dict.fromkeys(("cross", "x", "x mark", "no", "wrong", "do not"), CROSS),
}
_FONT_CLASSES = frozenset(
    "material-icons material-icons-outlined material-symbols-outlined".split()
)
_LIST_TEXT = re.compile(r"list-style(?:-type)?\s*:\s*[\"']([^\"';]{1,8})[\"']", re.IGNORECASE)
_LIST_PICTURE = re.compile(r"list-style(?:-image)?\s*:\s*url\(([^)]{1,300})\)", re.IGNORECASE)
_NAME_MAX_CHARS = 300


def is_sign(text: str) -> bool:
    """Say whether a text is only marks that say something."""
    text = text.replace(_VARIANT, "").strip()
    return bool(text) and set(text) <= _SIGNS


def icon_sign(attributes: Mapping[str, str]) -> str:
    """Return the mark that an empty element, a picture or a drawing shows, "" for any other."""
    label = attributes.get("alt") or attributes.get("aria-label") or attributes.get("title") or ""
    label = label[:_NAME_MAX_CHARS].strip()
    if is_sign(label):
        return label
    by_label = _WORDS.get(label.lower(), "")
    names = attributes.get("class", "")[:_NAME_MAX_CHARS].lower().split()
    by_name = next(filter(None, (_named(name, _FAMILIES) for name in names)), "")
    return by_label or by_name or _pictured(attributes.get("src", ""))


def font_sign(names: str, text: str) -> str | None:
    """Return the mark of an icon whose name is its text ("check"), None where text is text."""
    if not _FONT_CLASSES & set(names.split()):
        return None
    return _named(text.strip().replace("_", "-"), frozenset())


def list_sign(style: str) -> str:
    """Return the mark that a style sets in front of the items of a list, "" for neutral ones."""
    if text := _LIST_TEXT.search(style):
        return text[1].strip() if is_sign(text[1]) else ""
    picture = _LIST_PICTURE.search(style)
    return _pictured(picture[1].strip("\"' ")) if picture else ""


def _pictured(address: str) -> str:
    return _named(splitext(basename(address[:_NAME_MAX_CHARS]))[0].lower(), frozenset())


def _named(name: str, families: frozenset[str]) -> str:
    """Return the mark that a name is for; with `families` its first part has to be one of them."""
    parts = [part for part in re.split(r"[-_]+", name) if part]
    if families:
        if not parts or parts[0] not in families or len(parts) == 1:
            return ""
        parts = [part for part in parts if part not in families]
    rest = set(parts) - _LOOKS
    if not rest or len(rest) > 2:
        return ""
    return TICK if rest <= _TICKS else CROSS if rest <= _CROSSES else ""
