"""The third step of an ingest: texts become vectors, no text twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.encoders.caching import CachingEncoder
from index.store.manifest import BFLOAT16, FLOAT32
from ingest.encoder.precision import passage_encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.types import Encoder
    from ingest.build.articles import Progress
    from ingest.build.previous import PreviousGeneration

# Texts between two steps of the progress bar; the encoder makes batches of them.
_STEP = 512


def embed_views(
    texts: Sequence[str], encoder: Encoder, previous: PreviousGeneration, progress: Progress
) -> tuple[NDArray[np.float32], str]:
    """Return the vectors of the views' texts and the precision in which they were computed.

    The vectors are float32, shape (texts, dimension), in the order of the texts.
    """
    known = previous.view_vectors(encoder.info)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    embedding = passage_encoder(encoder, new)
    vectors = encode_all(texts, CachingEncoder(embedding, known), progress)
    if embedding is not encoder:
        return vectors, BFLOAT16
    return vectors, previous.precision if len(new) < len(set(texts)) else FLOAT32


def encode_all(
    texts: Sequence[str], encoder: CachingEncoder, progress: Progress, *, what: str = "Embedding"
) -> NDArray[np.float32]:
    """Return the vectors of many texts, in their order: float32, shape (texts, dimension)."""
    # Alike lengths together, so that little of a batch is padding.
    new = sorted(encoder.unknown(texts), key=len)
    steps = [new[i : i + _STEP] for i in range(0, len(new), _STEP)]
    for step in progress(steps, len(steps), what):
        encoder.encode(step)
    return encoder.encode(texts)
