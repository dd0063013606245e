"""The search pipeline, from a text to the passages that answer it.

`prepare_query` cleans and encodes a text, `explain` ranks the passages and decides the outcome, and
`respond` makes the response from that. The page, the desk, the evaluation and, for the first steps,
the calibration use these functions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.text.normalize import MAX_QUERY_CHARS, QUOTED, clean_query
from core.text.tokens import normalize_token, words_of
from core.types import (
    BankRowKind,
    Outcome,
    SearchResponse,
    SearchResult,
    Span,
)
from index.bank.bank import find_label, section_boosts
from index.intent.aspects import Aspect
from index.intent.caution_model import aspect_in
from index.intent.practical import Practical, practical_of
from index.intent.suitability import answers_kind, keep_suitable
from index.search.alignment import placed, sentence_matches, topic_pieces
from index.search.answer_model import AnswerFeatures
from index.search.decision import is_labelled, outcome_of
from index.search.distinct import distinct
from index.search.features import extract_features
from index.search.fusion import DEFAULT_WEIGHTS, Weights
from index.search.highlight import answering_sentence, matched_terms
from index.search.prepared_query import prepare_query
from index.search.ranking import Candidate, bank_reason, nearest_questions, own_reason, rank
from index.search.verify import check_verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.types import BankRow
    from index.search.prepared_query import PreparedQuery
    from index.store.generations import OpenIndex

__all__ = ["DEFAULT_K", "MAX_QUERY_CHARS", "clean_query", "explain", "respond", "search"]

DEFAULT_K = 5
# A passage whose own score is so far below the first one's adds little to an answer. Of the
# calibration questions that a passage after the first answers, it leaves out one in ten, and more
# than half of the further passages; docs/evaluation.md.
_FAR = 0.1


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that a search finds out about a query.

    `ranked` are the best passages, and `candidates` those that may answer, best first, none of
    either says the same as another; `aspect` is the kind of question, `label` the bank's own row of
    it. `features` are those of all ranked passages; `outcome` also depends on labels, words of
    caution and quoted words. `route` and `is_doubted` as in Decision, `practical` as in
    SearchResponse. A query that is not searched has none of these and is not covered.
    """

    query: PreparedQuery
    ranked: Sequence[Candidate] = ()
    candidates: Sequence[Candidate] = ()
    aspect: Aspect | None = None
    features: AnswerFeatures | None = None
    outcome: Outcome = Outcome.NOT_COVERED
    route: str | None = None
    is_doubted: bool = False
    practical: Practical | None = None
    label: BankRow | None = None


def search(
    index: OpenIndex,
    query: str,
    *,
    k: int = DEFAULT_K,
    correct_spelling: bool = True,
    weights: Weights = DEFAULT_WEIGHTS,
) -> SearchResponse:
    """Find the passages that answer a query: at most k, by falling score, equal scores by id.

    Results come with every outcome, so that staff see what was near; the outcome says what a
    visitor may see. Every result has each phrase in double quotes. A query that begins
    with "+" is not corrected. No text raises an error. Raises IndexDamagedError when a passage is
    not, character for character, in its article, and IndexUnavailableError when a server of vectors
    does not answer.
    """
    prepared = prepare_query(index, query, correct_spelling=correct_spelling)
    return respond(index, explain(index, prepared, weights=weights), k=k)


def explain(
    index: OpenIndex,
    query: PreparedQuery,
    *,
    weights: Weights = DEFAULT_WEIGHTS,
    near: NDArray[np.int64] | None = None,
) -> Explanation:
    """Rank the passages for a query, keep those that may answer, and decide the outcome.

    `near` as in `rank`. Nothing is found for a query without words or a cry for help. Raises
    ValueError when the vector of the query has another dimension, IndexUnavailableError when a
    server does not answer.
    """
    if not query.is_searchable:
        return Explanation(query)
    bank, similarities, normalized = index.bank, query.bank_similarities, query.normalized
    # Rank
    boosts = section_boosts(bank, similarities)
    ranked = rank(index, query, boosts=boosts, weights=weights, near=near)
    votes = bank.predict_outcomes(similarities)
    features = extract_features(index, query, ranked, votes=votes)
    # Fit the intent
    aspect = aspect_in(
        normalized,
        query.vector,
        encoder_sha256=index.manifest.encoder.sha256,
        has_bank=bool(ranked) and is_labelled(index, ranked[0]),
    )
    in_words = aspect is not None and aspect.is_caution and aspect is not Aspect.CAUTION
    label = find_label(bank, similarities, normalized, index.subject, asks_caution=in_words)
    suitable, speaks = keep_suitable(
        index, ranked, normalized, aspect, labelled=label.sections if label else ()
    )
    fitting = _with_phrases(index, suitable, QUOTED.findall(query.searched))
    best = distinct(index, ranked)
    candidates = best if fitting is ranked else distinct(index, fitting)
    candidates = _labelled_first(candidates, label)
    # Decide
    decision = outcome_of(
        index, query, candidates, best, features, votes, label=label, aspect=aspect, speaks=speaks
    )
    practical = None if label and label.sections else practical_of(query.searched)
    return Explanation(query, best, candidates, aspect, features, *decision, practical, label)


