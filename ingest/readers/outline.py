"""The result of every parser, and the builder for formats with marked headings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.text.slugs import Slugs
from core.types import Provenance, Section, Span

INTRODUCTION = "introduction"


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
    of a web page whose title only its head states.
    """

    title: str
    text: str
    sections: tuple[Section, ...]
    provenance: Provenance = field(default_factory=Provenance)
    warnings: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    headline: str = ""


class Outline:
    """Builds the text and sections of an article from headings and blocks in reading order.

    Text before the first heading is the section `introduction`. A heading without text of its own
    stays in the path of the sections under it.
    """

    def __init__(self, article_id: str, title: str) -> None:
        self._article_id = article_id
        self._slugs = Slugs()
        self._parts: list[str] = []
        self._length = 0
        self._path: list[tuple[int, str]] = []
        self._body: Span | None = None
        self._sections: list[Section] = []
        self._write(title)

    def heading(self, level: int, text: str) -> int:
        """Begin a section and return its offset; `level` is 1 for the outermost headings."""
        self.leave(level)
        self._path.append((level, text))
        return self._write(text)

    def leave(self, level: int) -> None:
        """End the sections of this level and deeper; what follows is under the heading above."""
        self._close()
        self._path = [entry for entry in self._path if entry[0] < level]

    def block(self, text: str) -> int:
        """Add a paragraph, a list or a table; return its offset."""
        start = self._write(text)
        self._body = Span(self._body.start if self._body else start, start + len(text))
        return start

    def finish(self) -> tuple[str, tuple[Section, ...]]:
        """Return the article's text and its sections."""
        self._close()
        return "".join(self._parts), tuple(self._sections)

    def _write(self, text: str) -> int:
        gap = "\n\n" if self._parts else ""
        self._parts += [gap, text]
        start = self._length + len(gap)
        self._length = start + len(text)
        return start

    def _close(self) -> None:
        if self._body:
            path = tuple(text for _, text in self._path)
            name = self._slugs.take(path[-1] if path else INTRODUCTION)
            self._sections.append(Section(f"{self._article_id}#{name}", path, self._body))
            self._body = None
