"""The third step of an ingest: texts become vectors, no text twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.encoders.caching import CachingEncoder
from core.types import Passage, View, ViewKind
from index.store.manifest import BFLOAT16, FLOAT32
from index.vectors.token_vectors import PassageTokens, passage_tokens
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
    views: Sequence[View],
    passages: Sequence[Passage],
    encoder: Encoder,
    previous: PreviousGeneration,
    progress: Progress,
) -> tuple[NDArray[np.float32], list[PassageTokens], str]:
    """Embed all views, and the text of each passage piece by piece as well.

    Returns the views' vectors, float32, shape (views, dimension), the pieces of each passage, and
    the precision in which both were computed.
    """
    texts = [view.text for view in views]
    known = previous.view_vectors(encoder.info)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    embedding = passage_encoder(encoder, new)
    whole = [view for view in views if view.kind is ViewKind.TEXT]
    pieces = previous.passage_tokens(encoder.info)
    starts = {view.text: len(view.text) - len(passages[view.passage].text) for view in whole}
    unread = sorted((text for text in starts if text not in pieces), key=len)
    steps = [unread[i : i + _STEP] for i in range(0, len(unread), _STEP)]
    for step in progress(steps, len(steps), "Embedding passages"):
        for text, encoded in zip(step, embedding.encode_tokens(step), strict=True):
            pieces[text] = passage_tokens(encoded, starts[text])
            known.setdefault(text, encoded.vector)
    vectors = encode_all(texts, CachingEncoder(embedding, known), progress)
    precision = FLOAT32
    if embedding is not encoder:
        precision = BFLOAT16
    elif len(new) < len(set(texts)):
        precision = previous.precision
    return vectors, [pieces[view.text] for view in whole], precision


def encode_questions(
    questions: Sequence[str], encoder: CachingEncoder, progress: Progress
) -> NDArray[np.float32]:
    """Encode the texts of the bank piece by piece, as a search does, for all that follows.

    Returns their vectors, in their order: float32, shape (questions, dimension).
    """
    import numpy as np

    ordered = sorted(dict.fromkeys(questions), key=len)
    steps = [ordered[i : i + _STEP] for i in range(0, len(ordered), _STEP)]
    for step in progress(steps, len(steps), "Embedding the question bank"):
        encoder.encode_tokens(step)
    vectors = [encoded.vector for encoded in encoder.encode_tokens(questions)]
    return np.stack(vectors) if vectors else encoder.encode([])


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
