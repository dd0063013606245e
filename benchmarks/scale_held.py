"""What Python holds of an opened generation, by the line of the project that made it."""

from __future__ import annotations

import gc
import tracemalloc
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks.options import ROOT
from benchmarks.scale_run import StandIn, timed
from benchmarks.synthetic import MISTYPED, asked
from index.generation import assemble, read_generation

_FRAMES = 8  # deep enough to find the project's line behind a library's
_NUMPY = 389047  # the domain under which numpy tells tracemalloc of its arrays


@dataclass(frozen=True, slots=True)
class Objects:
    """What Python and numpy allocated and still hold, MB of 2 ** 20 bytes.

    `lines` says it for each line of the project that is the nearest to an allocation, numpy's
    arrays apart from the rest: `opened` after opening, `searched` after questions without slips.
    """

    python_mb: float
    arrays_mb: float
    opened: dict[str, float]
    searched: dict[str, float]


def objects(folder: Path, questions: int) -> Objects:
    """Open the generation in a folder, ask so many questions, and say which lines hold what."""
    tracemalloc.start(_FRAMES)
    stored = read_generation(folder)
    encoder = StandIn(stored.manifest.encoder)
    index = assemble(stored, encoder)
    del stored  # nobody who serves keeps it
    opened = _held()
    texts, vectors = asked(folder)
    # Those without a slip: tracing the millions of objects of the dictionary takes minutes.
    sound = [i for i in range(len(texts)) if i % MISTYPED][:questions]
    timed(index, encoder, [texts[i] for i in sound], vectors[sound])
    searched = _held()
    tracemalloc.stop()
    arrays = sum(mb for line, mb in opened.items() if line.startswith("array, "))
    return Objects(sum(opened.values()) - arrays, arrays, opened, searched)


def _held() -> dict[str, float]:
    """Return what each line of the project holds, in MB."""
    gc.collect()
    snapshot = tracemalloc.take_snapshot()
    held: defaultdict[str, int] = defaultdict(int)
    for is_array in (False, True):
        only = snapshot.filter_traces([tracemalloc.DomainFilter(is_array, _NUMPY)])
        # Together first: there are millions of traces, and few places.
        for place in only.statistics("traceback"):
            held[("array, " if is_array else "") + _line(place.traceback)] += place.size
    return {line: size / 2**20 for line, size in held.items()}


def _line(frames: tracemalloc.Traceback) -> str:
    """Name the innermost line of the project among the frames, or where there is none, "other"."""
    for frame in reversed(frames):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT / "index"):
            return f"{path.relative_to(ROOT).as_posix()}:{frame.lineno}"
    return "other"
