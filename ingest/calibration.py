"""Teaches the decision on the question bank: no question ever helps to judge itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.aspects import is_caution
from index.bank import OFF_TOPIC, Bank, LeftOut
from index.decision import UNCALIBRATED_ANSWER_FROM, Calibration
from index.evidence import FEATURES, Evidence
from index.language import Language
from index.lexical import topic_words
from index.outcomes import evidence_of
from index.query import plain_query
from index.ranking import Place, rank
from index.store import Index
from index.types import BankRow
from index.vocabulary import expansions

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Raised when the same bank would be calibrated differently: it is part of a generation's id.
CALIBRATION_VERSION = 2
# Fewer labelled questions of either kind say too little about where to cut.
MIN_QUESTIONS = 20
# Share of on-topic questions without an answer that may be answered all the same, as measured on
# questions left out; a little under the bar of 5 %, because a measured cut is optimistic.
_FALSE_ANSWERS = 0.04
# Share of answerable questions that may end as "not covered".
_LOST_ANSWERS = 0.02
_REGULARISATION = 0.1
_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what the passages alone say of it; nothing here depends on the bank.

    `vector` is the query's, `places` are ranked by their own words only.
    """

    text: str
    plain: str
    vector: NDArray[np.float32]
    places: list[Place]


def ask(index: Index, texts: Sequence[str]) -> list[Asked]:
    """Ask questions of the passages alone."""
    plains = [plain_query(text) for text in texts]
    vectors = index.encoder.encode(plains)
    asked = []
    for text, plain, vector in zip(texts, plains, vectors, strict=True):
        added = expansions(plain, index.language.terms, known=index.lexical)
        stems = topic_words(plain) + topic_words(" ".join(added))
        asked.append(Asked(text, plain, vector, rank(index, vector, stems, gains={})))
    return asked


def calibrate(index: Index, left_out: LeftOut) -> tuple[Calibration | None, tuple[str, ...]]:
    """Calibrate on the questions of the index's own bank; return it, and warnings for the editor.

    A bank with too few questions of either kind gives None: the conservative cut then serves.
    """
    bank = index.bank
    chosen = np.flatnonzero(bank.questions)
    rows = [bank.rows[int(row)] for row in chosen]
    asked = ask(index, [row.text for row in rows])
    warnings = _may_be_answered(rows, asked)
    answerable = int(bank.answerable[chosen].sum())
    if min(answerable, len(chosen) - answerable) < MIN_QUESTIONS:
        return None, (
            f"questions.csv: {answerable} answerable and {len(chosen) - answerable} other "
            f"questions; {MIN_QUESTIONS} of each are needed to calibrate, so a conservative cut "
            "decides what is an answer",
            *warnings,
        )
    similarities = np.stack([bank.similarities(a.vector) for a in asked])
    evidence = left_out_evidence(index, bank, index.language, left_out, asked, similarities, chosen)
    return fit_decision(evidence, rows, index.manifest.tied_to), warnings


def _may_be_answered(rows: Sequence[BankRow], asked: Sequence[Asked]) -> tuple[str, ...]:
    """Name the bank's questions without an answer that passages now seem to answer.

    "Seem": the best passage's own score would make it an answer had nobody labelled the question.
    """
    return tuple(
        f"questions.csv: may be answered now, by {question.places[0].id}: {question.text}"
        for row, question in zip(rows, asked, strict=True)
        if not row.sections
        and question.places
        and question.places[0].own_score >= UNCALIBRATED_ANSWER_FROM
    )


def left_out_evidence(
    index: Index,
    bank: Bank,
    language: Language,
    left_out: LeftOut,
    asked: Sequence[Asked],
    similarities: NDArray[np.floating],
    chosen: NDArray[np.int64],
) -> list[Evidence]:
    """Return the evidence for rows of the bank, each as if the bank did not hold it.

    `asked` and the rows of `similarities` (questions, bank rows) belong to the bank's rows
    `chosen`.
    """
    evidence = []
    for question, row, alike in zip(asked, chosen, similarities, strict=True):
        others = np.array(alike, dtype=np.float64)
        others[row] = -1.0
        evidence.append(
            evidence_of(
                index,
                question.places,
                question.plain,
                bank=bank,
                language=language,
                similarities=others,
                outcome_votes=left_out.outcome_votes[row],
                apart=bank.rows[int(row)],
            )
        )
    return evidence


def fit_decision(
    evidence: Sequence[Evidence], rows: Sequence[BankRow], tied_to: Mapping[str, str]
) -> Calibration:
    """Fit the logistic model and its cuts; the cuts come from predictions out of fold.

    Questions of caution that nothing answers teach the model nothing: words decide them before it
    does. They count among the questions that are not answered, as if their probability were 0.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    taught = [i for i, row in enumerate(rows) if row.sections or not is_caution(row.text)]
    by_words = np.zeros(len(rows) - len(taught))
    evidence, rows = [evidence[i] for i in taught], [rows[i] for i in taught]
    features = np.stack([e.as_row() for e in evidence])
    answerable = np.array([bool(row.sections) for row in rows])
    off_topic = np.array([row.route == OFF_TOPIC for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=_REGULARISATION, max_iter=1000))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    apart = cross_val_predict(model, features, answerable, cv=folds, method="predict_proba")[:, 1]
    unanswerable = np.concatenate([apart[~answerable & ~off_topic], by_words])
    answer_from = max(_cut(unanswerable, _FALSE_ANSWERS), _cut(apart[off_topic], 0.0))
    related_from = min(float(np.quantile(apart[answerable], _LOST_ANSWERS)), 0.9 * answer_from)
    model.fit(features, answerable)
    scaler, logistic = (step for _, step in model.steps)
    return Calibration(
        features=FEATURES,
        means=tuple(map(float, scaler.mean_)),
        scales=tuple(map(float, scaler.scale_)),
        coefficients=tuple(map(float, logistic.coef_[0])),
        intercept=float(logistic.intercept_[0]),
        answer_from=answer_from,
        related_from=related_from,
        tied_to=tied_to,
        measured={
            "answered_of_answerable": _share(apart[answerable], answer_from),
            "answered_of_unanswerable": _share(unanswerable, answer_from),
            "answered_of_off_topic": _share(apart[off_topic], answer_from),
        },
    )


def _cut(probabilities: NDArray[np.float64], share: float) -> float:
    """Return the lowest cut that lets at most this share of the probabilities through."""
    if not len(probabilities):
        return 0.0
    falling = np.sort(probabilities)[::-1]
    return float(np.nextafter(falling[int(share * len(falling))], 1.0))


def _share(probabilities: NDArray[np.float64], cut: float) -> float:
    """Return the share at or above the cut; 0 where there is nothing that could be."""
    return float(np.mean(probabilities >= cut)) if len(probabilities) else 0.0
