"""Searching up to a million views: each way to do it, in time, memory, disk and what it misses."""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import vector_ways as ways
from benchmarks.clusters import VIEWS, Shape
from benchmarks.likeness import likeness
from benchmarks.peer_corpora import has_collection
from benchmarks.result import Cell, Result
from benchmarks.vector_ways import EXACT, OWN, Built, Searched, apart
from index.vectors import EXACT_UP_TO

if TYPE_CHECKING:
    from benchmarks.options import Options

# With the size at which the product changes from one way to the other (index/vectors.py).
_SIZES = (1_000, 10_000, EXACT_UP_TO, 100_000, 1_000_000)
_QUERIES, _FEW_QUERIES = 1_000, 200
_LONGEST_BUILD_S = 300.0
_SHAPE = Shape()


@dataclass(frozen=True, slots=True)
class _Way:
    """A kind of index as faiss's factory calls it, `{lists}` standing for as many as fit the size.

    `searched` are the ways to search it that are compared: faiss's setting, and how many of what
    it finds are compared exactly. One that is `slow` to build is left out where that takes long.
    """

    name: str
    factory: str
    searched: tuple[tuple[str, int], ...]
    slow: bool = False


def _every(name: str, values: Sequence[int], fetch: int) -> tuple[tuple[str, int], ...]:
    return tuple((f"{name}={value}", fetch) for value in values)


_WAYS = (
    _Way("lists (IVF), 8 bits", "IVF{lists},SQ8", _every("nprobe", (16, 64, 256), 400)),
    _Way(
        "graph (HNSW 32), 8 bits", "HNSW32,SQ8", _every("efSearch", (200, 400, 800), 400), slow=True
    ),
    _Way("graph (HNSW 32), 32 bits", "HNSW32,Flat", _every("efSearch", (200, 400), 200), slow=True),
    _Way("short, 96 bytes", "RR384,PQ192x4fs", (("", 400), ("", 1_000), ("", 2_000))),
    _Way("short, 64 bytes", "RR384,PQ128x4fs", (("", 1_000), ("", 2_000))),
    _Way("short, 48 bytes", "RR384,PQ96x4fs", (("", 2_000), ("", 4_000))),
    _Way("short, not rotated", "PQ192x4fs", (("", 1_000),)),
)
_QUICK_WAYS = tuple(way for way in _WAYS if not way.slow)
_FOUND = ("search_p50_ms", "search_p95_ms", "recall@10", "recall@200", "opened_mb", "used_mb")
_MADE = ("build_s", "build_peak_mb", "file_mb")


