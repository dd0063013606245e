"""Visitors come, ask and leave, for a quarter of an hour: does the server's memory grow?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
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


def slope_mb_a_minute(sampled: Sequence[tuple[float, float]]) -> float:
    """Return by how many MB a minute memory grew in the second half, as a line of least squares.

    `sampled` holds seconds and MB. NaN when the second half has fewer than two samples.
    """
    half = sampled[-1][0] / 2 if sampled else 0.0
    second = [(seconds / 60, held) for seconds, held in sampled if seconds >= half]
    if len(second) < 2:
        return float("nan")
    middle = sum(minutes for minutes, _ in second) / len(second)
    spread = sum((minutes - middle) ** 2 for minutes, _ in second)
    return sum((minutes - middle) * held for minutes, held in second) / spread


def summary(seen: Seen) -> Result:
    """Say how many came and what became of memory."""
    held = [rss for _, rss in seen.sampled]
    wrong = ", ".join(sorted(seen.errors)) or "none"
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
        ("slope of the second half, MB/min", slope_mb_a_minute(seen.sampled)),
    )
    return Result(
        name="soak",
        title="Visitors come, ask three questions each and leave",
        columns=("what", "figure"),
        rows=rows,
        notes=(
            "A line of least squares through the samples of the second half: by then all that is"
            " loaded on first use is there, and so are as many sessions as Streamlit keeps.",
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
