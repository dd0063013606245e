"""Rank the passages for a query: candidates, scores, boosts by the bank, and the reason of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.ids import article_of, section_of
from core.types import BankRowKind, MatchedView, ViewKind
from index.search.fusion import DEFAULT_WEIGHTS, KINDS, Weights, fuse, with_late

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from core.types import BankRow, Passage
    from index.bank.bank import Bank
    from index.search.prepared_query import PreparedQuery
    from index.store.opened import OpenIndex

# Raised when the same index would rank differently: a generation holds answers that depend on it.
RANKING_VERSION = 6

# How many of the nearest views, and of the passages with the highest BM25, become candidates.
_CANDIDATE_VIEWS = 200
_CANDIDATE_PASSAGES = 50
# The boost of labelled articles, and the best own scores between which it falls to nothing. Chosen
# on the bank, alone and beside 132 other articles, and on questions about those: more would help
# the bank's questions and harm the others; docs/evaluation.md.
_FAR, _NEAR, _ARTICLE_BOOST = 0.4, 0.7, 2 / 3
# From this cosine on, a question of the bank is named as the reason for a result.
_REASON_COSINE = 0.6
# So many of the candidates with the highest scores are ranked again by their word pieces.
_RANKED_AGAIN = 50
# The passages of so many sections with the highest boosts are candidates in any case.
_BOOSTED_SECTIONS = 10


class Candidate(NamedTuple):
    """A passage that may answer: its row, its score, and its own score without boosts.

    `coverage` is its normalised BM25, `late` the MaxSim of its word pieces, which for passages far
    down the list is that of the worst one computed. `rows` are its views: int64, `similarities`
    their cosines to the query: float32, and `best` the best cosine of each kind, in the order of
    KINDS, NaN for a kind without a view.
    """

    passage: int
    id: str
    score: float
    own_score: float
    coverage: float
    late: float
    rows: NDArray[np.int64]
    similarities: NDArray[np.float32]
    best: Sequence[float]

    @property
    def section_id(self) -> str:
        """The id of the passage's section."""
        return section_of(self.id)


def rank(
    index: OpenIndex,
    query: PreparedQuery,
    *,
    boosts: Mapping[str, float],
    weights: Weights = DEFAULT_WEIGHTS,
    near: NDArray[np.int64] | None = None,
) -> list[Candidate]:
    """Return the candidate passages, best first, equal scores by id.

    `boosts` are those of the bank by section; without any, the own scores decide. `near` is what
    `nearest` returned for this query, if it was called before. Raises ValueError when the query's
    vector has another dimension than the index.
    """
    coverage = index.lexical.normalized_bm25(query.stems)
    near = nearest(index, query) if near is None else near
    candidates = _candidates(index, near, coverage, boosts)
    covered = coverage[candidates]
    rows, starts = _views(index, candidates)
    similarities = index.vectors.scores(query.vector, rows)
    best = _best_by_kind(index, starts, rows, similarities)
    first = fuse(best, covered, weights=weights)
    late = _late(index, query, candidates, first)
    own = with_late(first, late, weights=weights) if index.tokens.dimension else first
    ids = index.passages.texts("id", candidates)
    scores = own + weights.boost * _boosts(ids, own, boosts)
    # Converted all at once: reading single elements of arrays would cost more than the rest.
    columns = (candidates, own, covered, late, best, starts[:-1], starts[1:])
    listed = zip((-scores).tolist(), ids, *(column.tolist() for column in columns), strict=True)
    return [
        Candidate(
            passage, name, -below, own_score, bm25, maxsim, rows[a:b], similarities[a:b], of_kinds
        )
        for below, name, passage, own_score, bm25, maxsim, of_kinds, a, b in sorted(listed)
    ]


def nearest(index: OpenIndex, query: PreparedQuery) -> NDArray[np.int64]:
    """Return the passages of the views that are nearest to a query: int64, with repetitions."""
    return index.view_passages[index.vectors.search(query.vector, _CANDIDATE_VIEWS)]


