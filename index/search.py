"""The one public search that the page, the command line and the evaluation all call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.aspects import aspect_of, speaks_of
from index.bank import labelled, section_gains
from index.cries import is_cry
from index.fusion import DEFAULT_WEIGHTS, Weights
from index.highlight import answering_sentence, matched_terms
from index.lexical import topic_words
from index.outcomes import outcome_of
from index.query import AS_TYPED, MAX_QUERY_CHARS, QUOTED, clean_query, has_words, plain_query
from index.ranking import Place, rank
from index.suiting import suited
from index.types import (
    BankRowKind,
    MatchedView,
    Outcome,
    SearchResponse,
    SearchResult,
    Span,
    ViewKind,
)
from index.verbatim import check_verbatim
from index.vocabulary import expansions
from index.words import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from index.aspects import Aspect
    from index.bank import Bank
    from index.store import Index
    from index.types import BankRow

__all__ = ["DEFAULT_K", "MAX_QUERY_CHARS", "clean_query", "search"]

DEFAULT_K = 5
# From this cosine on a question of the bank is named as the reason for a result.
_SAME_QUESTION = 0.6


def search(
    index: Index,
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
    return search_with_places(
        index, query, k=k, correct_spelling=correct_spelling, weights=weights
    )[0]


def search_with_places(
    index: Index,
    query: str,
    *,
    k: int = DEFAULT_K,
    correct_spelling: bool = True,
    weights: Weights = DEFAULT_WEIGHTS,
) -> tuple[SearchResponse, list[Place]]:
    """Search as `search` does; also return the place in the ranking of each result, in order."""
    asked = clean_query(query)
    if not has_words(asked) or k < 1:
        return SearchResponse(asked, Outcome.NOT_COVERED, (), index.generation), []
    as_typed = asked.startswith(AS_TYPED) or not correct_spelling
    corrected = None if as_typed else index.speller.correct(asked)
    searched = corrected or asked
    if is_cry(asked) or is_cry(searched):
        return SearchResponse(asked, Outcome.NOT_COVERED, (), index.generation, is_cry=True), []
    plain = plain_query(searched)
    added = expansions(plain, index.language.terms, known=index.lexical)
    vector = index.encoder.encode([plain])[0]
    stems = topic_words(plain) + topic_words(" ".join(added))
    similarities = index.bank.similarities(vector)
    gains = section_gains(index.bank, similarities)
    ranked = rank(index, vector, stems, gains=gains, weights=weights)
    aspect = aspect_of(plain)
    same_row = labelled(index.bank, similarities, plain, index.subject)
    ranked, speaks = suited(
        index, ranked, plain, aspect, labelled=same_row.sections if same_row else ()
    )
    kept = _with_phrases(index, ranked, QUOTED.findall(searched))
    outcome, route = outcome_of(
        index, kept, plain, similarities, same=same_row, aspect=aspect, speaks=speaks
    )
    same = _same_questions(index.bank, similarities)
    results = [
        _result(index, place, rank=number, stems=frozenset(stems), asked=same, aspect=aspect)
        for number, place in enumerate(kept[:k], start=1)
    ]
    response = SearchResponse(
        query=asked,
        outcome=outcome,
        results=tuple(results),
        generation=index.generation,
        route=route,
        corrected_query=corrected,
        also_searched=added,
    )
    return response, kept[: len(results)]


def _with_phrases(index: Index, places: list[Place], phrases: list[str]) -> list[Place]:
    """Keep the passages that hold every quoted phrase; white space, case, accents aside."""
    wanted = [" ".join(fold(phrase).split()) for phrase in phrases if phrase.strip()]
    if not wanted:
        return places
    kept = []
    for place in places:
        passage = index.passages[place.passage]
        text = " ".join(fold(f"{passage.heading} {passage.text}").split())
        if all(phrase in text for phrase in wanted):
            kept.append(place)
    return kept


def _result(
    index: Index,
    place: Place,
    *,
    rank: int,
    stems: Collection[str],
    asked: Sequence[BankRow],
    aspect: Aspect | None,
) -> SearchResult:
    passage = index.passages[place.passage]
    check_verbatim(index, passage)
    starts, ends = (edge[place.rows] for edge in index.view_spans)
    is_sentence = starts >= 0
    if aspect:  # of the sentences that speak of what is asked, where there are any
        texts = [passage.text[start:end] for start, end in zip(starts, ends, strict=True)]
        speaks = [speaks_of(aspect, text) for text in texts] & is_sentence
        is_sentence = speaks if speaks.any() else is_sentence
    return SearchResult(
        rank=rank,
        passage=passage,
        score=place.score,
        sentence=answering_sentence(
            passage.text,
            [*map(Span, starts[is_sentence].tolist(), ends[is_sentence].tolist())],
            place.similarities[is_sentence].tolist(),
            stems,
        ),
        terms=matched_terms(stems, passage.text),
        matched_view=_bank_reason(passage.section_id, asked)
        or _own_reason(index, place, passage.text),
        labels=passage.labels,
    )


def _same_questions(bank: Bank, similarities: NDArray[np.float32]) -> list[BankRow]:
    """Return the questions of the bank that are much the same as what was asked, nearest first."""
    nearest = np.argsort(-similarities, kind="stable")[:3]
    rows = [bank.rows[row] for row in nearest if similarities[row] >= _SAME_QUESTION]
    return [row for row in rows if row.kind is BankRowKind.QUESTION]


def _bank_reason(section: str, asked: Sequence[BankRow]) -> MatchedView | None:
    """Name the question that the clinic lists under this section, when it is much the same."""
    text = next((row.text for row in asked if section in row.sections), None)
    return MatchedView(ViewKind.QUESTION, text) if text else None


def _own_reason(index: Index, place: Place, text: str) -> MatchedView:
    # Of equally similar views the one that says most about why: the last in the order of columns.
    kinds = index.view_columns[place.rows]
    top = max(range(len(kinds)), key=lambda i: (place.similarities[i], kinds[i]))
    view = index.views[int(place.rows[top])]
    return MatchedView(view.kind, text if view.kind is ViewKind.TEXT else view.text)
