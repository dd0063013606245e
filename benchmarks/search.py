"""A whole search against the bare encoding of its question, pair by pair."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from benchmarks.harness.options import Options
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Result, Table, percentiles
from core.process import limit_blas_threads
from core.text.normalize import normalize_query
from index.search.pipeline import search
from index.store.generations import open_index

_ROUNDS = 5


def measure(options: Options) -> Result:
    """Time both, question by question in turn, with as many threads as the page uses."""
    limit_blas_threads()
    questions = bank_questions(options.built)
    questions = questions[:20] if options.quick else questions
    index = open_index(options.built)
    plain = [normalize_query(question) for question in questions]
    search(index, questions[0])  # loads what is loaded on first use
    encoding: list[float] = []
    searching: list[float] = []
    for _ in range(1 if options.quick else _ROUNDS):
        for question, words in zip(questions, plain, strict=True):
            encoding.append(_milliseconds(partial(index.encoder.encode, [words])))
            searching.append(_milliseconds(partial(search, index, question)))
    ratios = [whole / bare for whole, bare in zip(searching, encoding, strict=True)]
    table = Table(
        title="A whole search against the bare encoding of the same question",
        columns=("what", "p50", "p95"),
        rows=(
            ("bare encoding, ms", *percentiles(encoding)),
            ("whole search, ms", *percentiles(searching)),
            ("ratio, pairwise", *percentiles(ratios)),
        ),
        notes=(
            f"{len(ratios):,} pairs, {len(questions):,} questions of the bank over"
            f" {len(index.passages):,} passages and {len(index.views):,} views.",
        ),
    )
    return Result((table,), {"whole search to bare encoding, p50": percentiles(ratios)[0]})


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
