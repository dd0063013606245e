"""Recognise questions of caution whose words no pattern knows, by the vector of the question.

The model is fitted by `python -m training caution` on questions of caution and others about the
same treatments, and shipped. It is tied by its hash to the encoder that made the vectors; with any
other encoder the patterns of `index.intent.aspects` are alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.intent.aspects import Aspect, aspect_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = Path(__file__).with_name("caution_model.json")


@dataclass(frozen=True, slots=True)
class CautionModel:
    """A logistic regression over the vector of a question: logit = intercept + coefficients . x.

    `coefficients` has shape (dimension,). From the logit `cut` on, a question asks for caution;
    where a bank says which section answers what, from `cut_with_bank` on. `encoder` is the sha256
    of the encoder that it was fitted with.
    """

    encoder: str
    coefficients: tuple[float, ...]
    intercept: float
    cut: float
    cut_with_bank: float

    def recognises(self, vector: NDArray[np.float32], *, has_bank: bool) -> bool:
        """Say whether a question asks for caution; its unit vector has shape (dimension,)."""
        logit = float(self.intercept + vector @ np.array(self.coefficients))
        return logit >= (self.cut_with_bank if has_bank else self.cut)


@cache
def caution_model(encoder_sha256: str) -> CautionModel | None:
    """Return the shipped model for an encoder, None for one that it was not fitted with."""
    record = json.loads(FILE.read_text(encoding="utf-8"))
    model = CautionModel(**{**record, "coefficients": tuple(record["coefficients"])})
    return model if model.encoder == encoder_sha256 else None


def aspect_in(
    normalized: str, vector: NDArray[np.float32], *, encoder_sha256: str, has_bank: bool
) -> Aspect | None:
    """Return what a normalised question wants to know: by its words, else by its unit vector.

    `vector` is made by the encoder with that hash: float32, shape (dimension,). `has_bank` says
    whether the article that is nearest has labelled questions.
    """
    if aspect := aspect_of(normalized):
        return aspect
    model = caution_model(encoder_sha256)
    return Aspect.CAUTION if model and model.recognises(vector, has_bank=has_bank) else None
