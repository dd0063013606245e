"""Looks up the passages of a question, with the parts of their scores. Nothing is drawn here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan
from typing import TYPE_CHECKING

from core.encoders.caching import CachingEncoder
from core.text.normalize import clean_query, has_words
from index.search.pipeline import explain, respond
from index.search.prepared_query import prepare_query
from ui.service.catalogue import area_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.types import Article, SearchResponse, SearchResult
    from index.search.ranking import Candidate
    from index.store.generations import OpenIndex
    from safety.notices.example_classifier import Encode
    from safety.notices.finder import Notice

    Find = Callable[[str, Encode], tuple[Notice, ...]]

MAX_QUESTIONS = 50


@dataclass(frozen=True, slots=True)
class Scores:
    """The parts of a passage's score: raw similarities, higher is better, no percentages.

    `text`, `heading` and `sentence` are the best cosines of the passage's views of that kind, None
    where it has none (its text then counts in their place). `coverage` is the share of the words
    that it covers, `late` its MaxSim, None where the encoder has no word pieces, `boost` what the
    question bank adds or takes away, `total` decides the rank.
    """

    text: float | None
    heading: float | None
    sentence: float | None
    coverage: float
    late: float | None
    boost: float
    total: float


@dataclass(frozen=True, slots=True)
class Row:
    """One passage found for one question. `area` is the folder that its article lies in."""

    result: SearchResult
    article: Article
    scores: Scores
    area: str

    @property
    def section(self) -> str:
        """The id of the passage's section."""
        return self.result.passage.section_id


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question with all that it found, best first, and the notices that it raises."""

    response: SearchResponse
    rows: tuple[Row, ...]
    notices: tuple[Notice, ...] = ()


def questions_of(pasted: str) -> tuple[tuple[str, ...], int]:
    """Return the questions of a list, one a line, and how many lines were left out.

    Each is cleaned and cut as a patient's question is; empty lines and repetitions are no
    questions.
    """
    lines = (clean_query(line) for line in pasted.splitlines())
    found = tuple(dict.fromkeys(line for line in lines if has_words(line)))
    return found[:MAX_QUESTIONS], max(0, len(found) - MAX_QUESTIONS)


def look_up(index: OpenIndex, question: str, *, k: int, find: Find) -> Lookup:
    """Search as the page does and return each passage with the parts of its score.

    At most k passages. `find` finds the notices that a question raises. Raises what `search`
    raises.
    """
    encoder = CachingEncoder(index.encoder)
    explanation = explain(index, prepare_query(replace(index, encoder=encoder), question))
    response = respond(index, explanation, k=k)
    shown = zip(response.results, explanation.candidates, strict=False)
    rows = tuple(_row(index, result, candidate) for result, candidate in shown)
    return Lookup(response, rows, find(question, encoder.encode))


def _row(index: OpenIndex, result: SearchResult, candidate: Candidate) -> Row:
    text, heading, sentence = (None if isnan(best) else best for best in candidate.best)
    scores = Scores(
        text=text,
        heading=heading,
        sentence=sentence,
        coverage=candidate.coverage,
        late=candidate.late if index.tokens.dimension else None,
        boost=candidate.score - candidate.own_score,
        total=candidate.score,
    )
    article = index.articles[result.passage.article_id]
    return Row(result, article, scores, area_of(article))
