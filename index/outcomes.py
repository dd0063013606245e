"""What a search may say of what it found: the label, the evidence, and the card beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.aspects import Aspect
from index.bank import OFF_TOPIC, SAFETY, best_route
from index.decision import decide
from index.evidence import Evidence, gather
from index.ids import article_of, section_of
from index.types import BankRowKind, Outcome
from index.words import topic_stems

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.bank import Bank
    from index.generation import Index
    from index.language import Language
    from index.ranking import Place
    from index.types import BankRow


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


def outcome_of(
    index: Index,
    places: list[Place],
    plain: str,
    similarities: NDArray[np.float32],
    *,
    same: BankRow | None,
    aspect: Aspect | None,
    speaks: bool,
) -> tuple[Outcome, str | None]:
    """Return the outcome for a query in its plain form, and the route card beside it.

    `places` are the passages that may answer, best first; `same` is the row of the bank that asks
    the same; without `speaks` none of the passages has a word of the query's `aspect`, and so none
    is an answer.
    """
    # A label decides before any model does; what a card says of itself only names the card.
    if same and same.kind is BankRowKind.QUESTION:
        if not same.sections:
            return Outcome.NOT_COVERED, same.route
        if speaks and places and section_of(places[0].id) in same.sections:
            return Outcome.ANSWER, None
    votes = index.bank.outcome_votes
    said = votes.cast(similarities) if votes else np.zeros(1)
    route = (same.route if same else None) or _route(index.bank, said, aspect)
    if not places:
        return Outcome.NOT_COVERED, route
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
    about = {article_of(section) for section in index.bank.sections}
    calibrated = article_of(places[0].id) in about
    outcome = decide(index.calibration if calibrated else None, evidence)
    if outcome is Outcome.ANSWER and not speaks:
        outcome = Outcome.RELATED
    return outcome, None if outcome is Outcome.ANSWER else route


def _route(bank: Bank, votes: NDArray[np.float64], aspect: Aspect | None) -> str | None:
    """Return the card with the most votes; for a question of caution the one about safety.

    Who asks for leave in some state of health may be better served by another card (medicines).
    """
    voted = best_route(bank, votes)
    if aspect is None or not aspect.is_caution or SAFETY not in bank.routes:
        return voted
    return voted if aspect is Aspect.LEAVE and voted != OFF_TOPIC else SAFETY
