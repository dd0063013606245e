"""Recognise the product's notices, and cries for help, in words that no rule knows.

A network with one hidden layer over the vector of a text. `python -m training notices` fits it to
thousands of wordings (training/notices.csv) and ordinary questions; it is shipped, and tied by hash
to the encoder that made the vectors.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.language_tags import ENGLISH

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = Path(__file__).with_name("wording_model.npz")
CRY = "cry for help"
"""The kind of a text that asks about nothing, beside the ids of notices."""


@dataclass(frozen=True, slots=True)
class WordingModel:
    """logits = (max(0, vector @ hidden + hidden_bias)) @ output + output_bias.

    Float32, with shapes (dimension, units), (units,), (units, kinds) and (kinds,). `kinds` are ids
    of notices, and CRY; a text is of each kind whose logit reaches its cut in `cuts`, (kinds,).
    `encoder` is the sha256 of the encoder of the vectors.
    """

    encoder: str
    kinds: tuple[str, ...]
    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    output: NDArray[np.float32]
    output_bias: NDArray[np.float32]
    cuts: NDArray[np.float32]

    def logits(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits of texts: float32, shape (texts, kinds)."""
        units = np.maximum(vectors @ self.hidden + self.hidden_bias, 0)
        logits: NDArray[np.float32] = units @ self.output + self.output_bias
        return logits

    def kinds_of(self, vectors: NDArray[np.float32]) -> set[str]:
        """Return the kinds of any of these texts; `vectors` has shape (texts, dimension)."""
        found = (self.logits(vectors) >= self.cuts).any(axis=0)
        return {self.kinds[i] for i in np.flatnonzero(found)}

    def is_cry(self, vector: NDArray[np.float32]) -> bool:
        """Say whether the text of a vector, (dimension,), cries for help and asks nothing."""
        return CRY in self.kinds_of(vector[None, :])

    def save(self, path: Path = FILE) -> None:
        """Write the model; the weights are rounded to float16, which changes no decision."""
        with path.open("wb") as stream:
            np.savez_compressed(
                stream,
                allow_pickle=False,
                **{one.name: _stored(getattr(self, one.name)) for one in fields(self)},
            )


def _stored(value: str | tuple[str, ...] | NDArray[np.float32]) -> NDArray[np.generic]:
    return value.astype(np.float16) if isinstance(value, np.ndarray) else np.array(value)


@cache
def wording_model(encoder_sha256: str) -> WordingModel | None:
    """Return the shipped model for an encoder, None for one that it was not fitted with."""
    with FILE.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        if str(stored["encoder"]) != encoder_sha256:
            return None
        weights = {
            one.name: stored[one.name].astype(np.float32)
            for one in fields(WordingModel)
            if one.name not in ("encoder", "kinds")
        }
        return WordingModel(encoder_sha256, tuple(map(str, stored["kinds"])), **weights)


def model_for(language: str, encoder_sha256: str) -> WordingModel | None:
    """Return the shipped model for notices in a language, of which it knows English alone."""
    return wording_model(encoder_sha256) if language == ENGLISH else None
