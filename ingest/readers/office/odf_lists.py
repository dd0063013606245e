"""Lists of an OpenDocument text: the mark or the number in front of each item."""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.files.archive import Element
from ingest.readers.marks import drawn

_NUMBER = re.compile("[0-9]{1,5}")


class ListLevel(NamedTuple):
    """One level of a list: numbers from `start` on, or `mark` as drawn."""

    is_numbered: bool = False
    start: int = 1
    mark: str = "-"


def list_level(element: Element) -> ListLevel:
    """Return what one level of the style of a list says."""
    if element.name == "text:list-level-style-number" and element.get("style:num-format"):
        return ListLevel(is_numbered=True, start=_number(element.get("text:start-value"), 1))
    letters = element.child("style:text-properties") or Element("", {})
    font = letters.get("fo:font-family") or letters.get("style:font-name")
    return ListLevel(mark=drawn(element.get("text:bullet-char")[:1], font) or "-")


class Numbers:
    """Counts the items of the lists of a document, of which one may continue another."""

    def __init__(self) -> None:
        self._ends: dict[str, int] = {}  # of each list at the top, by name; "" is the last one

    def before(self, element: Element, level: ListLevel) -> int:
        """Return the number before the first item of a list."""
        continued = self._ends.get(element.get("text:continue-list") or "-")
        if continued is None and element.get("text:continue-numbering") == "true":
            continued = self._ends.get("")
        return level.start - 1 if continued is None else continued

    def of(self, entry: Element, before: int) -> int:
        """Return the number of an item or of a heading in a list, which counts for none."""
        return _number(entry.get("text:start-value"), before + (entry.name == "text:list-item"))

    def end(self, element: Element, number: int) -> None:
        """Remember the last number of a list at the top."""
        self._ends |= {element.get("id"): number, "": number}


def _number(text: str, otherwise: int) -> int:
    return int(text) if _NUMBER.fullmatch(text) else otherwise
