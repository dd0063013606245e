"""The search pipeline, from a text to the passages that answer it: everybody searches by it.

`prepare_query` makes a text ready, `explain` ranks the passages and decides what they are, and
`respond` takes out of that what a visitor is shown. The page, the desk, the evaluation and, for its
first steps, the calibration read the same objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.text.normalize import MAX_QUERY_CHARS, QUOTED, clean_query
from core.text.tokens import normalize_token
from core.types import (
    BankRowKind,
    MatchedView,
    Outcome,
    SearchResponse,
    SearchResult,
    Span,
    ViewKind,
)
from index.bank.bank import labelled, section_boosts
from index.intent.aspects import aspect_of, speaks_of
from index.intent.suitability import suited
from index.search.answer_model import AnswerFeatures
from index.search.decision import outcome_of
from index.search.features import extract_features
from index.search.fusion import DEFAULT_WEIGHTS, Weights
from index.search.highlight import answering_sentence, matched_terms
from index.search.prepared_query import prepare_query
from index.search.ranking import Candidate, rank
from index.search.verify import check_verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.types import BankRow
    from index.bank.bank import Bank
    from index.intent.aspects import Aspect
    from index.search.prepared_query import PreparedQuery
    from index.store.generations import OpenIndex

__all__ = ["DEFAULT_K", "MAX_QUERY_CHARS", "clean_query", "explain", "respond", "search"]

DEFAULT_K = 5
# From this cosine on a question of the bank is named as the reason for a result.
_REASON_COSINE = 0.6


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a search knows about a query before anybody is shown anything.

    `candidates` are the passages that may answer, best first, `aspect` is what the query wants to
    know. `features` and the calibrated `probability` (None without a calibration) are those of
    everything that was found; `outcome` also heeds labels, words of caution and quoted words.
    `route` is the card beside it.
    """

    query: PreparedQuery
    candidates: Sequence[Candidate] = ()
    aspect: Aspect | None = None
    features: AnswerFeatures | None = None
    probability: float | None = None
    outcome: Outcome = Outcome.NOT_COVERED
    route: str | None = None


def search(
    index: OpenIndex,
    query: str,
    *,
    k: int = DEFAULT_K,
    correct_spelling: bool = True,
    weights: Weights = DEFAULT_WEIGHTS,
) -> SearchResponse:
    """Find the passages that answer a query, best first, at most k of them.

    Never raises for any text. The order is that of falling scores, equal ones by passage id.
    Results are given for every outcome, so that staff can see what was near; what may be shown
    to a visitor is said by the outcome. Words in double quotes must stand in a passage as typed; a
    query that begins with "+" is not corrected. Raises IndexDamagedError when a passage that was
    found is not, character for character, what its article says: nothing altered is ever shown.
    """
    prepared = prepare_query(index, query, correct_spelling=correct_spelling)
    return respond(index, explain(index, prepared, weights=weights), k=k)


def explain(
    index: OpenIndex, query: PreparedQuery, *, weights: Weights = DEFAULT_WEIGHTS
) -> Explanation:
    """Rank the passages for a query and decide what they are to it."""
    if not query.is_searchable:
        return Explanation(query)
    bank, similarities, plain = index.bank, query.bank_similarities, query.normalized
    found = rank(index, query, boosts=section_boosts(bank, similarities), weights=weights)
    votes = bank.predict_outcomes(similarities)
    features = extract_features(index, query, found, votes=votes)
    aspect = aspect_of(plain)
    label = labelled(bank, similarities, plain, index.subject)
    may_answer, speaks = suited(
        index, found, plain, aspect, labelled=label.sections if label else ()
    )
    candidates = _with_phrases(index, may_answer, QUOTED.findall(query.searched))
    outcome, route = outcome_of(
        index, candidates, features, votes, label=label, aspect=aspect, speaks=speaks
    )
    probability = index.calibration.probability(features) if index.calibration else None
    return Explanation(query, candidates, aspect, features, probability, outcome, route)


