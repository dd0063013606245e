"""Finds the suggestions: what the passages answer by the product's own search, each once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.text.normalize import normalize_query
from core.types import Outcome
from index.bank.bank import DUPLICATE_COSINE
from index.search.decision import UNCALIBRATED_ANSWER_FROM
from index.search.pipeline import explain
from index.search.prepared_query import prepare_query
from index.suggestions.types import Source, Suggestion, Suggestions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from core.types import Encoder, Passage
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex
    from index.suggestions.decisions import Asked
    from ingest.build.articles import Progress
    from ingest.suggest.sources import Asking
    from safety.notices.finder import NoticeFinder

_FIRST_WORDS = 30
_SOURCES = list(Source)


@dataclass(frozen=True, slots=True)
class _Found:
    """A suggestion with the vector of its question: float32, shape (dimension,)."""

    suggestion: Suggestion
    vector: NDArray[np.float32]


def find_suggestions(
    index: OpenIndex,
    questions: Sequence[Asking],
    asked: Asked,
    *,
    finder: NoticeFinder,
    most: int,
    progress: Progress,
) -> Suggestions:
    """Return at most `most` suggestions for each section, highest confidence first.

    Equal confidences: the clinic's own words first, then by question. No suggestion is nearly the
    same (cosine at least DUPLICATE_COSINE) as a question of the bank, as another suggestion, or as
    a refused one for its section. A question in patients' words is suggested only where the search
    shows an answer, and where `finder` finds no notice: no passage answers an urgent symptom.
    Raises what a search raises.
    """
    found = [
        one
        for question in progress(questions, len(questions), "Asking what the articles answer")
        if (one := _found(index, question, finder)) is not None
    ]
    found.sort(
        key=lambda one: (
            -one.suggestion.confidence,
            _SOURCES.index(one.suggestion.source),
            one.suggestion.question,
        )
    )
    return Suggestions(index.generation, tuple(_chosen(found, asked, index.encoder, most=most)))


def _found(index: OpenIndex, asking: Asking, finder: NoticeFinder) -> _Found | None:
    """Ask the index; None where no passage answers."""
    query = prepare_query(index, asking.question)
    explanation = explain(index, query)
    if not query.is_searchable:
        return None
    if asking.passages:
        passage, score = _best_of(asking.passages, explanation.candidates)
    elif explanation.outcome is Outcome.ANSWER:
        first = explanation.candidates[0]
        passage, score = index.passages[first.passage], first.own_score
        # Most of these questions are about other subjects than the bank that the answer model was
        # fitted on, so that the passage alone has to be good enough as well.
        if score < UNCALIBRATED_ANSWER_FROM or finder.find(query.asked, index.encoder.encode):
            return None
    else:
        return None
    words = passage.text.split()
    suggestion = Suggestion(
        question=asking.question,
        section=passage.section_id,
        passage=passage.id,
        words=" ".join(words[:_FIRST_WORDS]) + " …" * (len(words) > _FIRST_WORDS),
        source=asking.source,
        confidence=round(min(max(score, 0.0), 1.0), 2),
    )
    return _Found(suggestion, query.vector)


def _best_of(passages: Sequence[Passage], candidates: Iterable[Candidate]) -> tuple[Passage, float]:
    """Return the passage that the search ranks highest, with its own score; else the first, 0."""
    by_id = {passage.id: passage for passage in passages}
    for candidate in candidates:
        if candidate.id in by_id:
            return by_id[candidate.id], candidate.own_score
    return passages[0], 0.0


def _chosen(
    found: Sequence[_Found], asked: Asked, encoder: Encoder, *, most: int
) -> Iterable[Suggestion]:
    """Yield the first suggestions of each section that ask something new."""
    # Rows of these are the questions that were asked so far: float32, shape (questions, dimension).
    known = _encoded(encoder, asked.questions)
    refused = _encoded(encoder, [question for question, _ in asked.refused])
    sections = np.array([section for _, section in asked.refused], dtype=object)
    chosen = np.zeros((len(found), encoder.info.dimension), dtype=np.float32)
    count = 0
    held: Counter[str] = Counter()
    for one in found:
        section = one.suggestion.section
        others = (known, chosen[:count], refused[sections == section])
        if held[section] >= most or any(_is_near(one.vector, rows) for rows in others):
            continue
        chosen[count] = one.vector
        count += 1
        held[section] += 1
        yield one.suggestion


def _is_near(vector: NDArray[np.float32], rows: NDArray[np.float32]) -> bool:
    return bool(len(rows) and np.max(rows @ vector) >= DUPLICATE_COSINE)


def _encoded(encoder: Encoder, questions: Sequence[str]) -> NDArray[np.float32]:
    if not questions:
        return np.zeros((0, encoder.info.dimension), dtype=np.float32)
    return encoder.encode([normalize_query(question) for question in questions])
