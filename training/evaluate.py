"""Measures the product on articles that trained nothing: `python -m training evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.ids import section_of
from core.types import Article, Outcome, Section, Span
from evaluation.search.judging import Judged, sections_of
from evaluation.search.questions import LabelledQuestion
from evaluation.search.retrieval import index_articles
from index.bank.route_cards import OFF_TOPIC
from index.search.evidence import evidence_of
from index.search.pipeline import search
from training.collection import ask, index_named
from training.data import FAR, IN, NEAR, read_material, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.encoders.reference import SentenceEncoder
    from index.search.evidence import Evidence
    from index.store.opened import OpenIndex
    from training.collection import Asked

POLARITY = "polarity_test.csv"
_RESAMPLED, _INTERVAL = 1000, (2.5, 97.5)


def ask_split(
    encoder: SentenceEncoder, split: str, report: Callable[[str], None]
) -> tuple[OpenIndex, list[Asked]]:
    """Index all articles of a split as one collection without a bank, and ask all its questions."""
    material = read_material(
        encoder.count_tokens, splits=[split], max_tokens=encoder.info.max_tokens
    )
    names = sorted({question.article for question in material.questions} - {""})
    index = index_named(names, encoder, lambda items, _number, _what: items)
    report(f"{len(names)} articles, {len(index.passages)} passages")
    return index, ask(index, material, material.questions)


def figures(asked: Sequence[Asked]) -> dict[str, tuple[float, float, float]]:
    """Return each figure with its interval of 95 %, from samples of whole articles."""
    return {
        "hit@1": _estimate(asked, IN, lambda one: any(one.right[:1])),
        "hit@3": _estimate(asked, IN, lambda one: any(one.right)),
        "section first": _estimate(asked, IN, _finds_the_section),
        "sentence": _estimate([one for one in asked if any(one.right[:1])], IN, _marks_the_answer),
        "answered": _estimate(asked, IN, _is_answered),
        "answered and right": _estimate(
            asked, IN, lambda one: _is_answered(one) and any(one.right[:1])
        ),
        "near answered": _estimate(asked, NEAR, _is_answered),
        "far answered": _estimate(asked, FAR, _is_answered),
        "far related": _estimate(
            asked, FAR, lambda one: one.response.outcome is not Outcome.NOT_COVERED
        ),
    }


def judged(
    index: OpenIndex, asked: Iterable[Asked], probability: Callable[[Evidence], float]
) -> list[Judged]:
    """Return questions as the evaluation draws them, with the answer model's probability."""
    found = []
    for one in asked:
        sections = tuple(sorted(map(section_of, one.answers)))
        route = OFF_TOPIC if one.question.kind == FAR else None
        explanation = one.explanation
        candidates = explanation.candidates
        evidence = evidence_of(index, explanation.query, candidates, explanation.ranked)
        found.append(
            Judged(
                LabelledQuestion(one.question.text, sections, route),
                sections_of(candidates),
                one.response.outcome,
                one.response.route,
                probability(evidence) if evidence else 0.0,
            )
        )
    return found


def _is_answered(one: Asked) -> bool:
    return one.response.outcome is Outcome.ANSWER


def _finds_the_section(one: Asked) -> bool:
    first = (result.passage.section_id for result in one.response.results[:1])
    return not set(map(section_of, one.answers)).isdisjoint(first)


def _marks_the_answer(one: Asked) -> bool:
    result = one.response.results[0]
    marked = " ".join(result.passage.text[result.sentence.start : result.sentence.end].split())
    return any(marked.startswith(first) or first in marked for first in one.question.sentences)


def _estimate(
    asked: Sequence[Asked], kind: str, holds: Callable[[Asked], bool]
) -> tuple[float, float, float]:
    by_article: dict[str, list[bool]] = {}
    for number, one in enumerate(asked):
        if one.question.kind == kind:
            name = one.question.article or f"far {number}"
            by_article.setdefault(name, []).append(holds(one))
    sums = np.array([sum(values) for values in by_article.values()], dtype=np.float64)
    counts = np.array([len(values) for values in by_article.values()], dtype=np.float64)
    draw = np.random.default_rng(0).integers(0, len(sums), (_RESAMPLED, len(sums)))
    low, high = np.percentile(sums[draw].sum(1) / counts[draw].sum(1), _INTERVAL)
    return float(sums.sum() / counts.sum()), float(low), float(high)


def praised(encoder: SentenceEncoder) -> list[str]:
    """Return the questions of caution of POLARITY that a passage of praise answers.

    Only the passages of the opposite polarity are there, so every answer is wrong.
    """
    pairs = read_table(POLARITY)
    articles = [_leaflet(number, pair) for number, pair in enumerate(pairs)]
    index = index_articles(articles, encoder, lambda items, _number, _what: items)
    return [
        pair["question"]
        for pair in pairs
        if search(index, pair["question"]).outcome is Outcome.ANSWER
    ]


def _leaflet(number: int, pair: dict[str, str]) -> Article:
    name, title = f"pair-{number}", pair["treatment"].capitalize()
    text = pair["opposite"]
    section = Section(f"{name}#about", (title,), Span(0, len(text)))
    return Article(name, title, text, (section,), source=name, sha256=name)
