"""Articles of no meaning, in words that are as common as they are in English."""

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

_WORDS, _HEADING, _TITLE = 11, 3, 5  # of a sentence, a heading, a title
_SENTENCES = VIEWS - 2  # the other views of a passage are its text and its heading
_AT_ONCE = 256  # articles


@dataclass(frozen=True, slots=True)
class Written:
    """Some articles with their passages and views; views count passages from the first of all."""

    articles: list[Article]
    passages: list[Passage]
    views: list[View]


def write(passages: int) -> Iterator[Written]:
    """Yield articles of eight passages, each a section of its own, some articles at a time.

    Each passage has eight views: text, heading and six sentences. The same number always gives the
    same texts; what is left over makes a shorter last article.
    """
    words, shares = _vocabulary()
    for start in range(0, passages, PASSAGES * _AT_ONCE):
        draw = np.random.default_rng(start)
        count = min(PASSAGES * _AT_ONCE, passages - start)
        drawn = words[np.searchsorted(shares, draw.random((count, 1 + _SENTENCES, _WORDS)))]
        written = Written([], [], [])
        for at in range(0, count, PASSAGES):
            _write_article(written, start + at, drawn[at : at + PASSAGES].tolist())
        yield written


def _vocabulary() -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Return the words of SymSpell's dictionary and their cumulated shares of English text."""
    file = importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    words, counts = zip(*(line.split() for line in lines), strict=True)
    cumulated = np.cumsum(np.array(counts, dtype=np.float64))
    return np.array(words, dtype=object), cumulated / cumulated[-1]


def _write_article(made: Written, first: int, drawn: list[list[list[str]]]) -> None:
    """Lay out one article and add it; `first` is the number of its first passage.

    The first line drawn for a passage gives its heading, that of the first passage the title too.
    """
    words = drawn[0][0][_HEADING : _HEADING + _TITLE]
    title, article = " ".join(words).title(), f"{'-'.join(words[:3])}-{first // PASSAGES:06}"
    text, sections = title, []
    for number, (names, *lines) in enumerate(drawn, start=first):
        heading = " ".join(names[:_HEADING]).capitalize()
        sentences = [" ".join(line).capitalize() + "." for line in lines]
        section = f"{article}#{'-'.join(names[:_HEADING])}-{number - first}"
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
        made.views.extend(_views(passage, number, sentences))
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
