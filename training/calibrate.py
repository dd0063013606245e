"""Fits the answer model that is shipped, on the calibration articles."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from index.search.evidence import EVIDENCE, FILE, GeneralModel, evidence_of
from training.collection import ask, index_named
from training.data import FAR, IN, NEAR, read_material

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from core.encoders.reference import SentenceEncoder
    from training.data import Question

# Shares of the questions of each kind that may be answered, measured out of fold.
FALSE_ANSWERS, FAR_ANSWERS = 0.03, 0.0
# Related reading: for at most this share of far questions, unless more answers would be lost.
_FAR_RELATED, _LOST = 0.05, 0.10
# A clinic has one article or hundreds: questions are asked in collections of these sizes, 0 for
# all articles at once.
_SIZES = (1, 12, 0)
_REGULARISATION = 0.1
_FOLDS = 8


def calibrate(encoder: SentenceEncoder, report: Callable[[str], None]) -> GeneralModel:
    """Ask the calibration questions in collections of several sizes, and fit the model."""
    rows, kinds, topics = evidence_rows(encoder, report)
    model = fit(rows, kinds, topics, encoder.info.sha256)
    report(f"answers from a logit of {model.answer_from:.2f}, related {model.related_from:.2f}")
    return model


def evidence_rows(
    encoder: SentenceEncoder, report: Callable[[str], None]
) -> tuple[NDArray[np.float64], NDArray[np.str_], NDArray[np.str_]]:
    """Return the evidence for every calibration question, its kind and its topic.

    Float64 of shape (questions, len(EVIDENCE)), and two arrays of shape (questions,). Questions
    without a candidate, for example of caution where no passage speaks of it, are left out.
    """
    material = read_material(
        encoder.count_tokens, splits=["calibrate"], max_tokens=encoder.info.max_tokens
    )
    names = sorted({question.article for question in material.questions} - {""})
    rng = random.Random(0)  # noqa: S311
    rng.shuffle(names)
    far = [question for question in material.questions if question.kind == FAR]
    found: list[tuple[NDArray[np.float64], Question]] = []
    for size in _SIZES:
        step = size or len(names)
        for begin in range(0, len(names), step):
            part = names[begin : begin + step]
            index = index_named(part, encoder, lambda items, _number, _what: items)
            questions = [q for q in material.questions if q.article in part]
            questions += far if not size else rng.sample(far, min(len(far), len(questions) // 20))
            for one in ask(index, material, questions):
                explanation = one.explanation
                evidence = evidence_of(
                    index, explanation.query, explanation.candidates, explanation.ranked
                )
                if evidence is not None:
                    found.append((evidence.as_row(), one.question))
        report(f"asked in collections of {size or 'all'} articles: {len(found)} questions so far")
    return (
        np.stack([row for row, _ in found]),
        np.array([question.kind for _, question in found]),
        np.array(
            [
                material.groups.get(question.article, f"far {number % _FOLDS}")
                for number, (_, question) in enumerate(found)
            ]
        ),
    )


def fit(
    rows: NDArray[np.float64], kinds: NDArray[np.str_], topics: NDArray[np.str_], encoder: str
) -> GeneralModel:
    """Fit the model; its cuts come from predictions for topics that it was not fitted on."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=_REGULARISATION, max_iter=2000))
    is_in = kinds == IN
    logits = cross_val_predict(
        model, rows, is_in, groups=topics, cv=GroupKFold(_FOLDS), method="decision_function"
    )
    answer_from = max(
        float(np.quantile(logits[kinds == NEAR], 1 - FALSE_ANSWERS)),
        float(np.quantile(logits[kinds == FAR], 1 - FAR_ANSWERS)),
    )
    related_from = min(
        float(np.quantile(logits[kinds == FAR], 1 - _FAR_RELATED)),
        float(np.quantile(logits[is_in], _LOST)),
        answer_from,
    )
    model.fit(rows, is_in)
    scaler, logistic = (step for _, step in model.steps)
    coefficients = logistic.coef_[0] / scaler.scale_
    return GeneralModel(
        encoder=encoder,
        evidence=EVIDENCE,
        coefficients=tuple(map(float, coefficients)),
        intercept=float(logistic.intercept_[0] - scaler.mean_ @ coefficients),
        answer_from=answer_from,
        related_from=related_from,
    )


def write(model: GeneralModel, path: Path = FILE) -> None:
    """Write the model as JSON that people can read."""
    path.write_text(json.dumps(asdict(model), indent=1) + "\n", encoding="utf-8")
