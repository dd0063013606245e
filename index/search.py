"""The one public search that the page, the command line and the evaluation all call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.decision import decide
from index.fusion import KINDS, fuse
from index.highlight import answering_sentence, matched_terms
from index.query import MAX_QUERY_CHARS, clean_query, has_words
from index.types import MatchedView, Outcome, SearchResponse, SearchResult, ViewKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.store import Index

__all__ = ["DEFAULT_K", "MAX_QUERY_CHARS", "clean_query", "search"]

DEFAULT_K = 5
# How many of the nearest views put their passages forward; those are then scored in full.
_CANDIDATE_VIEWS = 200


def search(index: Index, query: str, *, k: int = DEFAULT_K) -> SearchResponse:
    """Find the passages that are nearest to a query, best first, at most k of them.

    Never raises for any text. The order is that of falling scores, equal ones by passage id.
    Results are given for every outcome, so that staff can see what was near; what may be shown
    to a visitor is said by the outcome.
    """
    query = clean_query(query)
    if not has_words(query) or k < 1:
        return SearchResponse(query, Outcome.NOT_COVERED, (), index.generation)
    vector = index.encoder.encode([query])[0]
    nearest = index.vectors.search(vector, max(_CANDIDATE_VIEWS, k * 20))
    candidates = np.unique(index.view_passages[nearest])
    candidates = candidates[candidates < len(index.passages)]
    rows, similarities = _similarities(index, vector, candidates)
    best = _best_by_kind(index, candidates, rows, similarities)
    scores = fuse(best)
    # Only what may be shown needs its id, which is read from the table one by one.
    cut = np.partition(-scores, k - 1)[k - 1] if k < len(scores) else np.inf
    ids = {int(i): index.passages[int(candidates[i])].id for i in np.flatnonzero(-scores <= cut)}
    order = sorted(ids, key=lambda i: (-scores[i], ids[i]))[:k]
    results = []
    for rank, i in enumerate(order, start=1):
        mine = index.view_passages[rows] == candidates[i]
        results.append(
            _result(index, query, rank, float(scores[i]), rows[mine], similarities[mine])
        )
    return SearchResponse(query, decide(results), tuple(results), index.generation)


def _similarities(
    index: Index, vector: NDArray[np.float32], candidates: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return all view rows of the candidate passages, ascending, and their similarities."""
    ranges = [np.arange(index.first_view[p], index.first_view[p + 1]) for p in candidates]
    rows = np.concatenate(ranges) if ranges else np.zeros(0, dtype=np.int64)
    return rows, index.vectors.scores(vector, rows)


def _best_by_kind(
    index: Index,
    candidates: NDArray[np.int64],
    rows: NDArray[np.int64],
    similarities: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return each candidate's best similarity by kind: shape (candidates, kinds), NaN for none."""
    best = np.full((len(candidates), len(KINDS)), np.nan, dtype=np.float32)
    places = np.searchsorted(candidates, index.view_passages[rows])
    for column, kind in enumerate(KINDS):
        chosen = index.view_kinds[rows] == kind.value
        np.fmax.at(best[:, column], places[chosen], similarities[chosen])
    return best


def _result(
    index: Index,
    query: str,
    rank: int,
    score: float,
    rows: NDArray[np.int64],
    similarities: NDArray[np.float32],
) -> SearchResult:
    views = [index.views[int(row)] for row in rows]
    passage = index.passages[views[0].passage]
    sentences = [(v.span, s) for v, s in zip(views, similarities, strict=True) if v.span]
    # Of equally similar views the one that says most about why: the last in the order of kinds.
    top = max(zip(views, similarities, strict=True), key=lambda v: (v[1], KINDS.index(v[0].kind)))[
        0
    ]
    return SearchResult(
        rank=rank,
        passage=passage,
        score=score,
        sentence=answering_sentence(
            [span for span, _ in sentences], [float(s) for _, s in sentences]
        ),
        terms=matched_terms(query, passage.text),
        matched_view=MatchedView(top.kind, passage.text if top.kind is ViewKind.TEXT else top.text),
    )
