"""The whole search at 1,000 to 1,000,000 views: disk, opening, memory, time and recall."""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.harness.options import Options
from benchmarks.harness.processes import memory
from benchmarks.harness.result import Result, Table, percentiles, table_of
from benchmarks.harness.synthetic_index import QUESTIONS, K, make, questions_of
from core.process import limit_blas_threads
from core.types import Encoded
from index.search.pipeline import search
from index.store.opened import OpenIndex, open_generation
from index.store.record import read_generation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import EncoderInfo

_MILLION = 1_000_000
_SIZES = (1_000, 10_000, 100_000, _MILLION)
_DEPTH = 200  # the nearest views that a search asks for (index/search/ranking.py)


class ReadyVectors:
    """An encoder that gives one vector for every text: `next_vector`."""

    def __init__(self, info: EncoderInfo) -> None:
        self.info = info
        self.next_vector = np.zeros(info.dimension, np.float32)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return as many copies of `next_vector` as there are texts."""
        return np.tile(self.next_vector, (len(texts), 1))

    def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Return the same of each text, with a unit vector for each word."""
        encoded = []
        for text in texts:
            words = len(text.split())
            tokens = np.ones((words, self.info.token_dimension), np.float32)
            tokens /= max(1, self.info.token_dimension) ** 0.5
            encoded.append(Encoded(self.next_vector, tokens, np.arange(words, dtype=np.int32)))
        return encoded

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(text.split()) for text in texts]


def measure(options: Options) -> Result:
    """Make, open and search a generation of each size, one after another.

    Each in processes of its own, because of the memory: up to 6 GB, and as much on the disk.
    """
    rows = []
    for views in _SIZES[:2] if options.quick else _SIZES:
        print(f"{views:,} views ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "generation"
            folder.mkdir()
            made = _in_process(timed_make, folder, views, options.built)
            rows.append({"views": views, **_in_process(run, folder), **made})
    return compared(rows)


def compared(rows: Sequence[dict[str, float]]) -> Result:
    """Lay out what was measured, by rising size."""
    table = table_of(
        "The whole search by the number of views",
        rows,
        "Synthetic articles: 8 views a passage, 8 passages an article, words as common as they are"
        " in English, vectors distributed like real ones; the bank is the real bank.",
        f"{QUESTIONS} questions of 3 to 8 words of a passage, every tenth mistyped, with a vector"
        " near that passage. Encoding is not part of the time.",
        "open: reading and checking every file, from the system's cache. MB of 2^20 bytes: RSS"
        " counts mapped pages of files, which the system may take back; own does not.",
        f"nearest: the {_DEPTH} nearest views alone, one query at a time; recall against a"
        " comparison with every vector. first: the first search, mistyped, which loads what"
        " spelling needs. made: the generation without encoding, and the most memory for it.",
    )
    figures = {
        f"a million views: {figure}": row[column]
        for row in rows
        if row["views"] == _MILLION
        for figure, column in (
            (f"recall@{K}", f"recall@{K}"),
            ("the nearest, p50 ms", "nearest p50 ms"),
            ("search without encoding, p50 ms", "search p50 ms"),
            ("search without encoding, p95 ms", "search p95 ms"),
            ("opening, s", "open s"),
        )
    }
    return Result((table,), figures, lambda figure: _draw(figure, table))


def timed_make(folder: Path, views: int, built: Path) -> dict[str, float]:
    """Make a generation; return the seconds and the most MB that this process has held."""
    begun = time.perf_counter()
    make(folder, views, built)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"made s": time.perf_counter() - begun, "made MB": peak_mb}


def run(folder: Path) -> dict[str, float]:
    """Open the generation in a folder, ask it all of its questions, and return the figures."""
    limit_blas_threads()  # as the page does
    begun = time.perf_counter()
    stored = read_generation(folder)
    encoder = ReadyVectors(stored.manifest.encoder)
    index = open_generation(stored, encoder)
    open_s = time.perf_counter() - begun
    gc.collect()
    gc.freeze()  # as the page does
    opened_mb, opened_own_mb = _resident_mb()
    questions, vectors, expected = questions_of(folder)
    first_ms = _searched(index, encoder, questions[:1], vectors)[0]
    search_ms = percentiles(_searched(index, encoder, questions, vectors))
    searched_mb, searched_own_mb = _resident_mb()
    took, hits = [], 0
    for vector, best in zip(vectors, expected, strict=True):
        begun = time.perf_counter()
        found = index.vectors.search(vector, _DEPTH)
        took.append((time.perf_counter() - begun) * 1000)
        hits += len(np.intersect1d(found[:K], best))
    nearest_ms = percentiles(took)
    return {
        "disk MB": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 2**20,
        "open s": open_s,
        "opened RSS MB": opened_mb,
        "opened own MB": opened_own_mb,
        "searched RSS MB": searched_mb,
        "searched own MB": searched_own_mb,
        "search p50 ms": search_ms[0],
        "search p95 ms": search_ms[1],
        "nearest p50 ms": nearest_ms[0],
        "nearest p95 ms": nearest_ms[1],
        f"recall@{K}": hits / expected.size,
        "first ms": first_ms,
    }


def _searched(
    index: OpenIndex, encoder: ReadyVectors, questions: Sequence[str], vectors: NDArray[np.float32]
) -> list[float]:
    """Return the milliseconds of a search for each question."""
    took = []
    for question, vector in zip(questions, vectors, strict=False):
        encoder.next_vector = vector
        begun = time.perf_counter()
        search(index, question)
        took.append((time.perf_counter() - begun) * 1000)
    return took


def _resident_mb() -> tuple[float, float]:
    """Return this process's memory in MB: all of it, and the part that belongs to no file."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
    return memory(os.getpid()).rss, own / 1024


def _in_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do it in a fresh process, whose memory is its own, and return what it returned."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        return process.submit(work, *arguments).result()


def _draw(figure: Any, table: Table) -> None:
    """Draw time, and memory and disk, against the number of views, on log axes."""
    import pandas as pd

    rows = pd.DataFrame(table.rows, columns=table.columns)
    panels = {
        "ms, without encoding": ["search p50 ms", "search p95 ms", "nearest p50 ms"],
        "MB or s": ["disk MB", "searched RSS MB", "searched own MB", "open s"],
    }
    for axes, (label, columns) in zip(figure.subplots(1, 2), panels.items(), strict=True):
        rows.plot(x="views", y=columns, ax=axes, loglog=True, grid=True, marker="o", ylabel=label)
