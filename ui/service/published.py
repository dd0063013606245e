"""The engine of the page: it serves a folder of published generations."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import EncoderError
from ui.service import notice_service
from ui.service.engine import Answer, Engine

if TYPE_CHECKING:
    from pathlib import Path

    from core.types import Encoder
    from index.store.generations import OpenIndex


def engine_over(built: Path) -> Engine:
    """Make an engine over a folder of published generations; nothing is read yet."""

    def opened(encoder: Encoder | None) -> OpenIndex:
        from index.store.generations import open_index

        index = _with_exported_encoder(open_index(built, encoder=encoder), built)
        _limit_blas_threads()
        return index

    def published() -> str | None:
        from index.store.generations import current_generation

        return current_generation(built)

    def answered(index: OpenIndex, question: str) -> Answer:
        from core.encoders.caching import CachingEncoder
        from index.search.pipeline import search

        # Search and notices mostly encode the same text: once.
        encoder = CachingEncoder(index.encoder)
        response = search(replace(index, encoder=encoder), question)
        return Answer(response, notice_service.find(question, encoder.encode))

    def learned(index: OpenIndex) -> None:
        notice_service.learn(index)
        index.speller.make_ready()  # or the first typo would wait for it

    return Engine(open_index=opened, generation=published, search=answered, learn=learned)


def _with_exported_encoder(index: OpenIndex, built: Path) -> OpenIndex:
    """Return the index with its exported encoder in place of a predecessor's reference encoder.

    If the export cannot be opened, the reference stays; opening the index has logged that.
    """
    from core.encoders.onnx import FOLDER, GRAPH, OnnxEncoder

    is_exported = f"{FOLDER}/{GRAPH}" in index.manifest.files
    if not is_exported or isinstance(index.encoder, OnnxEncoder):
        return index
    with suppress(EncoderError):
        folder = built / index.generation / FOLDER
        return replace(index, encoder=OnnxEncoder(folder, index.manifest.encoder))
    return index


def _limit_blas_threads() -> None:
    """Have numpy use one thread per search.

    Its sums here are small: divided among threads they cost more than twice the processor time in
    waiting for each other, which other visitors would have used (docs/benchmarks.md).
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
