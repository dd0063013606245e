"""Edit the text of `routes.toml` card by card; all other bytes stay as they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import ContentError
from core.files.toml_edit import add_table, document_text, line_array, parse_document
from core.files.toml_file import TomlFile
from index.bank.route_cards import FILE_NAME, Route

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FIX = "correct the card, then save again"


def with_card(text: str, route: Route, *, is_new: bool = False) -> str:
    """Return the text with a card changed, or added at the end when it is new.

    Raises ContentError for an invalid or used id of a new card, an unknown card, an empty title or
    text, or a phrase that occurs twice.
    """
    document = _parsed(text)
    _check(route, document, is_new=is_new)
    asks = list(route.asks)
    if is_new:
        card = {"title": route.title, "text": route.text, "asks": line_array(asks)}
        add_table(document, route.id, card)
    else:
        card = document[route.id]
        for key, value in (("title", route.title), ("text", route.text)):
            if str(card[key]).strip() != value:
                card[key] = value
        if [str(ask).strip() for ask in card.get("asks", [])] != asks:
            card["asks"] = line_array(asks)
    return document_text(document)


def without_card(text: str, name: str) -> str:
    """Return the text without a card. Raises ContentError for an unknown card."""
    document = _parsed(text)
    if name not in document:
        raise _wrong(name, "an existing card", "no such card")
    document.remove(name)
    return document_text(document)


def _parsed(text: str) -> Any:
    fix = "correct the file, then open it again"
    file = TomlFile(Path(FILE_NAME), "The route cards cannot be used.", fix)
    return parse_document(text, file)


def _check(route: Route, document: Any, *, is_new: bool) -> None:
    if is_new and not _NAME.fullmatch(route.id):
        raise _wrong(route.id, "a name of small letters, digits and hyphens", repr(route.id))
    if is_new == (route.id in document):
        found = "a card with this name" if is_new else "no such card"
        raise _wrong(route.id, "a new name" if is_new else "an existing card", found)
    if not route.title or not route.text:
        raise _wrong(route.id, "a title and a text", "an empty title or text")
    if twice := _twice(route.asks):
        raise _wrong(route.id, "each phrase once", f"the same phrase twice: {twice}")


def _twice(asks: Sequence[str]) -> str:
    seen: set[str] = set()
    for ask in asks:
        key = " ".join(ask.casefold().split())
        if key in seen:
            return ask
        seen.add(key)
    return ""


def _wrong(name: str, expected: str, found: str) -> ContentError:
    where = str(Path(FILE_NAME)) + (f", [{name}]" if name else "")
    return ContentError(
        "This card cannot be saved.", where=where, expected=expected, found=found, fix=_FIX
    )