def respond(index: OpenIndex, explanation: Explanation, *, k: int = DEFAULT_K) -> SearchResponse:
    """Make the response: at most k passages, each compared with its article first.

    Raises IndexDamagedError when a passage is not, character for character, in its article.
    """
    query = explanation.query
    is_cry = is_cry_for_help(index, explanation)
    if is_cry or not query.is_searchable or k < 1:
        return SearchResponse(
            query.asked,
            Outcome.NOT_COVERED,
            (),
            index.generation,
            is_cry=is_cry,
            is_understood=query.is_understood,
        )
    nearest, topics = nearest_questions(index.bank, query.bank_similarities), _topics(query)
    results = (
        _result(index, explanation, candidate, rank=rank, nearest=nearest, topics=topics)
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
        is_understood=query.is_understood,
        is_doubted=explanation.is_doubted,
        practical=explanation.practical,
    )


def is_cry_for_help(index: OpenIndex, explanation: Explanation) -> bool:
    """Say whether a query cries for help, by its words or its meaning, and asks for nothing."""
    query = explanation.query
    return query.is_cry or (query.sounds_like_cry and not _asks_something(index, explanation))


def _asks_something(index: OpenIndex, explanation: Explanation) -> bool:
    """Say whether a query asks what a section answers, for caution, or about the clinic."""
    aspect, label = explanation.aspect, explanation.label
    if explanation.practical or (label and label.sections) or (aspect and aspect.is_caution):
        return True
    return not index.subject.isdisjoint(explanation.query.stems)


def without_far(response: SearchResponse) -> SearchResponse:
    """Return a response as visitors see it: beside an answer no passages that add little to it."""
    if response.outcome is not Outcome.ANSWER:
        return response
    return replace(response, results=tuple(one for one in response.results if not one.is_far))


def _labelled_first(candidates: list[Candidate], label: BankRow | None) -> list[Candidate]:
    """Put the best passage of a section that answers this question, by its label, in front."""
    if not label or label.kind is not BankRowKind.QUESTION or not candidates:
        return candidates
    own = next((one for one in candidates if one.section_id in label.sections), candidates[0])
    if own is candidates[0]:
        return candidates
    first = own._replace(score=candidates[0].score)  # scores fall from place to place
    return [first, *(one for one in candidates if one is not own)]


def _with_phrases(
    index: OpenIndex, candidates: list[Candidate], phrases: list[str]
) -> list[Candidate]:
    """Keep the passages that hold every quoted phrase, whatever its spaces, case and accents."""
    wanted = [" ".join(normalize_token(phrase).split()) for phrase in phrases if phrase.strip()]
    if not wanted:
        return candidates

    def has_all(candidate: Candidate) -> bool:
        passage = index.passages[candidate.passage]
        text = " ".join(normalize_token(f"{passage.heading} {passage.text}").split())
        return all(phrase in text for phrase in wanted)

    return list(filter(has_all, candidates))


def _result(
    index: OpenIndex,
    explanation: Explanation,
    candidate: Candidate,
    *,
    rank: int,
    nearest: Sequence[BankRow],
    topics: NDArray[np.bool_],
) -> SearchResult:
    passage = index.passages[candidate.passage]
    check_verbatim(index, passage)
    query, stems = explanation.query, frozenset(explanation.query.stems)
    starts, ends = (edge[candidate.rows] for edge in index.view_spans)
    is_sentence = starts >= 0
    spans = [*map(Span, starts[is_sentence].tolist(), ends[is_sentence].tolist())]
    cosines, pieces = _aligned(index, query, candidate)
    sentence, is_clear, speaks = answering_sentence(
        passage.text,
        spans,
        candidate.similarities[is_sentence].tolist(),
        sentence_matches(cosines, pieces, spans),
        stems,
        above=" ".join((passage.title, *passage.path)),
        aspect=explanation.aspect,
    )
    is_best = rank == 1 and explanation.outcome is Outcome.ANSWER
    return SearchResult(
        rank=rank,
        passage=passage,
        score=candidate.score,
        sentence=sentence,
        terms=matched_terms(passage.text, stems, cosines[:, topics], pieces),
        matched_view=bank_reason(passage.section_id, nearest)
        or own_reason(index, candidate, passage),
        labels=passage.labels,
        is_far=_is_far(candidate, explanation.candidates[0]),
        is_answer=is_best and is_clear and answers_kind(explanation.aspect, passage.path, speaks),
    )


def _is_far(candidate: Candidate, first: Candidate) -> bool:
    is_labelled = candidate.score > candidate.own_score  # the bank says that it belongs there
    return not is_labelled and candidate.own_score < first.own_score - _FAR


def _aligned(
    index: OpenIndex, query: PreparedQuery, candidate: Candidate
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return the cosines of a passage's pieces to the query's, and where the former begin."""
    pieces = index.tokens.passage(candidate.passage)
    return index.tokens.cosines(query.tokens, candidate.passage), pieces.starts


def _topics(query: PreparedQuery) -> NDArray[np.bool_]:
    """Say which pieces of a query are of words with a topic of their own."""
    return topic_pieces(query.starts, placed(words_of(query.normalized)))
