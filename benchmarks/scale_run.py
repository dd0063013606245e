"""Opening and searching a generation in a process of its own: time, memory, and what takes it."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

import numpy as np

from benchmarks.processes import memory
from benchmarks.synthetic import asked
from index import ranking
from index import search as searching
from index.generation import Index, assemble, read_generation
from index.manifest import record_file
from index.search import search
from index.types import EncoderInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# The parts of a search, in its order. Each counts without the other parts that it calls.
PARTS = (
    *("spelling", "bank", "words", "vectors: nearest", "candidates", "vectors: scores"),
    *("fusion and order", "outcome", "results"),
)
REST = "the rest"
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Opened:
    """What it took to open a generation and to ask it all of its questions once.

    Seconds, milliseconds, MB of 2 ** 20 bytes. `before_mb` is the process with all it imports;
    `own` are those pages that are of no file. `again_ms` are the same questions in a second round,
    `parts_ms` medians of a third one for each of PARTS and REST.
    """

    hashes_s: float
    read_s: float
    assemble_s: float
    before_mb: float
    opened_mb: float
    opened_own_mb: float
    searched_mb: float
    searched_own_mb: float
    first_ms: float
    times_ms: tuple[float, ...]
    again_ms: tuple[float, ...]
    parts_ms: dict[str, float]
    files_mb: dict[str, float]


class StandIn:
    """An encoder that gives one vector for every text: the one that `now` is."""

    def __init__(self, info: EncoderInfo) -> None:
        self.info = info
        self.now = np.zeros(info.dimension, np.float32)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return as many copies of `now` as there are texts."""
        return np.tile(self.now, (len(texts), 1))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(text.split()) for text in texts]


class Stopwatch:
    """Adds up the time that functions take, each without the watched ones that it calls."""

    def __init__(self) -> None:
        self.took_s: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def watch(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is timed under this name."""

        def watched(*arguments: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            begun = time.perf_counter()
            try:
                return work(*arguments, **named)
            finally:
                took = time.perf_counter() - begun
                self.took_s[name] += took - self._inside.pop()
                if self._inside:
                    self._inside[-1] += took

        return watched


def run(folder: Path) -> Opened:
    """Open the generation in a folder and search it, question by question."""
    import faiss  # noqa: F401  what it weighs by itself is not what is measured

    before = memory(os.getpid()).rss
    begun = time.perf_counter()
    stored = read_generation(folder)
    read_s = time.perf_counter() - begun
    encoder = StandIn(stored.manifest.encoder)
    index = assemble(stored, encoder)
    assemble_s = time.perf_counter() - begun - read_s
    opened = memory(os.getpid()).rss, _own_mb()
    questions, vectors = asked(folder)
    first_ms, *_ = timed(index, encoder, questions[:1], vectors)
    times = timed(index, encoder, questions, vectors)
    searched = memory(os.getpid()).rss, _own_mb()
    again = timed(index, encoder, questions, vectors)
    parts = _parts(index, encoder, questions, vectors)
    begun = time.perf_counter()
    for name in stored.manifest.files:
        record_file(folder / name)
    return Opened(
        hashes_s=time.perf_counter() - begun,
        read_s=read_s,
        assemble_s=assemble_s,
        before_mb=before,
        opened_mb=opened[0],
        opened_own_mb=opened[1],
        searched_mb=searched[0],
        searched_own_mb=searched[1],
        first_ms=first_ms,
        times_ms=tuple(times),
        again_ms=tuple(again),
        parts_ms=parts,
        files_mb=_files(folder),
    )


def timed(
    index: Index, encoder: StandIn, questions: Sequence[str], vectors: NDArray[np.float32]
) -> list[float]:
    """Return how long each search took, in milliseconds."""
    took = []
    for question, vector in zip(questions, vectors, strict=False):
        encoder.now = vector
        begun = time.perf_counter()
        search(index, question)
        took.append((time.perf_counter() - begun) * 1000)
    return took


def _parts(
    index: Index, encoder: StandIn, questions: Sequence[str], vectors: NDArray[np.float32]
) -> dict[str, float]:
    """Return the median time of each part of a search, in milliseconds."""
    took: dict[str, list[float]] = {name: [] for name in (*PARTS, REST)}
    watch = Stopwatch()
    with watched(index, watch) as other:
        for question, vector in zip(questions, vectors, strict=True):
            watch.took_s.clear()
            (whole,) = timed(other, encoder, [question], vector[None, :])
            for name in PARTS:
                took[name].append(watch.took_s[name] * 1000)
            took[REST].append(whole - sum(watch.took_s.values()) * 1000)
    return {name: float(np.median(times)) for name, times in took.items()}


@contextmanager
def watched(index: Index, watch: Stopwatch) -> Iterator[Index]:
    """Give an index whose parts are timed; so are, meanwhile, the steps of every search."""
    steps = [
        (searching, "section_boosts", "bank"),
        (searching, "rank", "fusion and order"),
        (searching, "outcome_of", "outcome"),
        (searching, "_result", "results"),
        (ranking, "_candidates", "candidates"),
    ]
    vectors = SimpleNamespace(
        search=watch.watch("vectors: nearest", index.vectors.search),
        scores=watch.watch("vectors: scores", index.vectors.scores),
    )
    lexical = SimpleNamespace(
        normalized_bm25=watch.watch("words", index.lexical.normalized_bm25),
        knows=index.lexical.knows,
    )
    speller = SimpleNamespace(correct=watch.watch("spelling", index.speller.correct))
    with ExitStack() as stack:
        for module, name, part in steps:
            work = watch.watch(part, getattr(module, name))
            stack.enter_context(patch.object(module, name, work))
        yield replace(
            index,
            vectors=cast("Any", vectors),
            lexical=cast("Any", lexical),
            speller=cast("Any", speller),
        )


def _files(folder: Path) -> dict[str, float]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size / 2**20
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _own_mb() -> float:
    """Return how much of this process's memory is of no file, in MB."""
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024
