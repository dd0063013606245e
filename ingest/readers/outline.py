"""The result of every parser, and the builder of an article's text and sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.text.slugs import Slugs
from core.types import Provenance, Section, Span
from ingest.readers.sections import Entry, sections_of


class Reason(StrEnum):
    """Why a reader leaves a part of a file out of the article."""

    MENU = "menu, header or footer"
    CONTENTS = "list of contents"
    HIDDEN = "hidden part"
    TEMPLATE = "template code"
    STRUCK = "text struck out"
    NOTE = "note or its number"
    LABEL = "label or decoration"
    REPEATED = "text repeated"
    UNSURE = "picture of text that cannot be read safely"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a file that is not in the article, as it stands in the file."""

    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class ParsedText:
    """The result of a parser; `sections` hold offsets into `text`.

    `pages` are the offsets in `text` where pages begin, empty for formats without pages.
    `left_out` is what a reader saw and left out, in reading order. `headline` is the first heading
    of a web page whose title only its head states. `pictures` are the parts of `text` that were
    read from pictures.
    """

    title: str
    text: str
    sections: tuple[Section, ...]
    provenance: Provenance = field(default_factory=Provenance)
    warnings: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    headline: str = ""
    pictures: tuple[Span, ...] = ()


class Outline:
    """Builds the text and sections of an article from headings and blocks in reading order."""

    def __init__(self, article_id: str, title: str) -> None:
        self._article_id = article_id
        self._parts: list[str] = []
        self._length = 0
        self._entries: list[Entry] = []
        self._write(title)

    def heading(self, level: int, text: str) -> int:
        """Begin a section and return its offset; `level` is 1 for the outermost headings."""
        return self._add(level, text)

    def leave(self, level: int) -> None:
        """End the sections of this level and deeper; what follows is under the heading above."""
        self._entries.append(Entry(level, "", Span(self._length, self._length)))

    def block(self, text: str) -> int:
        """Add a paragraph, a list or a table; return its offset."""
        return self._add(0, text)

    def finish(self) -> tuple[str, tuple[Section, ...]]:
        """Return the article's text and its sections."""
        return "".join(self._parts), tuple(sections_of(self._entries, self._article_id, Slugs()))

    def _add(self, level: int, text: str) -> int:
        start = self._write(text)
        self._entries.append(Entry(level, text, Span(start, start + len(text))))
        return start

    def _write(self, text: str) -> int:
        gap = "\n\n" if self._parts else ""
        self._parts += [gap, text]
        start = self._length + len(gap)
        self._length = start + len(text)
        return start
