"""Articles of no meaning whose words are as many and as unequal as those of real ones."""

from __future__ import annotations

import hashlib
import importlib.resources
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.clusters import PASSAGES, VIEWS
from index.types import Article, Passage, Section, Span, View, ViewKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Heaps' law, words known = 44 * words written ** 0.49, and Zipf's as Mandelbrot has it: Manning,
# Raghavan & Schuetze 2008, "Introduction to Information Retrieval", section 5.1 (Reuters RCV1).
_HEAPS_FACTOR, _HEAPS_POWER, _MANDELBROT = 44.0, 0.49, 2.7
_SHORTEST, _LONGEST = 5, 17  # words of a sentence
_SENTENCES, _TITLE, _HEADING = VIEWS - 2, 5, 3
# An article comes back to words of its own: about every fifth is one of so many.
# None of them is among the commonest, which say nothing.
_OWN_WORDS, _OWN_SHARE, _COMMONEST = 30, 0.2, 150
_SECTIONS = (1, 2, 2, 2, 1)  # passages of each section; the first is the introduction
_BEFORE = tuple(int(n) for n in np.cumsum((0, *_SECTIONS[:-1])))
_TOGETHER = 256  # articles whose words are drawn at once


@dataclass(frozen=True, slots=True)
class Written:
    """Some articles with their passages and views, each numbered on from those before."""

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
    words = [line.split(" ", 1)[0] for line in lines[:size]]
    first, second = words[1_000:2_000], words[2_000:3_000]
    joined = (a + b for b in second for a in first)
    seen = set(words)
    while len(words) < size:
        word = next(joined)
        if word not in seen:
            seen.add(word)
            words.append(word)
    return words


def write(passages: int) -> Iterator[Written]:
    """Give articles of eight passages until there are so many, the last one with what is left.

    Each passage has eight views: text, heading and six sentences; one without a heading has seven
    sentences. The same number always gives the same texts.
    """
    words = np.array(vocabulary(known_words(passages)), dtype=object)
    shares = np.cumsum(1 / (np.arange(len(words)) + 1 + _MANDELBROT))
    shares /= shares[-1]
    articles = -(-passages // PASSAGES)
    for start in range(0, articles, _TOGETHER):
        count = min(_TOGETHER, articles - start)
        draw = np.random.default_rng([passages, start])
        yield _chapter(words, shares, draw, (start, count), passages)


def _chapter(
    words: NDArray[np.object_],
    shares: NDArray[np.float64],
    draw: np.random.Generator,
    articles: tuple[int, int],
    passages: int,
) -> Written:
    start, count = articles
    sentences = PASSAGES * (_SENTENCES + 1)
    lengths = draw.integers(_SHORTEST, _LONGEST + 1, size=(count, sentences))
    headings = _TITLE + len(_SECTIONS) * _HEADING
    own = np.searchsorted(shares, draw.uniform(shares[_COMMONEST], 1, (count, _OWN_WORDS)))
    made = Written([], [], [])
    for i in range(count):
        chosen = np.searchsorted(shares, draw.random(headings + int(lengths[i].sum())))
        again = draw.random(len(chosen)) < _OWN_SHARE
        again[:headings] = True  # a title says what the article is about
        chosen[again] = own[i, draw.integers(_OWN_WORDS, size=int(again.sum()))]
        ends = np.cumsum(lengths[i]) + headings
        written = words[chosen].tolist()
        texts = [
            " ".join(written[a:b]).capitalize() + "."
            for a, b in zip([headings, *ends[:-1]], ends, strict=True)
        ]
        number = start + i
        left = min(PASSAGES, passages - number * PASSAGES)
        _article(made, number, written[:headings], texts, left)
    return made


def _article(made: Written, number: int, names: list[str], texts: list[str], left: int) -> None:
    """Lay out one article with its first `left` passages, and add it to what is made."""
    title = " ".join(names[:_TITLE]).title()
    article = f"{'-'.join(names[:3])}-{number:06}"
    text, sections, sentences = title, [], iter(texts)
    for which, inside in enumerate(_SECTIONS):
        if left <= 0:
            break
        at = _TITLE + which * _HEADING
        heading = " ".join(names[at : at + _HEADING]).capitalize() if which else ""
        slug = heading.lower().replace(" ", "-") if which else "introduction"
        # Words may come again, and ids may not.
        section = f"{article}#{slug}" + (f"-{which}" if which > 1 else "")
        text += f"\n\n{heading}" if which else ""
        first = len(text) + 2
        row = number * PASSAGES + _BEFORE[which]
        for n in range(1, min(inside, left) + 1):
            body = [next(sentences) for _ in range(_SENTENCES + (0 if which else 1))]
            start = len(text) + 2
            text += "\n\n" + " ".join(body)
            passage = Passage(
                id=f"{section}/{n}",
                article_id=article,
                section_id=section,
                title=title,
                heading=heading or "Introduction",
                path=(heading,) if which else (),
                text=text[start:],
                start=start,
                end=len(text),
            )
            made.passages.append(passage)
            made.views.extend(_views(passage, row + n - 1, body))
        left -= inside
        sections.append(Section(section, (heading,) if which else (), Span(first, len(text))))
    digest = hashlib.sha256(text.encode()).hexdigest()
    made.articles.append(Article(article, title, text, tuple(sections), f"{article}.txt", digest))


def _views(passage: Passage, row: int, sentences: list[str]) -> Iterator[View]:
    lead = "\n".join([passage.title, *passage.path])
    yield View(row, ViewKind.TEXT, f"{lead}\n{passage.text}")
    for heading in passage.path:
        yield View(row, ViewKind.HEADING, heading)
    start = 0
    for sentence in sentences:
        yield View(row, ViewKind.SENTENCE, sentence, Span(start, start + len(sentence)))
        start += len(sentence) + 1
