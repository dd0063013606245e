"""Rank the passages nearest to a query, best first: candidates, scores, the bank's boosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.ids import article_of, section_of
from index.search.fusion import DEFAULT_WEIGHTS, KINDS, Weights, fuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from index.search.prepared_query import PreparedQuery
    from index.store.opened import OpenIndex

# Raised when the same index would rank differently: a generation holds replies that depend on it.
RANKING_VERSION = 2

# How many of the nearest views, and of the passages with most words of the query, put their
# passages forward; those are then scored in full.
_CANDIDATE_VIEWS = 200
_CANDIDATE_PASSAGES = 50
# Best own scores between which the boost of labelled articles ends, and what it is at first. Chosen
# on the bank, alone and beside 132 other articles, and on questions about those: more would help
# the bank's questions and harm the others; docs/evaluation.md.
_FAR, _NEAR, _ARTICLE_BOOST = 0.4, 0.7, 2 / 3
# Of how many sections that the bank favours the passages are looked at in any case.
_FAVOURITES = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer: its row, its score, and what its own words alone would score.

    `coverage` is the share of the query's words that it covers. `rows` are its views,
    `similarities` their cosines to the query, and `best` the best of those by kind: float32, in
    the order of KINDS, NaN for a kind that it has no view of.
    """

    passage: int
    id: str
    score: float
    own_score: float
    coverage: float
    rows: NDArray[np.int64]
    similarities: NDArray[np.float32]
    best: NDArray[np.float32]

    @property
    def section_id(self) -> str:
        """The id of the section that the passage is of."""
        return section_of(self.id)


def rank(
    index: OpenIndex,
    query: PreparedQuery,
    *,
    boosts: Mapping[str, float],
    weights: Weights = DEFAULT_WEIGHTS,
) -> list[Candidate]:
    """Return the candidate passages, best first, equal scores by id.

    `boosts` are what the bank says for or against sections; without any, the passages speak for
    themselves.
    """
    coverage = index.lexical.normalized_bm25(query.stems)
    candidates = _candidates(index, query.vector, coverage, boosts)
    rows, starts = _views(index, candidates)
    similarities = index.vectors.scores(query.vector, rows)
    best = _best_by_kind(index, starts, rows, similarities)
    own = fuse(best, coverage[candidates], weights=weights)
    ids = index.passages.texts("id", candidates)
    of_sections = _boosts(index, candidates, own, boosts)
    of_articles = article_boost(own) * _article_boosts(ids, boosts)
    given = weights.boost * (of_sections + of_articles)
    # All numbers at once: taken out of an array one by one they cost more than the rest.
    columns = (candidates, own + given, own, coverage[candidates], starts[:-1], starts[1:])
    ranked = [
        Candidate(
            passage=passage,
            id=name,
            score=score,
            own_score=own_score,
            coverage=covered,
            rows=rows[start:end],
            similarities=similarities[start:end],
            best=of_kinds,
        )
        for name, of_kinds, passage, score, own_score, covered, start, end in zip(
            ids, best, *(column.tolist() for column in columns), strict=True
        )
    ]
    return sorted(ranked, key=lambda candidate: (-candidate.score, candidate.id))


def article_boost(own: NDArray[np.float64]) -> float:
    """Return what part of a section's boost its whole article gets as well: 0 to 2/3.

    `own` are the own scores of the candidates, shape (passages,). Where an article is about just
    what was asked, its words decide, or a bank about one article would silence all others; where
    no passage is near, the articles that the clinic labelled for such questions go first. The order
    within an article stays as it is.
    """
    best = float(own.max(initial=0.0))
    return float(np.interp(best, (_FAR, _NEAR), (_ARTICLE_BOOST, 0.0)))


def _article_boosts(ids: Sequence[str], boosts: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the largest boost of a section in the article of each passage, 0 for none: float64."""
    largest: dict[str, float] = {}
    for section, boost in boosts.items():
        article = article_of(section)
        largest[article] = max(boost, largest.get(article, 0.0))
    return np.array([largest.get(article_of(name), 0.0) for name in ids])


def _candidates(
    index: OpenIndex,
    vector: NDArray[np.float32],
    coverage: NDArray[np.float32],
    boosts: Mapping[str, float],
) -> NDArray[np.int64]:
    """Return the rows of passages worth scoring in full: int64, ascending."""
    found = [index.view_passages[index.vectors.search(vector, _CANDIDATE_VIEWS)]]
    found.append(_most_covered(coverage))
    favourites = sorted(boosts, key=lambda section: (-boosts[section], section))[:_FAVOURITES]
    found += [index.section_passages[section] for section in favourites]
    return np.unique(np.concatenate(found))


def _most_covered(coverage: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the rows of the passages that cover most, the first ones of equals: int64."""
    worded = np.flatnonzero(coverage)
    if len(worded) <= _CANDIDATE_PASSAGES:
        return worded
    covered = coverage[worded]
    least = np.partition(covered, -_CANDIDATE_PASSAGES)[-_CANDIDATE_PASSAGES]
    above = worded[covered > least]
    return np.concatenate([above, worded[covered == least][: _CANDIDATE_PASSAGES - len(above)]])


def _boosts(
    index: OpenIndex,
    candidates: NDArray[np.int64],
    own: NDArray[np.float64],
    boosts: Mapping[str, float],
) -> NDArray[np.float64]:
    """Return the bank's boost for each candidate: float64, in their order, 0 for the unlabelled.

    What speaks for a section goes to the one of its passages that is nearest to the query, or a
    long section would fill the list; what speaks against it holds for all of them.
    """
    given = np.zeros(len(candidates))
    for section, boost in boosts.items():
        passages = index.section_passages[section]
        places = np.searchsorted(candidates, passages)
        places = places[candidates[np.minimum(places, len(candidates) - 1)] == passages]
        if len(places):
            given[places[np.argmax(own[places])] if boost > 0 else places] = boost
    return given


def _views(
    index: OpenIndex, candidates: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of all views of the candidates, int64, in their order, and where they begin.

    The views of candidate i stand from `starts[i]` up to `starts[i + 1]`: int64, (candidates + 1,).
    """
    first = index.first_view[candidates]
    counts = index.first_view[candidates + 1] - first
    starts = np.concatenate([[0], np.cumsum(counts)])
    return np.arange(starts[-1]) + np.repeat(first - starts[:-1], counts), starts


def _best_by_kind(
    index: OpenIndex,
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    similarities: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return each candidate's best similarity by kind: shape (candidates, kinds), NaN for none."""
    best = np.full((len(starts) - 1, len(KINDS)), np.nan, dtype=np.float32)
    places = np.repeat(np.arange(len(best)), np.diff(starts))
    np.fmax.at(best, (places, index.view_columns[rows]), similarities)
    return best
