"""Passages embedded in bfloat16 against the same ones in float32: what is found, and how fast."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.light import agreeing, outside_questions
from benchmarks.questions import bank_questions
from benchmarks.result import Cell, Result
from index.encoder import DEFAULT_NAME, load_encoder
from index.errors import UsageError
from index.manifest import BFLOAT16, FLOAT32
from index.search import search
from index.store import open_index
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.options import Options

_ROUNDS = 3
_QUICK_VIEWS, _QUICK_QUESTIONS = 40, 8


def measure(options: Options) -> Result:
    """Embed the views of an index in both, and ask both what is asked of the bank and outside.

    Raises UsageError on a processor without instructions for bfloat16.
    """
    index = open_index(options.built)
    name = index.manifest.encoder.name
    encoder = load_encoder("" if name == DEFAULT_NAME else name)
    faster = encoder.in_bfloat16()
    if faster is None:
        raise UsageError(
            "There is nothing to compare: everything is embedded in float32 here.",
            expected="a processor with instructions for bfloat16 (AVX-512 BF16 or AMX)",
            found="one without",
        )
    texts = index.views.texts("text")
    asked = {"bank": bank_questions(options.built), "outside the bank": outside_questions()}
    rounds = _ROUNDS
    if options.quick:
        texts, rounds = texts[:_QUICK_VIEWS], 1
        asked = {source: questions[:_QUICK_QUESTIONS] for source, questions in asked.items()}
    exact, exact_s = _embedded(encoder.encode, texts, rounds)
    short, short_s = _embedded(faster.encode, texts, rounds)
    cosines = np.sum(exact * short, axis=1, dtype=np.float64)
    rows: list[tuple[Cell, ...]] = [
        ("cosine to float32, least", float(cosines.min())),
        ("cosine to float32, mean", float(cosines.mean())),
        ("throughput to float32's", exact_s / short_s),
    ]
    if not options.quick:  # which has vectors of some views only
        one, other = (replace(index, vectors=VectorIndex(vectors)) for vectors in (exact, short))
        for source, questions in asked.items():
            found = [[search(own, question) for question in questions] for own in (one, other)]
            names = ("same first", "same five in order", "same outcome")
            for what, share in zip(names, agreeing(found[1], found[0]), strict=True):
                rows.append((f"{source}: {what}", share))
    counted = " and ".join(f"{len(questions):,} ({name})" for name, questions in asked.items())
    return Result(
        name="precision",
        title=f"Passages embedded in {BFLOAT16} against {FLOAT32}",
        columns=("what", "figure"),
        rows=tuple(rows),
        notes=(
            f"{len(texts):,} views of {len(index.passages):,} passages; shares of {counted}"
            " questions, encoded by what serves.",
            f"Throughput: medians of {rounds} rounds, one after the other.",
        ),
    )


def _embedded(
    encode: Callable[[Sequence[str]], NDArray[np.float32]], texts: Sequence[str], rounds: int
) -> tuple[NDArray[np.float32], float]:
    """Return vectors, and the median of the seconds that they took."""
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        vectors = encode(texts)
        took.append(time.perf_counter() - begun)
    return vectors, median(took)
