"""Visitors come, ask and leave, for a quarter of an hour: does the server's memory grow?"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from benchmarks.crowd import Order, Seen, run
from benchmarks.options import Options
from benchmarks.questions import bank_questions
from benchmarks.result import Cell, Result
from benchmarks.serving import serving

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_VISITORS = 20
_READING_S = 1.0
_SAMPLE_S = 10.0
_QUICK_S = 8.0
_LEAST_MINUTES = 3


def measure(options: Options) -> list[Result]:
    """Keep twenty visitors coming and going and read the server's memory every ten seconds."""
    questions = bank_questions(options.built)
    seconds = _QUICK_S if options.quick else options.minutes * 60
    with serving(options.built, options.content) as page:
        print(f"{seconds / 60:.1f} minutes ...", file=sys.stderr)
        seen = run(
            Order(
                url=page.url,
                pid=page.pid,
                visitors=2 if options.quick else _VISITORS,
                pattern="passing",
                questions=questions,
                seconds=seconds,
                every_s=_READING_S,
                memory_every_s=1.0 if options.quick else _SAMPLE_S,
            )
        )
    return [summary(seen), _course(seen)]


@dataclass(frozen=True, slots=True)
class Slope:
    """MB a minute by which memory grew, and half the width of its 95 % interval; NaN if unknown."""

    mb_a_minute: float
    half_width: float


def slope_of(sampled: Sequence[tuple[float, float]]) -> Slope:
    """Return how memory grew in the second half: a line of least squares through its minutes.

    `sampled` holds seconds and MB. Each whole minute counts once, by its mean: samples of some
    seconds' distance resemble each other, and taken as independent they would make the interval
    (Student's, minutes less two degrees of freedom) far too narrow. Fewer than three whole minutes
    tell nothing.
    """
    minutes = _minutes(sampled)
    if len(minutes) < _LEAST_MINUTES:
        return Slope(math.nan, math.nan)
    from scipy.stats import t  # type: ignore[import-untyped]

    middle, level = fmean(at for at, _ in minutes), fmean(held for _, held in minutes)
    spread = sum((at - middle) ** 2 for at, _ in minutes)
    slope = sum((at - middle) * held for at, held in minutes) / spread
    left = sum((held - level - slope * (at - middle)) ** 2 for at, held in minutes)
    free = len(minutes) - 2
    return Slope(slope, float(t.ppf(0.975, free)) * math.sqrt(left / free / spread))


def _minutes(sampled: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return mean minute and mean MB of each whole minute of the second half."""
    if not sampled:
        return []
    end = sampled[-1][0]
    half = end / 2
    blocks: dict[int, list[tuple[float, float]]] = {}
    for seconds, held in sampled:
        if seconds >= half:
            blocks.setdefault(int((seconds - half) // 60), []).append((seconds / 60, held))
    whole = [block for number, block in blocks.items() if half + (number + 1) * 60 <= end]
    return [(fmean(at for at, _ in block), fmean(held for _, held in block)) for block in whole]


def summary(seen: Seen) -> Result:
    """Say how many came and what became of memory."""
    held = [rss for _, rss in seen.sampled]
    wrong = ", ".join(sorted(seen.errors)) or "none"
    slope = slope_of(seen.sampled)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("minutes", seen.seconds / 60),
        ("visits", seen.visits),
        ("searches", len(seen.replies_s)),
        ("searches/s", len(seen.replies_s) / seen.seconds),
        ("errors", sum(seen.errors.values())),
        ("RSS before anybody came, MB", seen.before.rss),
        ("RSS half-way, MB", held[len(held) // 2]),
        ("RSS at the end, MB", held[-1]),
        ("largest RSS, MB", max(held)),
        ("slope of the second half, MB/min", slope.mb_a_minute),
        ("± of its 95 % interval, MB/min", slope.half_width),
        ("lower end of its 95 % interval, MB/min", slope.mb_a_minute - slope.half_width),
    )
    return Result(
        name="soak",
        title="Visitors come, ask three questions each and leave",
        columns=("what", "figure"),
        rows=rows,
        notes=(
            "A line of least squares through the second half: by then all that is loaded on first"
            " use is there, and so are as many sessions as Streamlit keeps. Each whole minute"
            " counts once, by its mean, because samples next to each other are alike.",
            "Growth is shown where the whole interval lies above 0; an interval that holds 0 shows"
            " no growth larger than its upper end.",
            f"Errors: {wrong}.",
        ),
        draw=lambda figure: _draw(figure, seen),
    )


def _course(seen: Seen) -> Result:
    return Result(
        name="soak_memory",
        title="The server's memory during the soak",
        columns=("minute", "RSS MB"),
        rows=tuple((seconds / 60, held) for seconds, held in seen.sampled),
    )


def _draw(figure: Figure, seen: Seen) -> None:
    axes = figure.subplots()
    axes.plot([seconds / 60 for seconds, _ in seen.sampled], [held for _, held in seen.sampled])
    axes.set(xlabel="minutes", ylabel="RSS of the server, MB", ylim=(0, None))
    axes.set_title(f"{seen.visits:,} visits, {len(seen.replies_s):,} searches")
    axes.grid(visible=True, alpha=0.3)
