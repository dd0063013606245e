"""Articles of no meaning whose words are as many and as unequal as those of real articles."""

from __future__ import annotations

import hashlib
import importlib.resources
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.harness.synthetic_vectors import PASSAGES, VIEWS
from core.types import Article, Passage, Section, Span, View, ViewKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Heaps' law, words known = 44 * words written ** 0.49, and Zipf's as Mandelbrot has it: Manning,
# Raghavan & Schuetze 2008, "Introduction to Information Retrieval", section 5.1 (Reuters RCV1).
_HEAPS_FACTOR, _HEAPS_POWER, _MANDELBROT = 44.0, 0.49, 2.7
_SHORTEST, _LONGEST = 5, 17  # words of a sentence
_SENTENCES = VIEWS - 2  # the other views of a passage are its text and its heading
_TITLE, _HEADING = 5, 3  # words
# About every fifth word of an article is one of its own, none of them among the commonest.
_OWN_WORDS, _OWN_SHARE, _COMMONEST = 30, 0.2, 150
_AT_ONCE = 256  # articles


@dataclass(frozen=True, slots=True)
class Written:
    """Some articles with their passages and views; views count passages from the first of all."""

    articles: list[Article]
    passages: list[Passage]
    views: list[View]


def known_words(passages: int) -> int:
    """Return how many different words Heaps' law expects in so many passages."""
    written = passages * _SENTENCES * (_SHORTEST + _LONGEST) / 2
    expected: float = _HEAPS_FACTOR * written**_HEAPS_POWER
    return round(expected)


def vocabulary(size: int) -> list[str]:
    """Return the commonest words of English, most common first, and beyond them joined pairs."""
    file = importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    words = [line.split(" ", 1)[0] for line in lines]
    joined = (first + second for second in words[2_000:3_000] for first in words[1_000:2_000])
    return list(dict.fromkeys((*words[:size], *joined)))[:size]


def write(passages: int) -> Iterator[Written]:
    """Yield articles of eight passages, each a section of its own, some articles at a time.

    Each passage has eight views: text, heading and six sentences. The same number always gives the
    same texts; what is left over makes a shorter last article.
    """
    words = np.array(vocabulary(known_words(passages)), dtype=object)
    shares = np.cumsum(1 / (np.arange(len(words)) + 1 + _MANDELBROT))
    shares /= shares[-1]
    articles = -(-passages // PASSAGES)
    for start in range(0, articles, _AT_ONCE):
        draw = np.random.default_rng([passages, start])
        made = Written([], [], [])
        for number in range(start, min(start + _AT_ONCE, articles)):
            count = min(PASSAGES, passages - number * PASSAGES)
            _write_article(made, number, count, _sentences(words, shares, draw, count))
        yield made


def _sentences(
    words: NDArray[np.object_], shares: NDArray[np.float64], draw: np.random.Generator, count: int
) -> Iterator[list[str]]:
    """Yield the words of a title, and for each passage those of its heading and sentences."""
    lengths = draw.integers(_SHORTEST, _LONGEST + 1, size=(count, 1 + _SENTENCES))
    lengths[:, 0] = _HEADING
    ends = np.cumsum([_TITLE, *lengths.ravel()])
    chosen = np.searchsorted(shares, draw.random(ends[-1]))
    own = np.searchsorted(shares, draw.uniform(shares[_COMMONEST], 1, _OWN_WORDS))
    is_own = draw.random(ends[-1]) < _OWN_SHARE
    is_own[:_TITLE] = True  # a title says what the article is about
    chosen[is_own] = own[draw.integers(_OWN_WORDS, size=int(is_own.sum()))]
    drawn = words[chosen].tolist()
    yield from (drawn[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True))


def _write_article(made: Written, number: int, count: int, lines: Iterator[list[str]]) -> None:
    """Lay out one article, and add it to what is made."""
    words = next(lines)
    title, article = " ".join(words).title(), f"{'-'.join(words[:3])}-{number:06}"
    text, sections = title, []
    for which in range(count):
        heading = " ".join(next(lines)).capitalize()
        sentences = [" ".join(next(lines)).capitalize() + "." for _ in range(_SENTENCES)]
        section = f"{article}#{heading.lower().replace(' ', '-')}-{which}"
        text += f"\n\n{heading}\n\n"
        start = len(text)
        text += " ".join(sentences)
        passage = Passage(
            id=f"{section}/1",
            article_id=article,
            section_id=section,
            title=title,
            heading=heading,
            path=(heading,),
            text=text[start:],
            start=start,
            end=len(text),
        )
        made.passages.append(passage)
        made.views.extend(_views(passage, number * PASSAGES + which, sentences))
        sections.append(Section(section, (heading,), Span(start, len(text))))
    digest = hashlib.sha256(text.encode()).hexdigest()
    made.articles.append(Article(article, title, text, tuple(sections), f"{article}.txt", digest))


def _views(passage: Passage, row: int, sentences: list[str]) -> Iterator[View]:
    yield View(row, ViewKind.TEXT, f"{passage.title}\n{passage.heading}\n{passage.text}")
    yield View(row, ViewKind.HEADING, passage.heading)
    start = 0
    for sentence in sentences:
        yield View(row, ViewKind.SENTENCE, sentence, Span(start, start + len(sentence)))
        start += len(sentence) + 1
