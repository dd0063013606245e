"""What speaks for an answer in any content, with or without a bank, and the model that weighs it.

The model is fitted by `python -m training` on questions about articles of its own, and shipped. It
is tied by its hash to the encoder that it was fitted with; other encoders have none.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.text.tokens import content_stems
from core.types import ViewKind
from index.search.fusion import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.search.prepared_query import PreparedQuery
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

FILE = Path(__file__).with_name("general_model.json")
_TEXT, _SENTENCE = KINDS.index(ViewKind.TEXT), KINDS.index(ViewKind.SENTENCE)
# The lead of the best passage is measured over the best other one, and over the ninth.
_NINTH = 8
_MANY_STEMS = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a query, by the best candidate and by its lead over the others.

    `score`, `late`, `text`, `sentence` and `coverage` are those of the best candidate (its own
    score, MaxSim, cosines of its text and best sentence, BM25). `worst_pieces` is the mean cosine
    of the third of the query's pieces that it matches worst. `lead` and `long_lead` are how far
    its score is above the best and the ninth of all other passages, those included that do not fit
    the intent; below 0 where one of these is better. `best_late` and `best_sentence` are the
    highest of any candidate; `stems` is the number of the query's content words over 10, at most 1.
    """

    score: float
    late: float
    worst_pieces: float
    text: float
    sentence: float
    coverage: float
    lead: float
    long_lead: float
    best_late: float
    best_sentence: float
    stems: float

    def as_row(self) -> NDArray[np.float64]:
        """Return the numbers in the order of EVIDENCE: float64, shape (numbers,)."""
        return np.array([getattr(self, one.name) for one in fields(self)], dtype=np.float64)


EVIDENCE = tuple(field.name for field in fields(Evidence))


@dataclass(frozen=True, slots=True)
class GeneralModel:
    """A logistic regression over the evidence: logit = intercept + sum_i coefficients_i x_i.

    From the logit `answer_from` on, a query is answered, from `related_from` on there is related
    reading. `encoder` is the sha256 of the encoder that it was fitted with.
    """

    encoder: str
    evidence: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float
    answer_from: float
    related_from: float

    def logit(self, evidence: Evidence) -> float:
        """Return the logarithm of the odds that the best candidate answers."""
        return float(self.intercept + evidence.as_row() @ np.array(self.coefficients))

    def probability(self, evidence: Evidence) -> float:
        """Return the probability that the best candidate answers: 1 / (1 + exp(-logit))."""
        return 1 / (1 + math.exp(-self.logit(evidence)))


@cache
def general_model(encoder_sha256: str) -> GeneralModel | None:
    """Return the shipped model for an encoder, None for one that it was not fitted with."""
    record = json.loads(FILE.read_text(encoding="utf-8"))
    model = GeneralModel(
        **{**record, **{name: tuple(record[name]) for name in ("evidence", "coefficients")}}
    )
    return model if model.encoder == encoder_sha256 and model.evidence == EVIDENCE else None


def evidence_of(
    index: OpenIndex,
    query: PreparedQuery,
    candidates: Sequence[Candidate],
    ranked: Sequence[Candidate],
) -> Evidence | None:
    """Return what speaks for the best of some candidates as an answer, None without any.

    The candidates are those of the `ranked` passages that may answer.
    """
    if not candidates:
        return None
    best = max(candidates, key=lambda candidate: candidate.own_score)
    scores = (one.own_score for one in ranked if one.passage != best.passage)
    others = sorted(scores, reverse=True) or [best.own_score]
    pieces = index.tokens.cosines(query.tokens, best.passage)
    matched = np.sort(pieces.max(axis=0)) if pieces.size else np.zeros(1)
    return Evidence(
        score=best.own_score,
        late=best.late,
        worst_pieces=float(matched[: max(1, len(matched) // 3)].mean()),
        text=best.best[_TEXT],
        sentence=_sentence(best),
        coverage=best.coverage,
        lead=best.own_score - others[0],
        long_lead=best.own_score - others[min(_NINTH, len(others) - 1)],
        best_late=max(candidate.late for candidate in candidates),
        best_sentence=max(map(_sentence, candidates)),
        stems=min(len(content_stems(query.normalized)), _MANY_STEMS) / _MANY_STEMS,
    )


def _sentence(candidate: Candidate) -> float:
    sentence = candidate.best[_SENTENCE]
    return candidate.best[_TEXT] if math.isnan(sentence) else sentence
