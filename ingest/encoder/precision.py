"""Chooses bfloat16 for embedding passages where it is faster and the vectors agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.encoders.reference import SentenceEncoder
from core.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.types import Encoder

# Fewer texts are embedded sooner than PyTorch and the model are loaded.
LEAST_TEXTS = 4_000
# The least cosine of a sample. MiniLM reaches 0.9999, and the search results are then the same
# (docs/benchmarks.md, "Measured once").
LEAST_COSINE = 0.999
_SAMPLES = 16


def passage_encoder(
    encoder: Encoder, load_reference: Callable[[], Encoder], texts: Sequence[str]
) -> Encoder:
    """Return the encoder for these texts: the one that serves, or the reference in bfloat16.

    A sample of short and long texts is encoded by both first. The reference is loaded for many
    texts only; where that is impossible, the serving encoder does it all, in more time.
    """
    if len(texts) < LEAST_TEXTS:
        return encoder
    try:
        faster = _in_bfloat16(load_reference())
    except EncoderError:  # PyTorch is not installed, for example
        faster = None
    if faster is None:
        return encoder
    ordered = sorted(texts, key=len)
    last = len(ordered) - 1
    sample = [ordered[last * number // (_SAMPLES - 1)] for number in range(_SAMPLES)]
    cosines = (faster.encode(sample) * encoder.encode(sample)).sum(axis=1)
    return faster if float(cosines.min()) >= LEAST_COSINE else encoder


def _in_bfloat16(reference: Encoder) -> Encoder | None:
    return reference.in_bfloat16() if isinstance(reference, SentenceEncoder) else None
