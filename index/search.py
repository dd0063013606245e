"""The one public search that the page, the command line and the evaluation all call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.bank import best_route, labelled_route, section_gains
from index.decision import decide
from index.evidence import Evidence, gather
from index.fusion import DEFAULT_WEIGHTS, KINDS, Weights, fuse
from index.highlight import answering_sentence, matched_terms
from index.lexical import topic_words
from index.query import AS_TYPED, MAX_QUERY_CHARS, QUOTED, clean_query, has_words, plain_query
from index.types import (
    BankRowKind,
    MatchedView,
    Outcome,
    SearchResponse,
    SearchResult,
    Span,
    ViewKind,
)
from index.vocabulary import expansions
from index.words import fold, topic_stems

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from index.bank import Bank
    from index.language import Language
    from index.store import Index
    from index.types import BankRow

__all__ = ["DEFAULT_K", "MAX_QUERY_CHARS", "clean_query", "search"]

DEFAULT_K = 5
# How many of the nearest views, and of the passages with most words of the query, put their
# passages forward; those are then scored in full.
_CANDIDATE_VIEWS = 200
_CANDIDATE_PASSAGES = 50
# Of how many sections that the bank favours the passages are looked at in any case.
_FAVOURITES = 10
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
    query that begins with "+" is not corrected.
    """
    asked = clean_query(query)
    if not has_words(asked) or k < 1:
        return SearchResponse(asked, Outcome.NOT_COVERED, (), index.generation)
    as_typed = asked.startswith(AS_TYPED) or not correct_spelling
    corrected = None if as_typed else index.speller.correct(asked)
    searched = corrected or asked
    plain = plain_query(searched)
    added = expansions(plain, index.language.terms, known=index.lexical)
    vector = index.encoder.encode([plain])[0]
    stems = topic_words(plain) + topic_words(" ".join(added))
    similarities = bank_similarities(index, vector)
    gains = section_gains(index.bank, similarities)
    ranked = rank(index, vector, stems, gains=gains, weights=weights)
    kept = _with_phrases(index, ranked, QUOTED.findall(searched))
    outcome, route = _outcome(index, kept, plain, similarities)
    results = [
        _result(index, place, rank=number, stems=frozenset(stems), bank=similarities)
        for number, place in enumerate(kept[:k], start=1)
    ]
    return SearchResponse(
        query=asked,
        outcome=outcome,
        results=tuple(results),
        generation=index.generation,
        route=route,
        corrected_query=corrected,
        also_searched=added,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One candidate passage: its row, its score, and what its own words alone would score.

    `rows` are its views, `similarities` their cosines to the query, `coverage` the share of the
    query's words that it covers.
    """

    passage: int
    id: str
    score: float
    own_score: float
    coverage: float
    rows: NDArray[np.int64]
    similarities: NDArray[np.float32]


def bank_similarities(index: Index, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosines of a query to the bank's rows: float32, shape (rows,)."""
    return index.vectors.scores(vector, slice(int(index.first_view[-1]), None))


def rank(
    index: Index,
    vector: NDArray[np.float32],
    stems: list[str],
    *,
    gains: Mapping[str, float],
    weights: Weights = DEFAULT_WEIGHTS,
) -> list[Place]:
    """Return the candidate passages, best first, equal scores by id.

    `stems` are the query's topic words. `gains` are what the bank says for or against sections;
    without any, the passages speak for themselves.
    """
    coverage = index.lexical.coverage(stems)
    candidates = _candidates(index, vector, coverage, gains)
    rows = np.concatenate(
        [np.arange(index.first_view[p], index.first_view[p + 1]) for p in candidates]
        or [np.zeros(0, dtype=np.int64)]
    )
    similarities = index.vectors.scores(vector, rows)
    best = _best_by_kind(index, candidates, rows, similarities)
    own = fuse(best, coverage[candidates], weights=weights)
    given = weights.gain * _gains(index, candidates, own, gains)
    starts = np.searchsorted(index.view_passages[rows], [*candidates, len(index.passages)])
    places = [
        Place(
            passage=int(passage),
            id=index.passage_ids[passage],
            score=float(own[i] + given[i]),
            own_score=float(own[i]),
            coverage=float(coverage[passage]),
            rows=rows[starts[i] : starts[i + 1]],
            similarities=similarities[starts[i] : starts[i + 1]],
        )
        for i, passage in enumerate(candidates)
    ]
    return sorted(places, key=lambda place: (-place.score, place.id))


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


def _candidates(
    index: Index,
    vector: NDArray[np.float32],
    coverage: NDArray[np.float32],
    gains: Mapping[str, float],
) -> NDArray[np.int64]:
    """Return the rows of passages worth scoring in full: int64, ascending."""
    passages = len(index.passages)
    # The bank's rows come after those of passages, and would crowd them out.
    views = int(index.first_view[-1])
    found = [index.view_passages[index.vectors.search(vector, _CANDIDATE_VIEWS, below=views)]]
    most = min(_CANDIDATE_PASSAGES, passages)
    worded = np.argpartition(-coverage, most - 1)[:most] if most else np.zeros(0, dtype=np.int64)
    found.append(worded[coverage[worded] > 0])
    favourites = sorted(gains, key=lambda section: (-gains[section], section))[:_FAVOURITES]
    found += [index.section_passages[section] for section in favourites]
    return np.unique(np.concatenate(found))


def _gains(
    index: Index,
    candidates: NDArray[np.int64],
    own: NDArray[np.float64],
    gains: Mapping[str, float],
) -> NDArray[np.float64]:
    """Return the bank's gain for each candidate: float64, in their order, 0 for the unlabelled.

    What speaks for a section goes to the one of its passages that is nearest to the query, or a
    long section would fill the list; what speaks against it holds for all of them.
    """
    given = np.zeros(len(candidates))
    for section, gain in gains.items():
        passages = index.section_passages[section]
        places = np.searchsorted(candidates, passages)
        places = places[candidates[np.minimum(places, len(candidates) - 1)] == passages]
        if len(places):
            given[places[np.argmax(own[places])] if gain > 0 else places] = gain
    return given


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
    bank: NDArray[np.float32],
) -> SearchResult:
    passage = index.passages[place.passage]
    spans = index.view_spans[place.rows]
    is_sentence = spans[:, 0] >= 0
    return SearchResult(
        rank=rank,
        passage=passage,
        score=place.score,
        sentence=answering_sentence(
            passage.text,
            [Span(int(start), int(end)) for start, end in spans[is_sentence]],
            place.similarities[is_sentence].tolist(),
            stems,
        ),
        terms=matched_terms(stems, passage.text),
        matched_view=_bank_reason(index, passage.section_id, bank)
        or _own_reason(index, place, passage.text),
    )


def _bank_reason(
    index: Index, section: str, similarities: NDArray[np.float32]
) -> MatchedView | None:
    """Name the question that the clinic lists under this section, when it is much the same."""
    for row in np.argsort(-similarities, kind="stable")[:3]:
        if similarities[row] < _SAME_QUESTION:
            break
        known = index.bank.rows[int(row)]
        if known.kind is BankRowKind.QUESTION and section in known.sections:
            return MatchedView(ViewKind.QUESTION, known.text)
    return None


def _own_reason(index: Index, place: Place, text: str) -> MatchedView:
    # Of equally similar views the one that says most about why: the last in the order of kinds.
    kinds = [KINDS.index(kind) for kind in index.view_kinds[place.rows]]
    top = max(range(len(kinds)), key=lambda i: (place.similarities[i], kinds[i]))
    view = index.views[int(place.rows[top])]
    return MatchedView(view.kind, text if view.kind is ViewKind.TEXT else view.text)
