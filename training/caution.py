"""Fits the models that recognise questions of caution, and praise, by their vectors."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from core.text.normalize import normalize_query
from index.intent.aspects import aspect_of, is_caution
from index.intent.caution_model import FILE, CautionModel, Linear
from ingest.build.splitter import context
from training.data import IN, QUESTIONS, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from core.encoders.reference import SentenceEncoder

CAUTION, POLARITY = "caution.csv", "polarity.csv"
# Of the answered questions of the calibrate split that no pattern knows, so many are taken for
# questions of caution: some are, and others lose their answer where no passage speaks of caution.
# That is rare in a collection of articles, but not in a single article with a bank.
_TAKEN, _TAKEN_WITH_BANK = 0.10, 0.03
# Rows that a writer labelled count more than rows that only the patterns label.
_WRITTEN, _REGULARISATION = 10.0, 1.0
# Of the passages of praise that the model was not fitted on, so many pass for caution.
_PRAISE, _FOLDS = 0.05, 8


class Rows(NamedTuple):
    """Questions, whether each asks for caution, and its writer: "" for one that patterns label."""

    texts: list[str]
    cautious: NDArray[np.bool_]
    writers: NDArray[np.str_]


def read_answered() -> list[str]:
    """Read the answered questions of the calibrate split that no pattern decides about."""
    found = (r for r in read_table(QUESTIONS) if (r["split"], r["kind"]) == ("calibrate", IN))
    aspects = ((r["question"], aspect_of(normalize_query(r["question"]))) for r in found)
    return [question for question, aspect in aspects if not (aspect and aspect.decides)]


def read_rows() -> Rows:
    """Read the writers' questions, and those of the train split as the patterns label them."""
    found = [
        *((r["question"], r["kind"] == "caution", r["writer"]) for r in read_table(CAUTION)),
        *((r["question"], True, r["writer"]) for r in read_table(POLARITY)),
        *(
            (r["question"], is_caution(r["question"]), "")
            for r in read_table(QUESTIONS)
            if r["split"] == "train"
        ),
    ]
    texts, cautious, writers = zip(*found, strict=True)
    return Rows(list(texts), np.array(cautious), np.array(writers))


def fit(
    encoder: SentenceEncoder,
    rows: Rows,
    answered: Sequence[str],
    report: Callable[[str], None] = lambda _line: None,
) -> CautionModel:
    """Fit the model; its cuts come from the `answered` questions, which it was not fitted on."""
    vectors = encoder.encode([normalize_query(text) for text in rows.texts])
    known = np.array([is_caution(text) for text in rows.texts])
    model = _fitted(vectors, rows, np.ones(len(known), dtype=bool))
    usual = model.decision_function(encoder.encode([normalize_query(text) for text in answered]))
    cut, cut_with_bank = map(float, np.quantile(usual, [1 - _TAKEN, 1 - _TAKEN_WITH_BANK]))
    held_out = np.full(len(known), np.nan)
    for writer in sorted(set(rows.writers) - {""}):
        own = rows.writers == writer
        held_out[own] = _fitted(vectors[~own], rows, ~own).decision_function(vectors[own])
    written = rows.writers != ""
    for kind, of_kind in (("caution", rows.cautious), ("other", ~rows.cautious)):
        asked = written & of_kind
        by_cut = [(known[asked] | (held_out[asked] >= c)).mean() for c in (cut, cut_with_bank)]
        report(
            f"{kind}: {known[asked].mean():.3f} recognised by patterns, {by_cut[0]:.3f} with the "
            f"model, {by_cut[1]:.3f} beside a bank, "
            f"of {asked.sum()} questions of writers it was not fitted on"
        )
    return CautionModel(
        encoder=encoder.info.sha256,
        questions=_linear(model, cut),
        cut_with_bank=cut_with_bank,
        passages=fit_passages(encoder, read_table(POLARITY), report),
    )


def fit_passages(
    encoder: SentenceEncoder,
    pairs: Sequence[dict[str, str]],
    report: Callable[[str], None] = lambda _line: None,
) -> Linear:
    """Fit the model of passages to pairs of caution and praise about the same treatment."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    texts = [
        context(pair["treatment"], ()) + pair[kind]
        for kind in ("answers", "opposite")
        for pair in pairs
    ]
    vectors = encoder.encode(texts)
    is_caution = np.repeat([True, False], len(pairs))
    model = LogisticRegression(C=_REGULARISATION, max_iter=2000)
    logits = cross_val_predict(
        model,
        vectors,
        is_caution,
        groups=np.tile(np.arange(len(pairs)), 2),
        cv=GroupKFold(min(_FOLDS, len(pairs))),
        method="decision_function",
    )
    cut = float(np.quantile(logits[~is_caution], 1 - _PRAISE))
    report(
        f"passages: {(logits[is_caution] >= cut).mean():.3f} of caution and "
        f"{(logits[~is_caution] >= cut).mean():.3f} of praise, held out, are taken for caution"
    )
    return _linear(model.fit(vectors, is_caution), cut)


def _linear(model: Any, cut: float) -> Linear:
    return Linear(
        coefficients=tuple(round(float(c), 4) for c in model.coef_[0]),
        intercept=float(model.intercept_[0]),
        cut=cut,
    )


def write(model: CautionModel, path: Path = FILE) -> None:
    """Write the model as JSON."""
    path.write_text(json.dumps(asdict(model)) + "\n", encoding="utf-8")


def _fitted(vectors: NDArray[np.float32], rows: Rows, chosen: NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression

    weights = np.where(rows.writers[chosen] == "", 1.0, _WRITTEN)
    model = LogisticRegression(C=_REGULARISATION, max_iter=2000)
    return model.fit(vectors, rows.cautious[chosen], sample_weight=weights)
