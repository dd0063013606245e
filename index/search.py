"""The one public search that the page, the command line and the evaluation all call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.bank import best_route, labelled_route, section_gains
from index.decision import decide
from index.evidence import Evidence, gather
from index.fusion import DEFAULT_WEIGHTS, Weights
from index.highlight import answering_sentence, matched_terms
from index.lexical import topic_words
from index.query import AS_TYPED, MAX_QUERY_CHARS, QUOTED, clean_query, has_words, plain_query
from index.ranking import Place, rank
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
from index.words import fold, topic_stems

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from index.bank import Bank
    from index.language import Language
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
    plain = plain_query(searched)
    added = expansions(plain, index.language.terms, known=index.lexical)
    vector = index.encoder.encode([plain])[0]
    stems = topic_words(plain) + topic_words(" ".join(added))
    similarities = index.bank.similarities(vector)
    gains = section_gains(index.bank, similarities)
    ranked = rank(index, vector, stems, gains=gains, weights=weights)
    kept = _with_phrases(index, ranked, QUOTED.findall(searched))
    outcome, route = _outcome(index, kept, plain, similarities)
    same = _same_questions(index.bank, similarities)
    results = [
        _result(index, place, rank=number, stems=frozenset(stems), asked=same)
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


def evidence_of(
    index: Index,
    places: list[Place],
    plain: str,
    *,
    bank: Bank,
    language: Language,
    similarities: NDArray[np.floating],
    outcome_votes: NDArray[np.float64],
    apart: BankRow | None = None,
) -> Evidence:
    """Gather the evidence for a query in its plain form from its ranked passages.

    Passages are those of `index`; what is labelled is that of `bank` and `language`, which an
    evaluation replaces by what one fold may know. `apart` is the query's own row when it is one of
    the bank: its words are then not taken as known because of itself.
    """
    stems = topic_stems(plain)
    itself = (bool(apart and apart.sections), bool(apart and not apart.sections))
    known = {
        stem
        for stem in stems
        if index.lexical.knows(stem) or language.answerable_stems.get(stem, 0) > itself[0]
    }
    return gather(
        bank,
        similarities=similarities,
        outcome_votes=outcome_votes,
        best_score=max((place.own_score for place in places), default=0.0),
        best_coverage=max((place.coverage for place in places), default=0.0),
        stems=stems,
        known=known,
        heard=known | {s for s in stems if language.other_stems.get(s, 0) > itself[1]},
        words=len(plain.split()),
    )


def _outcome(
    index: Index, places: list[Place], plain: str, similarities: NDArray[np.float32]
) -> tuple[Outcome, str | None]:
    # A label decides before any model does.
    stems = topic_stems(plain)
    labelled = labelled_route(index.bank, similarities, stems, index.subject)
    if labelled or not places:
        return Outcome.NOT_COVERED, labelled
    votes = index.bank.outcome_votes
    said = votes.cast(similarities) if votes else np.zeros(1)
    evidence = evidence_of(
        index,
        places,
        plain,
        bank=index.bank,
        language=index.language,
        similarities=similarities,
        outcome_votes=said,
    )
    # The labels speak for the articles they are about. A passage of another article is judged by
    # its own words, or a bank about one article would silence all others.
    about = {section.partition("#")[0] for section in index.bank.sections}
    calibrated = places[0].id.partition("#")[0] in about
    outcome = decide(index.calibration if calibrated else None, evidence)
    return outcome, None if outcome is Outcome.ANSWER else best_route(index.bank, said)


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
) -> SearchResult:
    passage = index.passages[place.passage]
    check_verbatim(index, passage)
    starts, ends = (edge[place.rows] for edge in index.view_spans)
    is_sentence = starts >= 0
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
