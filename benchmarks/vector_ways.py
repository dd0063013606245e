"""Building and searching an index of vectors in a process of its own, and what that took."""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.clusters import Shape, blocks, queries
from benchmarks.processes import memory
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSION = 384
K = 200  # the nearest views that a search asks for (index/ranking.py)
EXACT, OWN = "exact", "short forms first"
_VECTORS, _INDEX, _OWN = "vectors.f32", "index.faiss", "own"
_TRAINED_ON, _ROUNDS = 32, 10  # vectors of the sample for each list, rounds of k-means
_BLOCK = 1 << 16

Nearest = Callable[["NDArray[np.float32]"], "NDArray[np.int64]"]


@dataclass(frozen=True, slots=True)
class Built:
    """What it took to build an index and to write it, in seconds and MB (10 ** 6 bytes).

    `peak_mb` counts every page of the process, also those of the mapped file of vectors.
    """

    build_s: float
    peak_mb: float
    file_mb: float


@dataclass(frozen=True, slots=True)
class Searched:
    """What it took to search an index, and the part of the exact answer that it found.

    MB are those that the process grew by: once it was opened, and after all queries.
    """

    p50_ms: float
    p95_ms: float
    recall_10: float
    recall_200: float
    opened_mb: float
    used_mb: float


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do it in a fresh process, whose memory is its own, and return what it returned."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        return process.submit(work, *arguments).result()


def draw(folder: Path, rows: int, shape: Shape) -> None:
    """Draw the vectors that all sizes are the beginning of, into a file."""
    with (folder / _VECTORS).open("wb") as file:
        for block in blocks(rows, DIMENSION, shape):
            file.write(block.tobytes())


def ask(folder: Path, rows: int, count: int, shape: Shape) -> None:
    """Draw queries among the first `rows` vectors, and find what is nearest to each of them."""
    vectors = _vectors(folder, rows)
    asked = queries(vectors, count, shape)
    scores = np.zeros((count, 0), np.float32)
    found = np.zeros((count, 0), np.int64)
    for start in range(0, rows, _BLOCK):
        block = asked @ vectors[start : start + _BLOCK].T
        here = np.broadcast_to(np.arange(start, start + block.shape[1]), block.shape)
        scores = np.concatenate([scores, block], axis=1)
        found = np.concatenate([found, here], axis=1)
        keep = np.argpartition(-scores, min(K, scores.shape[1]) - 1, axis=1)[:, :K]
        scores = np.take_along_axis(scores, keep, axis=1)
        found = np.take_along_axis(found, keep, axis=1)
    order = np.argsort(-scores, axis=1, kind="stable")
    np.savez(_asked(folder, rows), asked=asked, nearest=np.take_along_axis(found, order, axis=1))


def build_own(folder: Path, rows: int, exact: bool) -> Built:
    """Build the product's own index of the first `rows` vectors, and write it."""
    vectors = _vectors(folder, rows)
    begun = time.perf_counter()
    index = VectorIndex(vectors, exact_up_to=rows if exact else 0)
    build_s = time.perf_counter() - begun
    own = folder / _OWN
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    index.write(own)
    return Built(build_s, _peak_mb(), sum(path.stat().st_size for path in own.iterdir()) / 1e6)


def build(folder: Path, rows: int, factory: str) -> Built:
    """Build an index as faiss's factory calls it, of the first `rows` vectors, and write it."""
    faiss = _faiss()
    vectors = _vectors(folder, rows)
    begun = time.perf_counter()
    index = faiss.index_factory(DIMENSION, factory, faiss.METRIC_INNER_PRODUCT)
    sample = min(rows, 1 << 18)
    if factory.startswith("IVF"):
        index.cp.niter, index.cp.min_points_per_centroid = _ROUNDS, 1
        sample = min(rows, _TRAINED_ON * index.nlist)
    chosen = np.random.default_rng(0).choice(rows, sample, replace=False)
    index.train(vectors[np.sort(chosen)])
    for start in range(0, rows, _BLOCK):
        index.add(np.ascontiguousarray(vectors[start : start + _BLOCK]))
    build_s = time.perf_counter() - begun
    faiss.write_index(index, str(folder / _INDEX))
    return Built(build_s, _peak_mb(), (folder / _INDEX).stat().st_size / 1e6)


def search_own(folder: Path, rows: int, count: int) -> Searched:
    """Search what `build_own` wrote, with the first `count` queries."""

    def opened() -> Nearest:
        index = VectorIndex.read(folder / _OWN)
        return lambda query: index.search(query, K)

    return _searched(folder, rows, count, opened)


def search(folder: Path, rows: int, count: int, setting: str, fetch: int) -> Searched:
    """Search what `build` wrote, compare the `fetch` best exactly and keep the best of them."""

    def opened() -> Nearest:
        faiss = _faiss()
        vectors = _vectors(folder, rows)
        file = np.memmap(folder / _INDEX, dtype=np.uint8, mode="r")
        index = faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(file), file.size))
        if setting:
            faiss.ParameterSpace().set_index_parameters(index, setting)

        def nearest(
            query: NDArray[np.float32], _file: NDArray[np.uint8] = file
        ) -> NDArray[np.int64]:
            found: NDArray[np.int64] = index.search(query[None, :], min(fetch, rows))[1][0]
            found = found[found >= 0]
            scores = np.einsum("ij,j->i", vectors[found], query)
            return found[np.lexsort((found, -scores))[:K]]

        return nearest

    return _searched(folder, rows, count, opened)


def _searched(folder: Path, rows: int, count: int, opened: Callable[[], Nearest]) -> Searched:
    """Open, search query by query on one thread, and compare with what is nearest."""
    _faiss().omp_set_num_threads(1)
    kept = np.load(_asked(folder, rows))
    asked, truth = kept["asked"][:count], kept["nearest"][:count]
    empty_mb = _resident_mb()
    nearest = opened()
    opened_mb = _resident_mb() - empty_mb
    took_ms, hits_10, hits_200 = [], 0, 0
    for query, best in zip(asked, truth, strict=True):
        begun = time.perf_counter()
        found = nearest(query)
        took_ms.append((time.perf_counter() - begun) * 1000)
        hits_10 += len(np.intersect1d(found[:10], best[:10]))
        hits_200 += len(np.intersect1d(found, best))
    return Searched(
        p50_ms=float(np.percentile(took_ms, 50)),
        p95_ms=float(np.percentile(took_ms, 95)),
        recall_10=hits_10 / truth[:, :10].size,
        recall_200=hits_200 / truth.size,
        opened_mb=opened_mb,
        used_mb=_resident_mb() - empty_mb,
    )


def _vectors(folder: Path, rows: int) -> NDArray[np.float32]:
    return np.memmap(folder / _VECTORS, dtype=np.float32, mode="r", shape=(rows, DIMENSION))


def _asked(folder: Path, rows: int) -> Path:
    return folder / f"asked-{rows}.npz"


def _resident_mb() -> float:
    return memory(os.getpid()).rss * 1.048576


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _faiss() -> Any:
    import faiss  # untyped, because its types do not know all of it

    return faiss