def measure(options: Options) -> list[Result]:
    """Measure the product's two ways, others to choose from, and how real the vectors are.

    Everything is built and searched in processes of their own, one after another, because of the
    memory. Files of up to 6 GB lie in a temporary folder meanwhile. Without a labelled collection
    nothing says how real the vectors are.
    """
    sizes = _SIZES[:-1] if options.quick else _SIZES
    count = _FEW_QUERIES if options.quick else _QUERIES
    is_compared = has_collection(options, "how real the vectors are (table vector_likeness)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _say(f"drawing {sizes[-1]:,} vectors")
        ways.draw(folder, sizes[-1], _SHAPE)
        for size in sizes:
            apart(ways.ask, folder, size, count, _SHAPE)
        own = _own(folder, sizes, count)
        others = _others(folder, sizes, count, _QUICK_WAYS if options.quick else _WAYS)
    if not is_compared:
        return [own, others]
    _say("embedding real articles to compare with")
    return [own, others, apart(likeness, options, _SHAPE)]


def _own(folder: Path, sizes: Sequence[int], count: int) -> Result:
    rows: list[tuple[Cell, ...]] = []
    for size in sizes:
        for name in (EXACT, OWN):
            _say(f"{size:,}: {name}")
            built = apart(ways.build_own, folder, size, name == EXACT)
            # A search of everything takes the same time whatever is asked.
            few = min(count, _FEW_QUERIES) if name == EXACT and size >= 1_000_000 else count
            found = apart(ways.search_own, folder, size, few)
            rows.append((name, size, few, *_of_search(found), *_of_build(built)))
    return Result(
        name="vectors",
        title="The 200 nearest of so many views, as the product searches them",
        columns=("way", "views", "queries", *_FOUND, *_MADE),
        rows=tuple(rows),
        notes=(
            f"Synthetic vectors (table `vector_likeness`). A query is the mean of the {VIEWS} views"
            f" of a passage drawn at random, plus noise, at a cosine of {_SHAPE.query:g} to it.",
            "One query at a time on one thread; recall against a search of all, in this run.",
            "opened_mb and used_mb: what the process grew by when it opened the files, and after"
            " all queries; mapped pages of files count, and the system may take them back.",
            "build_peak_mb is the whole process, with mapped pages of the vectors it was given.",
        ),
        draw=lambda figure: _draw(figure, rows),
    )


def _others(folder: Path, sizes: Sequence[int], count: int, compared: Sequence[_Way]) -> Result:
    rows: list[tuple[Cell, ...]] = []
    for way in compared:
        before: tuple[int, float] | None = None
        for size in sizes:
            if way.slow and before and before[1] * size / before[0] > _LONGEST_BUILD_S:
                why = f"not built: {before[1]:.0f} s at {before[0]:,}"
                rows.append((way.name, size, why, *[None] * (1 + len(_FOUND) + len(_MADE))))
                continue
            _say(f"{size:,}: {way.name}")
            factory = way.factory.format(lists=_lists(size))
            built = apart(ways.build, folder, size, factory)
            before = (size, built.build_s)
            for setting, fetch in way.searched:
                found = apart(ways.search, folder, size, count, setting, fetch)
                told = f"{factory} {setting}".strip()
                rows.append((way.name, size, told, fetch, *_of_search(found), *_of_build(built)))
    return Result(
        name="vector_ways",
        title="Ways to find the 200 nearest of so many views",
        columns=("way", "views", "setting", "candidates", *_FOUND, *_MADE),
        rows=tuple(rows),
        notes=(
            "The same vectors and queries as in the table `vectors`.",
            "Candidates are compared exactly in the mapped vectors, which the time includes.",
            "k-means of the lists: ten rounds on 32 vectors for each list.",
            "Short: product quantisation in parts of four bits after a random rotation, all of them"
            " looked at (faiss calls it fast scan).",
            "Builds use every processor; the product's own uses one, to be always the same.",
            f"Not built: what took more than {_LONGEST_BUILD_S:.0f} s if it grew with the size.",
        ),
    )


def _of_search(found: Searched) -> tuple[Cell, ...]:
    times = (found.p50_ms, found.p95_ms)
    return (*times, found.recall_10, found.recall_200, found.opened_mb, found.used_mb)


def _of_build(built: Built) -> tuple[Cell, ...]:
    return (built.build_s, built.peak_mb, built.file_mb)


def _lists(rows: int) -> int:
    return 1 << max(3, round(math.log2(4 * math.sqrt(rows))))


def _draw(figure: Any, rows: Sequence[tuple[Cell, ...]]) -> None:
    """Draw time and recall against the number of views, on log axes."""
    time_axes, recall_axes = figure.subplots(1, 2)
    for name in (EXACT, OWN):
        chosen = [row for row in rows if row[0] == name]
        sizes = [row[1] for row in chosen]
        time_axes.plot(sizes, [row[3] for row in chosen], marker="o", label=f"{name}, p50")
        time_axes.plot(sizes, [row[4] for row in chosen], marker=".", ls=":", label=f"{name}, p95")
        recall_axes.plot(sizes, [row[5] for row in chosen], marker="o", label=f"{name}, of 10")
        recall_axes.plot(sizes, [row[6] for row in chosen], marker=".", label=f"{name}, of 200")
    time_axes.set(xlabel="views", ylabel="search, ms", xscale="log", yscale="log")
    time_axes.axhline(10, color="grey", lw=0.8)
    recall_axes.set(xlabel="views", ylabel="recall", xscale="log", ylim=(0.9, 1.005))
    recall_axes.axhline(0.99, color="grey", lw=0.8)
    time_axes.legend(fontsize=8)
    recall_axes.legend(fontsize=8)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
