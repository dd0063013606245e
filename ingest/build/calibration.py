"""Teaches the decision on the question bank: no question ever helps to judge itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.findings import Finding
from core.models.logistic_regression import fit_logistic, stratified_folds
from core.types import BankRow, BankRowKind, Outcome
from index.bank.bank import LeftOut
from index.bank.question_bank import FILE_NAME
from index.bank.route_cards import OFF_TOPIC
from index.intent.aspects import is_caution
from index.search.answer_model import FEATURES, AnswerFeatures, AnswerModel
from index.search.decision import decide_without_bank
from index.search.features import extract_features
from index.search.fusion import DEFAULT_WEIGHTS, Weights
from index.search.prepared_query import PreparedQuery, prepare_query
from index.search.ranking import Candidate, nearest, rank
from index.store.generations import OpenIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.build.articles import Progress

# Raised when the same bank would be calibrated differently: it is part of a generation's id.
CALIBRATION_VERSION = 4
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
    """A question of the bank, and the passages ranked for it by their own words only.

    `near` are the passages nearest to it, as `index.search.ranking.nearest` returns them.
    """

    query: PreparedQuery
    candidates: Sequence[Candidate]
    near: NDArray[np.int64]


def questions_of(rows: Iterable[BankRow]) -> list[BankRow]:
    """Return what patients asked, without words of vocabulary and route cards."""
    return [row for row in rows if row.kind is BankRowKind.QUESTION]


def ask(
    index: OpenIndex,
    rows: Sequence[BankRow],
    progress: Progress = lambda rows, _total, _what: rows,
    *,
    weights: Weights = DEFAULT_WEIGHTS,
) -> list[Asked]:
    """Ask the passages alone the questions of bank rows: the bank says nothing to their ranking."""
    queries = [prepare_query(index, row.text, correct_spelling=False) for row in rows]
    # Comparing vectors takes the most time of a search, and needs one thread for each question.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = list(threads.map(lambda query: nearest(index, query), queries))
    pairs = progress(list(zip(queries, found, strict=True)), len(rows), "Asking the passages alone")
    return [
        Asked(query, rank(index, query, boosts={}, weights=weights, near=near), near)
        for query, near in pairs
    ]


def calibrate(
    index: OpenIndex, left_out: LeftOut, asked: Sequence[Asked]
) -> tuple[AnswerModel | None, tuple[Finding, ...]]:
    """Calibrate on the questions of the index's own bank; return it, and warnings for the editor.

    A bank with too few questions of either kind gives None: the model for any content then decides.
    """
    rows = questions_of(index.bank.rows)
    calibration = calibrate_on(index, left_out, asked)
    warnings = _may_be_answered(index, rows, asked)
    if calibration is None and rows:
        answerable = sum(bool(row.sections) for row in rows)
        too_few = _warning(
            f"{answerable} answerable and {len(rows) - answerable} other questions; "
            f"{MIN_QUESTIONS} of each are needed to calibrate, so the model for any content "
            "decides what is an answer"
        )
        warnings = (too_few, *warnings)
    return calibration, warnings


def calibrate_on(index: OpenIndex, left_out: LeftOut, asked: Sequence[Asked]) -> AnswerModel | None:
    """Calibrate on the questions of the index's bank, asked in its order; None for too few."""
    rows = questions_of(index.bank.rows)
    answerable = sum(bool(row.sections) for row in rows)
    if min(answerable, len(rows) - answerable) < MIN_QUESTIONS:
        return None
    features = left_out_features(index, left_out, asked)
    return fit_decision(features, rows, index.manifest.tied_to)


def _warning(problem: str) -> Finding:
    return Finding("warning", "calibrate", problem, FILE_NAME, where=FILE_NAME)


def _may_be_answered(
    index: OpenIndex, rows: Sequence[BankRow], asked: Sequence[Asked]
) -> tuple[Finding, ...]:
    """Name the bank's questions without an answer that passages now seem to answer.

    "Seem": without a bank they would be answered. Questions of caution are decided by words.
    """
    return tuple(
        _warning(f"may be answered now, by {question.candidates[0].id}: {row.text}")
        for row, question in zip(rows, asked, strict=True)
        if not row.sections
        and not is_caution(row.text)
        and decide_without_bank(index, question.query, question.candidates) is Outcome.ANSWER
    )


def left_out_features(
    index: OpenIndex, left_out: LeftOut, asked: Sequence[Asked]
) -> list[AnswerFeatures]:
    """Return the features of the bank's questions, each as if the bank did not hold it."""
    features = []
    for row, question in zip(np.flatnonzero(index.bank.questions), asked, strict=True):
        similarities = question.query.bank_similarities.astype(np.float64)
        similarities[row] = -1.0
        features.append(
            extract_features(
                index,
                replace(question.query, bank_similarities=similarities),
                question.candidates,
                votes=left_out.outcome_votes[row],
                itself=index.bank.rows[int(row)],
            )
        )
    return features


def fit_decision(
    features: Sequence[AnswerFeatures], rows: Sequence[BankRow], tied_to: Mapping[str, str]
) -> AnswerModel:
    """Fit the logistic model and its cuts; the cuts come from predictions out of fold.

    Questions of caution that nothing answers teach the model nothing: words decide them before it
    does. They count among the questions that are not answered, as if their probability were 0.
    """
    taught = [i for i, row in enumerate(rows) if row.sections or not is_caution(row.text)]
    by_words = np.zeros(len(rows) - len(taught))
    rows = [rows[i] for i in taught]
    matrix = np.stack([features[i].as_row() for i in taught])
    answerable = np.array([bool(row.sections) for row in rows])
    off_topic = np.array([row.route == OFF_TOPIC for row in rows])
    apart = _out_of_fold(matrix, answerable)
    unanswerable = np.concatenate([apart[~answerable & ~off_topic], by_words])
    answer_from = max(_cut(unanswerable, _FALSE_ANSWERS), _cut(apart[off_topic], 0.0))
    related_from = min(float(np.quantile(apart[answerable], _LOST_ANSWERS)), 0.9 * answer_from)
    model = fit_logistic(matrix, answerable, c=_REGULARISATION)
    return AnswerModel(
        features=FEATURES,
        means=tuple(map(float, model.means)),
        scales=tuple(map(float, model.scales)),
        coefficients=tuple(map(float, model.coefficients)),
        intercept=model.intercept,
        answer_from=answer_from,
        related_from=related_from,
        tied_to=tied_to,
        measured={
            "answered_of_answerable": _share(apart[answerable], answer_from),
            "answered_of_unanswerable": _share(unanswerable, answer_from),
            "answered_of_off_topic": _share(apart[off_topic], answer_from),
        },
    )


def _out_of_fold(matrix: NDArray[np.float64], answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return each row's probability by a model that was fitted to the rows of other folds."""
    apart = np.zeros(len(matrix))
    fold_of = stratified_folds(answerable, _FOLDS)
    for fold in range(_FOLDS):
        others = fold_of != fold
        model = fit_logistic(matrix[others], answerable[others], c=_REGULARISATION)
        apart[~others] = model.probabilities(matrix[~others])
    return apart


def _cut(probabilities: NDArray[np.float64], share: float) -> float:
    """Return the lowest cut that lets at most this share of the probabilities through."""
    if not len(probabilities):
        return 0.0
    falling = np.sort(probabilities)[::-1]
    return float(np.nextafter(falling[int(share * len(falling))], 1.0))


def _share(probabilities: NDArray[np.float64], cut: float) -> float:
    """Return the share at or above the cut; 0 where there is nothing that could be."""
    return float(np.mean(probabilities >= cut)) if len(probabilities) else 0.0
