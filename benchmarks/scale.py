"""The whole search at 1,000 to 1,000,000 views: disk, opening, memory, time and recall."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.harness.options import Options
from benchmarks.harness.processes import memory
from benchmarks.harness.result import Result, Table, percentiles
from benchmarks.harness.synthetic_index import QUESTIONS, K, make, questions_of
from index.search.pipeline import search
from index.store.opened import OpenIndex, open_generation
from index.store.record import read_generation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import EncoderInfo

_MILLION = 1_000_000
_SIZES = (1_000, 10_000, 100_000, _MILLION)
_DEPTH = 200  # the nearest views that a search asks for (index/search/ranking.py)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one generation takes: seconds, milliseconds, MB of 2 ** 20 bytes.

    `own` MB are pages that belong to no file. `nearest_ms` is the search among the vectors alone;
    `recall` is the share of the K nearest views that it finds.
    """

    disk_mb: float
    open_s: float
    opened_mb: float
    opened_own_mb: float
    searched_mb: float
    searched_own_mb: float
    first_ms: float
    search_ms: tuple[float, ...]
    nearest_ms: tuple[float, ...]
    recall: float


class ReadyVectors:
    """An encoder that gives one vector for every text: `next_vector`."""

    def __init__(self, info: EncoderInfo) -> None:
        self.info = info
        self.next_vector = np.zeros(info.dimension, np.float32)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return as many copies of `next_vector` as there are texts."""
        return np.tile(self.next_vector, (len(texts), 1))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(text.split()) for text in texts]


def measure(options: Options) -> Result:
    """Make, open and search a generation of each size, one after another.

    Each in processes of its own, because of the memory: up to 6 GB, and as much on the disk.
    """
    sizes = _SIZES[:2] if options.quick else _SIZES
    made: list[tuple[int, float, float, Measured]] = []
    for views in sizes:
        print(f"{views:,} views ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "generation"
            folder.mkdir()
            made_s, made_mb = _in_process(timed_make, folder, views, options.built)
            made.append((views, made_s, made_mb, _in_process(run, folder)))
    return compared(made)


def compared(made: Sequence[tuple[int, float, float, Measured]]) -> Result:
    """Lay out views, seconds and MB of making, and what was measured, by rising size."""
    rows = tuple(
        (
            *(views, m.disk_mb, m.open_s, m.opened_mb, m.opened_own_mb),
            *(m.searched_mb, m.searched_own_mb, *percentiles(m.search_ms)),
            *(*percentiles(m.nearest_ms), m.recall, m.first_ms, made_s, made_mb),
        )
        for views, made_s, made_mb, m in made
    )
    table = Table(
        title="The whole search by the number of views",
        columns=(
            *("views", "disk MB", "open s", "opened RSS MB", "opened own MB"),
            *("searched RSS MB", "searched own MB", "search p50 ms", "search p95 ms"),
            *("nearest p50 ms", "nearest p95 ms", f"recall@{K}", "first ms"),
            *("made s", "made MB"),
        ),
        rows=rows,
        notes=(
            "Synthetic articles: 8 views a passage, 8 passages an article, words by Zipf's and"
            " Heaps' laws, vectors distributed like real ones; the bank is the real one.",
            f"{QUESTIONS} questions of 3 to 8 words of a passage, every tenth mistyped, with a"
            " vector near that passage. Encoding is not part of the time.",
            "open: reading and checking every file, from the system's cache. MB of 2^20 bytes: RSS"
            " counts mapped pages of files, which the system may take back; own does not.",
            f"nearest: the {_DEPTH} nearest views alone, one query at a time; recall against a"
            " comparison with every vector. first: the first search, mistyped, which loads what"
            " spelling needs. made: the generation without encoding, and the most memory for it.",
        ),
    )
    largest = next((m for views, _, _, m in made if views == _MILLION), None)
    figures = largest and {
        "a million views: recall@10": largest.recall,
        "a million views: the nearest, p50 ms": percentiles(largest.nearest_ms)[0],
        "a million views: search without encoding, p50 ms": percentiles(largest.search_ms)[0],
    }
    return Result((table,), figures or {}, lambda figure: _draw(figure, table))


def timed_make(folder: Path, views: int, built: Path) -> tuple[float, float]:
    """Make a generation; return the seconds and the most MB that this process has held."""
    begun = time.perf_counter()
    make(folder, views, built)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.perf_counter() - begun, peak_mb


def run(folder: Path) -> Measured:
    """Open the generation in a folder and ask it all of its questions."""
    begun = time.perf_counter()
    stored = read_generation(folder)
    encoder = ReadyVectors(stored.manifest.encoder)
    index = open_generation(stored, encoder)
    open_s = time.perf_counter() - begun
    opened = _resident_mb()
    questions, vectors, expected = questions_of(folder)
    (first_ms,) = _searched(index, encoder, questions[:1], vectors)
    search_ms = _searched(index, encoder, questions, vectors)
    searched = _resident_mb()
    nearest_ms, hits = [], 0
    for vector, best in zip(vectors, expected, strict=True):
        begun = time.perf_counter()
        found = index.vectors.search(vector, _DEPTH)
        nearest_ms.append((time.perf_counter() - begun) * 1000)
        hits += len(np.intersect1d(found[:K], best))
    return Measured(
        disk_mb=sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 2**20,
        open_s=open_s,
        opened_mb=opened[0],
        opened_own_mb=opened[1],
        searched_mb=searched[0],
        searched_own_mb=searched[1],
        first_ms=first_ms,
        search_ms=tuple(search_ms),
        nearest_ms=tuple(nearest_ms),
        recall=hits / expected.size,
    )


def _searched(
    index: OpenIndex, encoder: ReadyVectors, questions: Sequence[str], vectors: NDArray[np.float32]
) -> list[float]:
    """Search for each question; return the milliseconds of each."""
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
        "ms, without encoding": ("search p50 ms", "search p95 ms", "nearest p50 ms"),
        "MB or s": ("disk MB", "searched RSS MB", "searched own MB", "open s"),
    }
    for axes, (label, columns) in zip(figure.subplots(1, 2), panels.items(), strict=True):
        for column in columns:
            axes.plot(rows["views"], rows[column].astype(float), marker="o", label=column)
        axes.set(xlabel="views", ylabel=label, xscale="log", yscale="log")
        axes.legend(fontsize="small")
        axes.grid(visible=True, alpha=0.3)