def respond(index: OpenIndex, explanation: Explanation, *, k: int = DEFAULT_K) -> SearchResponse:
    """Take out of an explanation what is shown: at most k passages, each checked word for word."""
    query = explanation.query
    if not query.is_searchable or k < 1:
        return SearchResponse(
            query.asked, Outcome.NOT_COVERED, (), index.generation, is_cry=query.is_cry
        )
    nearest = _nearest_questions(index.bank, query.bank_similarities)
    results = (
        _result(index, explanation, candidate, rank=rank, nearest=nearest)
        for rank, candidate in enumerate(explanation.candidates[:k], start=1)
    )
    return SearchResponse(
        query=query.asked,
        outcome=explanation.outcome,
        results=tuple(results),
        generation=index.generation,
        route=explanation.route,
        corrected_query=query.corrected,
        also_searched=query.added_terms,
    )


def _with_phrases(
    index: OpenIndex, candidates: list[Candidate], phrases: list[str]
) -> list[Candidate]:
    """Keep the passages that hold every quoted phrase; white space, case, accents aside."""
    wanted = [" ".join(normalize_token(phrase).split()) for phrase in phrases if phrase.strip()]
    if not wanted:
        return candidates
    kept = []
    for candidate in candidates:
        passage = index.passages[candidate.passage]
        text = " ".join(normalize_token(f"{passage.heading} {passage.text}").split())
        if all(phrase in text for phrase in wanted):
            kept.append(candidate)
    return kept


def _result(
    index: OpenIndex,
    explanation: Explanation,
    candidate: Candidate,
    *,
    rank: int,
    nearest: Sequence[BankRow],
) -> SearchResult:
    passage = index.passages[candidate.passage]
    check_verbatim(index, passage)
    aspect, stems = explanation.aspect, frozenset(explanation.query.stems)
    starts, ends = (edge[candidate.rows] for edge in index.view_spans)
    is_sentence = starts >= 0
    if aspect:  # of the sentences that speak of what is asked, where there are any
        texts = [passage.text[start:end] for start, end in zip(starts, ends, strict=True)]
        speaks = [speaks_of(aspect, text) for text in texts] & is_sentence
        is_sentence = speaks if speaks.any() else is_sentence
    return SearchResult(
        rank=rank,
        passage=passage,
        score=candidate.score,
        sentence=answering_sentence(
            passage.text,
            [*map(Span, starts[is_sentence].tolist(), ends[is_sentence].tolist())],
            candidate.similarities[is_sentence].tolist(),
            stems,
        ),
        terms=matched_terms(stems, passage.text),
        matched_view=_bank_reason(passage.section_id, nearest)
        or _own_reason(index, candidate, passage.text),
        labels=passage.labels,
    )


def _nearest_questions(bank: Bank, similarities: NDArray[np.floating]) -> list[BankRow]:
    """Return the questions of the bank that are much the same as what was asked, nearest first."""
    nearest = np.argsort(-similarities, kind="stable")[:3]
    rows = [bank.rows[row] for row in nearest if similarities[row] >= _REASON_COSINE]
    return [row for row in rows if row.kind is BankRowKind.QUESTION]


def _bank_reason(section: str, nearest: Sequence[BankRow]) -> MatchedView | None:
    """Name the question that the clinic lists under this section, when it is much the same."""
    text = next((row.text for row in nearest if section in row.sections), None)
    return MatchedView(ViewKind.QUESTION, text) if text else None


def _own_reason(index: OpenIndex, candidate: Candidate, text: str) -> MatchedView:
    # Of equally similar views the one that says most about why: the last in the order of columns.
    kinds = index.view_columns[candidate.rows]
    top = max(range(len(kinds)), key=lambda i: (candidate.similarities[i], kinds[i]))
    view = index.views[int(candidate.rows[top])]
    return MatchedView(view.kind, text if view.kind is ViewKind.TEXT else view.text)
