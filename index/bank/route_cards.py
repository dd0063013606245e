"""Read the route cards, `content/routes.toml`: what the page shows beside or instead of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.files.toml_file import TomlFile

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "routes.toml"
OFF_TOPIC = "off-topic"
# The card for questions of caution that no article answers.
SAFETY = "safety"
_PROBLEM = "The route cards cannot be used."
_FIX = "correct the file, then run: python -m ingest"
_KEYS = {"title", "text", "asks"}


@dataclass(frozen=True, slots=True)
class Route:
    """A card: its id, title and text, as the clinic wrote them.

    `asks` are questions of patients for which the search shows the card.
    """

    id: str
    title: str
    text: str
    asks: tuple[str, ...] = ()


def read_routes(content: Path) -> dict[str, Route]:
    """Read the route cards in the order of the file, by id; a missing file has none.

    Raises ContentError when the file is not TOML or a card is not a title and a text.
    """
    path = content / FILE_NAME
    raw = TomlFile(path, _PROBLEM, _FIX).read_bytes()
    return {} if raw is None else parse_routes(raw, path)


def parse_routes(raw: bytes, path: Path) -> dict[str, Route]:
    """Return the route cards in the bytes of the file at `path`; raise as `read_routes`."""
    file = TomlFile(path, _PROBLEM, _FIX)
    routes = {}
    for name, card in file.parse(raw).items():
        if not isinstance(card, dict) or not {"title", "text"} <= set(card) <= _KEYS:
            raise file.wrong(f"[{name}]", "title, text and asks, no other key", repr(card))
        asks = card.get("asks", [])
        texts = [card["title"], card["text"], *(asks if isinstance(asks, list) else [None])]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise file.wrong(f"[{name}]", "texts in quotes, none empty", repr(card))
        routes[name] = Route(
            name, card["title"].strip(), card["text"].strip(), tuple(map(str.strip, asks))
        )
    return routes
