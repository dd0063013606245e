"""An encoder that encodes each text once: folds ask the same questions again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.types import Encoder, EncoderInfo


class RememberingEncoder:
    """Another encoder's vectors, kept in memory for as long as this object lives."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def info(self) -> EncoderInfo:
        """Say which encoder this is."""
        return self._encoder.info

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors: float32, shape (len(texts), dimension), in the order of `texts`."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        if not texts:
            return np.zeros((0, self.info.dimension), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text."""
        return self._encoder.count_tokens(texts)
