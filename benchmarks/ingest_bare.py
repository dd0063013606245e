"""The bare encoder, and the way to use it that encodes most texts a second."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.result import Result

BATCHES = (16, 32, 64, 128)
_BLOCK = max(BATCHES)


def bare(model: Any, texts: Sequence[str], batch: int) -> None:
    """Encode texts as sentence-transformers does by itself, which sorts them by length."""
    model.encode(list(texts), batch_size=batch, normalize_embeddings=True, show_progress_bar=False)


def sampled(texts: Sequence[str], blocks: int) -> list[str]:
    """Return so many blocks of texts of about one length, spread over all lengths.

    Batches of a block are padded as little as those of all texts, which are encoded by length;
    those of a sample drawn at random would be padded more, the more the larger they are.
    """
    by_length = sorted(texts, key=len)
    last = max(len(by_length) - _BLOCK, 0)
    starts = [last * (2 * number + 1) // (2 * blocks) for number in range(blocks)]
    return [text for start in starts for text in by_length[start : start + _BLOCK]]


def sweep(
    models: Mapping[str, Any], sample: Sequence[str], sweeps: int
) -> dict[tuple[str, int], list[float]]:
    """Return texts a second of each precision and batch size, all tried in turn."""
    found: dict[tuple[str, int], list[float]] = {}
    for _ in range(sweeps):
        for precision, model in models.items():
            for batch in BATCHES:
                begun = time.perf_counter()
                bare(model, sample, batch)
                rate = len(sample) / (time.perf_counter() - begun)
                found.setdefault((precision, batch), []).append(rate)
    return found


def table(swept: Mapping[tuple[str, int], Sequence[float]], texts: int) -> Result:
    """Lay out what `sweep` found with a sample of so many texts."""
    return Result(
        name="ingest_bare",
        title="Bare encoding by precision and size of batches",
        columns=("precision", "batch", "texts/s", "least", "most"),
        rows=tuple(
            (precision, batch, statistics.median(values), min(values), max(values))
            for (precision, batch), values in swept.items()
        ),
        notes=(
            f"sentence-transformers' own encode of {texts:,} of the texts that an ingest"
            f" embeds, in blocks of {_BLOCK} spread over their lengths; medians of"
            f" {len(next(iter(swept.values())))} rounds, all ways in turn.",
        ),
    )
