"""Collects what is left out of a page, in reading order."""

from __future__ import annotations

from core.text.characters import lines
from ingest.readers.html.node import Node, text_by_lines
from ingest.readers.outline import LeftOut, Reason


class Omissions:
    """What is left out; several steps leave out parts, each anywhere on the page."""

    def __init__(self) -> None:
        self._found: list[tuple[int, LeftOut]] = []

    def add(self, reason: Reason, place: int, text: str) -> None:
        """Add a text that was at a place (`Node.place`); white space alone is nothing."""
        if text := lines(text):
            self._found.append((place, LeftOut(reason, text)))

    def add_node(self, reason: Reason, node: Node) -> None:
        """Add the text of an element."""
        self.add(reason, node.place, text_by_lines([node]))

    def in_order(self) -> tuple[LeftOut, ...]:
        """Return everything in reading order."""
        return tuple(left for _, left in sorted(self._found, key=lambda found: found[0]))
