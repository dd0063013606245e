"""Extract the features that the answer model decides by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.text.tokens import content_stems
from index.bank.route_cards import OFF_TOPIC
from index.search.answer_model import AnswerFeatures
from index.search.evidence import evidence_of, general_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from core.types import BankRow
    from index.search.prepared_query import PreparedQuery
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

_LENGTH_CAP = 15


def extract_features(
    index: OpenIndex,
    query: PreparedQuery,
    candidates: Sequence[Candidate],
    *,
    votes: NDArray[np.float64],
    itself: BankRow | None = None,
) -> AnswerFeatures:
    """Extract the features of a query from its candidates and from the bank of the index.

    `votes` are the predictions of the bank, shape (1 + routes,). In calibration `itself` is the
    query's own row, which must not count: its similarity is -1, and it makes no word known.
    """
    bank, lexicon, similarities = index.bank, index.lexicon, query.bank_similarities
    stems = content_stems(query.normalized)
    own = (bool(itself and itself.sections), bool(itself and not itself.sections))
    known = {
        stem
        for stem in stems
        if index.lexical.knows(stem) or lexicon.answerable_stems.get(stem, 0) > own[0]
    }
    in_vocabulary = known | {stem for stem in stems if lexicon.other_stems.get(stem, 0) > own[1]}
    off_topic = bank.routes.index(OFF_TOPIC) + 1 if OFF_TOPIC in bank.routes else None
    features = AnswerFeatures(
        answerable_vote=float(votes[0]),
        off_topic_vote=float(votes[off_topic]) if off_topic else 0.0,
        nearest_answerable=_highest(similarities[bank.answerable]),
        nearest_unanswerable=_highest(similarities[~bank.answerable]),
        best_score=0.0,
        best_coverage=0.0,
        general=0.0,
        known_words=len(known) / len(stems) if stems else 0.0,
        out_of_vocabulary=1 - len(in_vocabulary) / len(stems) if stems else 0.0,
        length=min(len(query.normalized.split()), _LENGTH_CAP) / _LENGTH_CAP,
    )
    return of_candidates(index, query, features, candidates, candidates)


def of_candidates(
    index: OpenIndex,
    query: PreparedQuery,
    features: AnswerFeatures,
    candidates: Sequence[Candidate],
    ranked: Sequence[Candidate],
) -> AnswerFeatures:
    """Return the features of the same query for some candidates of the `ranked` passages."""
    model = general_model(index.manifest.encoder.sha256)
    evidence = evidence_of(index, query, candidates, ranked) if model else None
    return replace(
        features,
        best_score=max((candidate.own_score for candidate in candidates), default=0.0),
        best_coverage=max((candidate.coverage for candidate in candidates), default=0.0),
        general=model.logit(evidence) if model and evidence else 0.0,
    )


def _highest(values: NDArray[np.floating]) -> float:
    return float(values.max()) if len(values) else 0.0