def _late(
    index: OpenIndex,
    query: PreparedQuery,
    candidates: NDArray[np.int64],
    first: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Return MaxSim of the candidates: float32, the lowest one for those that come last so far."""
    best = np.argsort(-first, kind="stable")[:_RANKED_AGAIN]
    scores = index.tokens.scores(query.tokens, candidates[best])
    late = np.full(len(candidates), scores.min(initial=1.0), dtype=np.float32)
    late[best] = scores
    return late


def article_boost(own: NDArray[np.float64]) -> float:
    """Return the share of a section's boost that its whole article gets as well: 0 to 2/3.

    `own` are the own scores of the candidates, shape (passages,). Where a passage is near, own
    scores decide, or a bank about a single article would silence all others; where none is near,
    the articles that the clinic labelled for such questions go first. The order within an article
    does not change.
    """
    best = float(own.max(initial=0.0))
    return float(np.interp(best, (_FAR, _NEAR), (_ARTICLE_BOOST, 0.0)))


def _boosts(
    ids: Sequence[str], own: NDArray[np.float64], boosts: Mapping[str, float]
) -> NDArray[np.float64]:
    """Return the bank's boost for each candidate: float64, in their order, 0 without a label.

    A positive boost goes to the best passage of its section only, or a long section would fill the
    list; a negative boost goes to all of them. A share of an article's largest boost goes to all of
    its passages.
    """
    of_sections, of_articles = np.zeros(len(ids)), np.zeros(len(ids))
    largest: dict[str, float] = {}
    for section, boost in boosts.items():
        article = article_of(section)
        largest[article] = max(boost, largest.get(article, 0.0))
    found: dict[str, list[int]] = {}
    for at, name in enumerate(ids):
        article = article_of(name)
        if article in largest:
            of_articles[at] = largest[article]
            found.setdefault(section_of(name), []).append(at)
    for section, places in found.items():
        boost = boosts.get(section, 0.0)
        of_sections[places[int(np.argmax(own[places]))] if boost > 0 else places] = boost
    return of_sections + article_boost(own) * of_articles


def _candidates(
    index: OpenIndex,
    near: NDArray[np.int64],
    coverage: NDArray[np.float32],
    boosts: Mapping[str, float],
) -> NDArray[np.int64]:
    """Return the rows of passages worth scoring in full: int64, ascending."""
    found = [near, _most_covered(coverage)]
    boosted = sorted(boosts, key=lambda section: (-boosts[section], section))[:_BOOSTED_SECTIONS]
    found += [index.section_passages[section] for section in boosted]
    return np.unique(np.concatenate(found))


def _most_covered(coverage: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the rows of the passages with the highest BM25, the first of equals: int64."""
    matching = np.flatnonzero(coverage > 0)
    if len(matching) <= _CANDIDATE_PASSAGES:
        return matching
    covered = coverage[matching]
    least = np.partition(covered, -_CANDIDATE_PASSAGES)[-_CANDIDATE_PASSAGES]
    above = matching[covered > least]
    return np.concatenate([above, matching[covered == least][: _CANDIDATE_PASSAGES - len(above)]])


def _views(
    index: OpenIndex, candidates: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the candidates' views, in their order, and `starts`: int64.

    The views of candidate i are at `starts[i]` up to `starts[i + 1]`, shape (candidates + 1,).
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
    best = np.full((len(starts) - 1) * len(KINDS), np.nan, dtype=np.float32)
    owners = np.repeat(np.arange(len(starts) - 1) * len(KINDS), np.diff(starts))
    np.fmax.at(best, owners + index.view_columns[rows], similarities)  # in one dimension: quick
    return best.reshape(-1, len(KINDS))


def nearest_questions(bank: Bank, similarities: NDArray[np.floating]) -> list[BankRow]:
    """Return up to three questions of the bank that are much like the query, nearest first."""
    nearest = np.argsort(-similarities, kind="stable")[:3]
    rows = [bank.rows[row] for row in nearest if similarities[row] >= _REASON_COSINE]
    return [row for row in rows if row.kind is BankRowKind.QUESTION]


def bank_reason(section: str, nearest: Sequence[BankRow]) -> MatchedView | None:
    """Return the similar question that the bank labels with this section, None without one."""
    text = next((row.text for row in nearest if section in row.sections), None)
    return MatchedView(ViewKind.QUESTION, text) if text else None


def own_reason(index: OpenIndex, candidate: Candidate, passage: Passage) -> MatchedView:
    """Return the view of a passage that is nearest to the query."""
    # Of equally similar views the most specific: a sentence before a heading before the text.
    kinds = index.view_columns[candidate.rows]
    top = max(range(len(kinds)), key=lambda i: (candidate.similarities[i], kinds[i]))
    view = index.views[int(candidate.rows[top])]
    texts = {ViewKind.TEXT: passage.text, ViewKind.SENTENCE: view.text}
    return MatchedView(view.kind, texts.get(view.kind, passage.heading))
