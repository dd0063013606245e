"""Recognise what patterns cannot: questions of caution in other words, and praise as an answer.

Two models, each over a vector: of a question, whether it asks for caution; of a passage, whether it
gives caution and not praise. Both are fitted by `python -m training caution` and shipped, tied by
hash to the encoder that made the vectors; with any other encoder the patterns of
`index.intent.aspects` are alone.
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
class Linear:
    """A logistic regression over a vector: logit = intercept + coefficients . x.

    `coefficients` has shape (dimension,). From the logit `cut` on, it says yes.
    """

    coefficients: tuple[float, ...]
    intercept: float
    cut: float

    @property
    def weights(self) -> NDArray[np.float32]:
        """The coefficients: float32, shape (dimension,)."""
        return np.array(self.coefficients, dtype=np.float32)

    def logit(self, product: float) -> float:
        """Return the logit of a vector by its inner product with the weights."""
        return self.intercept + product


@dataclass(frozen=True, slots=True)
class CautionModel:
    """What was fitted with the encoder whose sha256 is `encoder`.

    `questions` says of a question's vector whether it asks for caution; where a bank says which
    section answers what, from the logit `cut_with_bank` on. `passages` says of the vector of a
    passage, with its title and headings, whether it gives caution.
    """

    encoder: str
    questions: Linear
    cut_with_bank: float
    passages: Linear

    def recognises(self, vector: NDArray[np.float32], *, has_bank: bool) -> bool:
        """Say whether a question asks for caution; its unit vector has shape (dimension,)."""
        cut = self.cut_with_bank if has_bank else self.questions.cut
        return self.questions.logit(float(vector @ self.questions.weights)) >= cut


@cache
def caution_model(encoder_sha256: str) -> CautionModel | None:
    """Return the shipped model for an encoder, None for one that it was not fitted with."""
    record = json.loads(FILE.read_text(encoding="utf-8"))
    linear = {name: Linear(**record[name]) for name in ("questions", "passages")}
    model = CautionModel(**{**record, **linear})
    return model if model.encoder == encoder_sha256 else None


def aspect_in(
    normalized: str, vector: NDArray[np.float32], *, encoder_sha256: str, has_bank: bool
) -> Aspect | None:
    """Return what a normalised question wants to know: by its words, else by its unit vector.

    Caution goes before the kind of answer that a question wants. `vector` is made by the encoder
    with that hash: float32, shape (dimension,). `has_bank` says whether the article that is nearest
    has labelled questions.
    """
    aspect = aspect_of(normalized)
    if aspect and aspect.decides:
        return aspect
    model = caution_model(encoder_sha256)
    return Aspect.CAUTION if model and model.recognises(vector, has_bank=has_bank) else aspect
