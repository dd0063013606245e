"""The whole search at 1,000 to 1,000,000 views: disk, opening, memory, time and where it goes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.result import Result, middle_and_late
from benchmarks.scale_held import Objects, objects
from benchmarks.scale_run import PARTS, REST, Opened, run
from benchmarks.synthetic import Steps, make
from benchmarks.vector_ways import apart

if TYPE_CHECKING:
    from benchmarks.options import Options
    from benchmarks.result import Cell

_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_QUICK_SIZES = _SIZES[:2]
_TRACED = 50  # questions
_LINES = 14
_LEAST_MB = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured of one generation of so many views."""

    views: int
    made: Steps
    opened: Opened
    held: Objects


def measure(options: Options) -> list[Result]:
    """Make, open and search a generation of each size, one after another.

    Each in processes of its own, because of the memory: up to 6 GB, and as much on the disk.
    """
    sizes = _QUICK_SIZES if options.quick else _SIZES
    found = [measured(views, options.built) for views in sizes]
    return tables(found)


def measured(views: int, built: Path) -> Measured:
    """Measure a generation of so many views, whose files are removed afterwards.

    `built` names the generation from which the bank is taken.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "generation"
        folder.mkdir()
        _say(f"{views:,} views: making")
        made: Steps = apart(make, folder, views, built)
        _say(f"{views:,} views: searching")
        opened: Opened = apart(run, folder)
        _say(f"{views:,} views: looking at what is held")
        held: Objects = apart(objects, folder, _TRACED)
    return Measured(views, made, opened, held)


def tables(found: Sequence[Measured]) -> list[Result]:
    """Lay out what was measured, by rising numbers of views."""
    return [_whole(found), _parts(found), _memory(found), _files(found), _making(found)]


def _whole(found: Sequence[Measured]) -> Result:
    rows = tuple(_row(one) for one in found)
    asked = len(found[0].opened.times_ms)
    return Result(
        name="scale",
        title="The whole search by the number of views",
        columns=(
            *(
                "views",
                "disk_mb",
                "open_s",
                "hashes_s",
                "assemble_s",
                "opened_rss_mb",
                "opened_own_mb",
            ),
            *("searched_rss_mb", "searched_own_mb", "search_p50_ms", "search_p95_ms"),
            *("again_p50_ms", "again_p95_ms", "first_ms"),
        ),
        rows=rows,
        notes=(
            "Synthetic articles: 8 views a passage, 8 passages an article, words by Zipf's and"
            " Heaps' laws, vectors as in the table `vectors`; the bank is the real one.",
            f"{asked:,} questions of 3 to 8 words of a passage, every tenth mistyped, with a vector"
            " near that passage; encoding is not part of the time.",
            "open_s: reading, checking every file and putting together, which alone is assemble_s;"
            " hashes_s: the hashes of the files once more. The files had just been written, so they"
            " were in memory already.",
            "MB of 2 ** 20 bytes. RSS counts mapped pages of files, which the system may take back;"
            " own counts only what is of no file. With all it imports and without an index the"
            f" process has {found[0].opened.before_mb:.0f} MB.",
            "search: the first round of the questions, with every page of a mapped file that they"
            " need taken into the process; again: the same ones once more.",
            "first_ms: the first search, mistyped, which loads what spelling needs.",
        ),
        draw=lambda figure: _draw(figure, found),
    )


def _row(one: Measured) -> tuple[Cell, ...]:
    opened = one.opened
    return (
        *(one.views, sum(opened.files_mb.values())),
        *(opened.read_s + opened.assemble_s, opened.hashes_s, opened.assemble_s),
        *(opened.opened_mb, opened.opened_own_mb, opened.searched_mb, opened.searched_own_mb),
        *(*middle_and_late(opened.times_ms), *middle_and_late(opened.again_ms)),
        opened.first_ms,
    )


def _parts(found: Sequence[Measured]) -> Result:
    return _by_size(
        "scale_parts",
        "Where the time of a search goes, ms (median)",
        "part",
        {one.views: one.opened.parts_ms for one in found},
        names=(*PARTS, REST),
        notes=(
            "Timed in a third round of the same questions. A part counts without the other parts"
            " that it calls; medians do not add up to the median of the whole.",
        ),
    )


def _memory(found: Sequence[Measured]) -> Result:
    """Show the lines that hold most where there are most views."""
    held = {one.views: {**_sums(one.held), **_lines(one.held)} for one in found}
    most = held[found[-1].views]
    lines = sorted((line for line in most if ".py" in line), key=lambda line: -most[line])
    large = [line for line in lines[:_LINES] if most[line] >= _LEAST_MB]
    return _by_size(
        "scale_objects",
        "What Python holds by the line that made it, MB",
        "line",
        held,
        names=(*_sums(found[0].held), *large),
        notes=(
            f"tracemalloc, in a process of its own, after opening; 'searches' is what {_TRACED}"
            " questions without a slip added: the first slip loads a dictionary, of at most 20,000"
            " words (first_ms and searched_own_mb of the table `scale` have it).",
            "Arrays are numpy's, counted where they are copies of their own. What lies in mapped"
            " files or in Arrow's memory is not counted; files of less than 64 MB are read whole.",
        ),
    )


def _sums(held: Objects) -> dict[str, float]:
    return {
        "all Python objects": held.python_mb,
        "all arrays": held.arrays_mb,
        "added by searches": sum(held.searched.values()) - sum(held.opened.values()),
    }


def _lines(held: Objects) -> dict[str, float]:
    added = {
        f"searches, {line}": mb - held.opened.get(line, 0.0) for line, mb in held.searched.items()
    }
    return {**held.opened, **added}


def _files(found: Sequence[Measured]) -> Result:
    files = {one.views: one.opened.files_mb for one in found}
    names = sorted({name for one in files.values() for name in one})
    return _by_size("scale_files", "Size on disk, MB", "file", files, names=names)


def _making(found: Sequence[Measured]) -> Result:
    peak = "memory at most, MB"
    made = {one.views: {**one.made.seconds, peak: one.made.peak_mb} for one in found}
    return _by_size(
        "scale_making",
        "Making a generation without an encoder, s",
        "step",
        made,
        names=(*found[0].made.seconds, peak),
        notes=("Embedding, which takes longest in an ingest, is not among the steps.",),
    )


def _by_size(
    name: str,
    title: str,
    what: str,
    figures: Mapping[int, Mapping[str, float]],
    *,
    names: Sequence[str],
    notes: tuple[str, ...] = (),
) -> Result:
    """Make a table with a row for each name and a column for each number of views."""
    return Result(
        name=name,
        title=title,
        columns=(what, *(f"{views:,} views" for views in figures)),
        rows=tuple((row, *(one.get(row) for one in figures.values())) for row in names),
        notes=notes,
    )


def _draw(figure: Any, found: Sequence[Measured]) -> None:
    """Draw the time of a search, and opening and memory, against the views, on log axes."""
    views = [one.views for one in found]
    searching, opening = figure.subplots(1, 2)
    times = [middle_and_late(one.opened.times_ms) for one in found]
    searching.plot(views, [time[0] for time in times], marker="o", c="black", label="search, p50")
    searching.plot(
        views, [time[1] for time in times], marker=".", c="black", ls=":", label="search, p95"
    )
    again = [middle_and_late(one.opened.again_ms)[0] for one in found]
    searching.plot(views, again, marker="o", c="grey", label="the same again, p50")
    for name in (*PARTS, REST):
        parts = [max(one.opened.parts_ms[name], 1e-3) for one in found]
        searching.plot(views, parts, lw=1, marker=".", label=name)
    searching.set(xlabel="views", ylabel="ms, without encoding")
    curves = {
        "on disk, MB": [sum(one.opened.files_mb.values()) for one in found],
        "RSS after searches, MB": [one.opened.searched_mb for one in found],
        "of it of no file, MB": [one.opened.searched_own_mb for one in found],
        "Python objects when opened, MB": [one.held.python_mb for one in found],
        "opening, s": [one.opened.read_s + one.opened.assemble_s for one in found],
    }
    for name, values in curves.items():
        opening.plot(views, values, marker="o", label=name)
    opening.set(xlabel="views")
    for axes in (searching, opening):
        axes.set(xscale="log", yscale="log")
        axes.legend(fontsize=6, loc="upper left")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
