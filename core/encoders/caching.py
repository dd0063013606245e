"""An encoder that encodes no text twice in the same way, for as long as it lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from core.types import Encoded, Encoder


class CachingEncoder:
    """Keeps every vector of another encoder in memory.

    Make a new one for each question, ingest or evaluation: no question outlives its search.
    `known` are vectors that the same encoder made before, by their texts: float32, shape
    (dimension,) each.
    """

    def __init__(
        self, encoder: Encoder, known: Mapping[str, NDArray[np.float32]] | None = None
    ) -> None:
        self._encoder = encoder
        self._vectors: dict[str, NDArray[np.float32]] = dict(known or {})
        self._encoded: dict[str, Encoded] = {}
        self.info = encoder.info
        self.count_tokens = encoder.count_tokens

    def unknown(self, texts: Sequence[str]) -> list[str]:
        """Return the texts that have no vector yet, each once, in their order."""
        return [text for text in dict.fromkeys(texts) if text not in self._vectors]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector per text: float32, shape (len(texts), dimension), same order."""
        import numpy as np

        new = self.unknown(texts)
        if new:
            self._vectors.update(zip(new, self._encoder.encode(new), strict=True))
        if not texts:
            return np.zeros((0, self.info.dimension), dtype=np.float32)
        return np.stack([self._vectors[text] for text in texts])

    def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts piece by piece as well, in their order."""
        new = [text for text in dict.fromkeys(texts) if text not in self._encoded]
        if new:
            self._encoded.update(zip(new, self._encoder.encode_tokens(new), strict=True))
            for text in new:  # a known vector stays what it was, to its last bits
                self._vectors.setdefault(text, self._encoded[text].vector)
        return [self._encoded[text] for text in texts]
