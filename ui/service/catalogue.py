"""The list of articles: A to Z in pages, and what a filter leaves of it. Nothing is drawn here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from index.store.outlines import outlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.types import Article
    from index.store.generations import OpenIndex
    from index.store.outlines import Outline

PER_PAGE = 50
OTHER_LETTER = "#"
"""Stands for titles that begin with no letter."""
# More words than a title has: a longer text only costs time.
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in the list: its letter, and its words without case and accents."""

    id: str
    letter: str
    title: str
    headings: tuple[str, ...]
    area: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one page of the list shows.

    `number` of `pages` counts from 1, `letters` names the page on which each letter begins, and
    `found` counts the articles that the words of `wanted` leave; without these, all.
    """

    listed: tuple[Listed, ...]
    found: int
    total: int
    number: int = 1
    pages: int = 1
    letters: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


def catalogue(articles: Iterable[Article | Outline]) -> tuple[Listed, ...]:
    """Return the articles from A to Z, those that begin with no letter last."""
    articles = list(articles)
    headings = [[part.heading for part in one.sections if part.path] for one in articles]
    titles = _folded_all([article.title for article in articles])
    folded_headings = iter(_folded_all([one for several in headings for one in several]))
    listed = [
        Listed(
            *(article.id, _letter(title), title),
            tuple(islice(folded_headings, len(several))),
            area_of(article),
        )
        for article, title, several in zip(articles, titles, headings, strict=True)
    ]
    return tuple(sorted(listed, key=lambda x: (x.letter == OTHER_LETTER, x.title, x.id)))


def page_of_list(listed: tuple[Listed, ...], *, page: str = "", letter: str = "") -> Shelf:
    """Return the page with the first title of a letter, else the page of that number, else 1."""
    pages = max(1, -(-len(listed) // PER_PAGE))
    at = next((row for row, one in enumerate(listed) if one.letter == letter), None)
    if at is not None:
        number = at // PER_PAGE + 1
    else:
        number = min(max(int(page), 1), pages) if re.fullmatch("[0-9]{1,6}", page) else 1
    shown = listed[(number - 1) * PER_PAGE : number * PER_PAGE]
    letters = tuple(dict.fromkeys(one.letter for one in listed))
    return Shelf(shown, len(listed), len(listed), number, pages, letters)


def filtered(listed: tuple[Listed, ...], typed: str) -> Shelf:
    """Return the first articles with all the words in title, body area or one heading.

    A word may be the beginning of one. What is found by title and area comes first.
    """
    wanted = tuple(folded(typed).split()[:_MOST_WORDS])
    by_title = [one for one in listed if has_words(f"{one.title} {folded(one.area)}", wanted)]
    seen = {one.id for one in by_title}
    by_heading = [
        one
        for one in listed
        if one.id not in seen
        and any(has_words(f"{one.title} {heading}", wanted) for heading in one.headings)
    ]
    found = (*by_title, *by_heading)
    return Shelf(found[:PER_PAGE], len(found), len(listed), wanted=wanted)


def has_words(text: str, wanted: tuple[str, ...]) -> bool:
    """Say whether each of the words begins a word of a text; both are folded."""
    return bool(wanted) and all(f" {word}" in f" {text}" for word in wanted)


def folded(text: str) -> str:
    """Return the words of a text without case, accents and punctuation, one space between."""
    (plain,) = _folded_all([text])
    return plain


def _folded_all(texts: Sequence[str]) -> list[str]:
    """Return `folded` of each text; all at once, because a list has very many headings."""
    together = "\n".join(" ".join(text.splitlines()) for text in texts)
    plain = unicodedata.normalize("NFKD", together.casefold())
    marks = [sign for sign in set(plain) if unicodedata.combining(sign)]
    kept = plain.translate(dict.fromkeys(map(ord, marks)))
    return [line.strip() for line in re.sub(r"[^\w\n]+", " ", kept).split("\n")][: len(texts)]


def area_of(article: Article | Outline) -> str:
    """Return the folder below `articles/` that an article's file lies in, empty for none."""
    folder, mark, _ = article.source.partition("/")
    return folder if mark else ""


def _letter(title: str) -> str:
    return title[:1].upper() if title[:1].isalpha() else OTHER_LETTER


class _Kept:
    """The catalogue of the index that serves: reading all of many articles takes seconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: Mapping[str, Article] | None = None
        self._listed: tuple[Listed, ...] = ()

    def listed(self, index: OpenIndex) -> tuple[Listed, ...]:
        with self._lock:
            if self._of is not index.articles:
                self._listed, self._of = catalogue(outlines(index.articles.rows)), index.articles
            return self._listed


_kept = _Kept()


def listed_of(index: OpenIndex) -> tuple[Listed, ...]:
    """Return the catalogue of an index, made once."""
    return _kept.listed(index)
