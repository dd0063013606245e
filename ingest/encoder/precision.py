"""Chooses bfloat16 for embedding passages where it is faster and the vectors agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.encoders.reference import SentenceEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Encoder

# Fewer texts are embedded sooner than the bfloat16 copy of the model is made and checked.
LEAST_TEXTS = 1_000
# The least cosine of a sample. MiniLM reaches 0.9999, and the search results are then the same
# (docs/benchmarks.md, "Measured once").
LEAST_COSINE = 0.999
_SAMPLES = 16


def passage_encoder(encoder: Encoder, texts: Sequence[str]) -> Encoder:
    """Return the encoder for these texts: the given one, or its copy in bfloat16.

    A sample of short and long texts is encoded by both first.
    """
    if not isinstance(encoder, SentenceEncoder) or len(texts) < LEAST_TEXTS:
        return encoder
    faster = encoder.in_bfloat16()
    if faster is None:
        return encoder
    ordered = sorted(texts, key=len)
    last = len(ordered) - 1
    sample = [ordered[last * number // (_SAMPLES - 1)] for number in range(_SAMPLES)]
    cosines = (faster.encode(sample) * encoder.encode(sample)).sum(axis=1)
    return faster if float(cosines.min()) >= LEAST_COSINE else encoder
