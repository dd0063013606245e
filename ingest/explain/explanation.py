"""Puts a file beside what was read from it: its own text with marks, the outline, the losses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from core.text.characters import collapse_spaces
from core.types import Article, Span
from index.store.manifest import WordCount
from ingest.build.splitter import SplitterSettings, split_article, words
from ingest.explain.own_text import PAGE_END
from ingest.explain.words import SEAM, account, cleaned, first_new, places, texts_of, words_of
from ingest.readers.read import ReadArticle

_AROUND_CHARS = 60
_SPACES = re.compile(rf"[^\S\n{PAGE_END}{SEAM}]+")
_EMPTY_LINES = re.compile(r" ?\n[ \n]*")


class Fate(StrEnum):
    """What became of a stretch of a file's own text."""

    KEPT = "kept"
    LEFT_OUT = "left out"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a file's own text; `number` counts those that are lost, from 1, else 0."""

    text: str
    fate: Fate = Fate.KEPT
    number: int = 0


@dataclass(frozen=True, slots=True)
class Lost:
    """Words that are nowhere in the article, and the text of the file around them."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading of the outline (`level` 1 for the outermost), or a passage at level 0."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the file, or all of a file without pages, beside what begins on it."""

    own: tuple[Stretch, ...]
    outline: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a file was read.

    `left_out` are the texts that its reader left out by their reasons, in reading order.
    """

    article: Article
    count: WordCount
    pages: tuple[Page, ...]
    lost: tuple[Lost, ...]
    left_out: Mapping[str, Sequence[str]]
    warnings: tuple[str, ...]


def explanation_of(read: ReadArticle, own: str) -> Explanation:
    """Compare an article with its file's own text, as `ingest.explain.own_text` reads it."""
    article = read.article
    own = _EMPTY_LINES.sub("\n", _SPACES.sub(" ", cleaned(own))).strip(f"\n {SEAM}")
    texts, left_out = list(texts_of(article)), [part.text for part in read.left_out]
    found = account(own, texts, left_out)
    lost = _joined(own, places(own, found.lost, [*texts, *left_out]))
    dropped = [
        span
        for span in _joined(own, places(own, found.left_out, texts))
        if not any(span.start < other.end and other.start < span.end for other in lost)
    ]
    stretches = _pages_of_stretches(own, lost, dropped)
    outlines = _outlines(article, len(stretches))
    by_reason: dict[str, list[str]] = defaultdict(list)
    for part in read.left_out:
        by_reason[part.reason.value].append(part.text)
    return Explanation(
        article=article,
        count=found.count,
        pages=tuple(map(Page, stretches, outlines)),
        lost=tuple(_lost(own, span) for span in lost),
        left_out=dict(by_reason),
        warnings=tuple(warning.problem for warning in read.warnings),
    )


def _joined(own: str, spans: Sequence[Span]) -> list[Span]:
    """Join places with no kept word between them, on one line."""
    joined: list[Span] = []
    for span in spans:
        between = own[joined[-1].end : span.start] if joined else "\n"
        if "\n" in between or PAGE_END in between or words_of(between):
            joined.append(span)
        else:
            joined[-1] = Span(joined[-1].start, span.end)
    return joined


def _pages_of_stretches(
    own: str, lost: Sequence[Span], dropped: Sequence[Span]
) -> list[tuple[Stretch, ...]]:
    marked = {span: Stretch(_shown(own, span), Fate.LEFT_OUT) for span in dropped}
    for number, span in enumerate(lost, start=1):
        marked[span] = Stretch(_shown(own, span), Fate.LOST, number)
    edges = [Span(0, 0), *sorted(marked), Span(len(own), len(own))]
    pages: list[list[Stretch]] = [[]]
    for before, span in pairwise(edges):
        first, *others = own[before.end : span.start].split(PAGE_END)
        pages[-1].append(Stretch(first.replace(SEAM, "")))
        pages += [[Stretch(text.replace(SEAM, "").lstrip("\n"))] for text in others]
        if span in marked:
            pages[-1].append(marked[span])
    return [tuple(stretch for stretch in page if stretch.text) for page in pages]


def _outlines(article: Article, count: int) -> list[tuple[Entry, ...]]:
    """Return the headings and passages by the page on which they begin."""
    pages: list[list[Entry]] = [[] for _ in range(count)]
    path: tuple[str, ...] = ()
    # Words instead of the encoder's pieces, which would take seconds to load: nearly the same.
    for passage in split_article(
        article, count_tokens=lambda texts: list(map(words, texts)), settings=SplitterSettings()
    ):
        number = bisect_right(article.pages, passage.start) - 1 if article.pages else 0
        here = pages[min(max(number, 0), count - 1)]
        if passage.id.endswith("/1"):
            new = first_new(path, passage.path)
            here += [Entry(text, n) for n, text in enumerate(passage.path[new:], start=new + 1)]
            path = passage.path
        here.append(Entry(passage.text))
    return [tuple(page) for page in pages]


def _lost(own: str, span: Span) -> Lost:
    before = own[max(0, span.start - _AROUND_CHARS) : span.start]
    after = own[span.end : span.end + _AROUND_CHARS]
    # Words that the cut goes through would look like other words.
    before = before.partition(" ")[2] if span.start > _AROUND_CHARS else before
    after = after.rpartition(" ")[0] if span.end + _AROUND_CHARS < len(own) else after
    return Lost(_one_line(before), _shown(own, span), _one_line(after))


def _one_line(text: str) -> str:
    return collapse_spaces(text.replace(SEAM, "").replace(PAGE_END, " "))


def _shown(own: str, span: Span) -> str:
    return own[span.start : span.end].replace(SEAM, "")
