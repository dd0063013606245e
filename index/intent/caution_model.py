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

    `coefficients` has shape (dimension,). From the logit `cut` on, a question asks for caution.
    `encoder` is the sha256 of the encoder that it was fitted with.
    """

    encoder: str
    coefficients: tuple[float, ...]
    intercept: float
    cut: float

    def recognises(self, vector: NDArray[np.float32]) -> bool:
        """Say whether a question asks for caution; its unit vector has shape (dimension,)."""
        return float(self.intercept + vector @ np.array(self.coefficients)) >= self.cut


@cache
def caution_model(encoder_sha256: str) -> CautionModel | None:
    """Return the shipped model for an encoder, None for one that it was not fitted with."""
    record = json.loads(FILE.read_text(encoding="utf-8"))
    model = CautionModel(**{**record, "coefficients": tuple(record["coefficients"])})
    return model if model.encoder == encoder_sha256 else None


def aspect_in(
    normalized: str, vector: NDArray[np.float32], *, encoder_sha256: str
) -> Aspect | None:
    """Return what a normalised question wants to know: by its words, else by its unit vector.

    `vector` is made by the encoder with that hash: float32, shape (dimension,).
    """
    if aspect := aspect_of(normalized):
        return aspect
    model = caution_model(encoder_sha256)
    return Aspect.CAUTION if model and model.recognises(vector) else None
