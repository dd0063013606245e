"""Provide an encoder whose vectors a reader can compute."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.types import Encoded, EncoderInfo

VOCABULARY = ("neck", "back", "needle", "pain", "blood", "sleep", "stiff", "hurt")


class BagOfWordsEncoder:
    """An encoder whose vectors a reader can compute: counts of eight words, made a unit vector.

    A text with none of them points in a direction of its own, the ninth.
    """

    def __init__(self, name: str = "word-counts", sha256: str = "0" * 64) -> None:
        self.info = EncoderInfo(name, sha256, len(VOCABULARY) + 1, 40)
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        rows = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = re.findall(r"[a-z]+", text.lower())
            row[:-1] = [words.count(word) for word in VOCABULARY]
            row[-1] = not row.any()
        lengths: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / lengths

    def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Of whole texts only: this encoder has no vectors of word pieces."""
        nothing = np.zeros((0, 0), dtype=np.float32)
        return [Encoded(v, nothing, np.zeros(0, dtype=np.int32)) for v in self.encode(texts)]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]
