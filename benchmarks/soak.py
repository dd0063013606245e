"""Visitors come, ask and leave, for an hour: does the server's memory grow? Then many at once."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from benchmarks.harness.load_generator import Load, Observed, generate
from benchmarks.harness.options import Options
from benchmarks.harness.page_server import serving
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Result, Table, table_of

_VISITORS = 20
_READING_S = 1.0
_SAMPLE_S = 10.0
_QUICK_S = 8.0
_LEAST_MINUTES = 3
# Sessions that all end at once, and how long Streamlit keeps them (`disconnectedSessionTTL`).
_ABANDONED, _KEPT_S = 150, 75.0


class Slope(NamedTuple):
    """MB a minute by which memory grew, and half the width of its 95 % interval; NaN if unknown."""

    mb_per_minute: float
    half_width: float


def measure(options: Options) -> Result:
    """Keep twenty visitors coming and going, then let a crowd come and leave at once."""
    seconds = _QUICK_S if options.quick else options.minutes * 60
    questions = bank_questions(options.built)
    with serving(options.built, options.content) as page:
        print(f"{seconds / 60:.1f} minutes ...", file=sys.stderr)
        passing = Load(
            url=page.url,
            pid=page.pid,
            visitors=2 if options.quick else _VISITORS,
            questions=questions,
            seconds=seconds,
            every_s=_READING_S,
            passing=True,
            memory_every_s=1.0 if options.quick else _SAMPLE_S,
        )
        crowd = Load(
            url=page.url,
            pid=page.pid,
            visitors=3 if options.quick else _ABANDONED,
            questions=questions,
            seconds=_QUICK_S if options.quick else 30,
            every_s=15,
            rest_s=0.0 if options.quick else _KEPT_S,
        )
        return summary(generate(passing), generate(crowd))


def summary(observed: Observed, crowd: Observed) -> Result:
    """Lay out how the server's memory grew, and what was left of it after the crowd."""
    growth, figures = _growth(observed)
    left = crowd.after.rss / crowd.before.rss
    figures["150 abandoned sessions: memory afterwards to before"] = left
    moments = {"before": crowd.before, "with all of them": crowd.present, "afterwards": crowd.after}
    weights = table_of(
        f"{crowd.visits} sessions that are abandoned at once, after that",
        [{"moment": name, "RSS MB": held.rss} for name, held in moments.items()],
        f"Afterwards: {_KEPT_S:.0f} s after the last has left. Streamlit keeps a session for a"
        " minute.",
        f"Errors: {', '.join(sorted(crowd.errors)) or 'none'}.",
    )
    tables = (growth, weights)
    return Result(tables, figures, lambda figure: _draw(figure, observed.sampled))


def _growth(observed: Observed) -> tuple[Table, dict[str, float | None]]:
    held = [rss for _, rss in observed.sampled]
    slope = slope_of(observed.sampled)
    errors, least = sum(observed.errors.values()), slope.mb_per_minute - slope.half_width
    table = Table(
        title="Visitors come, ask three questions each and leave",
        columns=("what", "figure"),
        rows=(
            ("minutes", observed.seconds / 60),
            ("visits", observed.visits),
            ("searches", len(observed.replies_s)),
            ("searches/s", len(observed.replies_s) / observed.seconds),
            ("errors", errors),
            ("RSS before anybody came, MB", observed.before.rss),
            ("RSS half-way, MB", held[len(held) // 2]),
            ("RSS at the end, MB", held[-1]),
            ("largest RSS, MB", max(held)),
            ("slope of the second half, MB/min", slope.mb_per_minute),
            ("± of its 95 % interval, MB/min", slope.half_width),
            ("lower end of its 95 % interval, MB/min", least),
        ),
        notes=(
            "A line of least squares through the second half: by then everything that is loaded on"
            " first use is there, and so are as many sessions as Streamlit keeps. Each whole minute"
            " counts once, by its mean, because neighbouring samples are alike.",
            "Memory has grown for certain where the whole interval lies above 0.",
            f"Errors: {', '.join(sorted(observed.errors)) or 'none'}.",
        ),
    )
    return table, {
        "visitors who come and leave: errors": errors,
        "visitors who come and leave: least growth, MB/min": least,
    }


def slope_of(sampled: Sequence[tuple[float, float]]) -> Slope:
    """Return how memory grew in the second half: a line of least squares through its minutes.

    `sampled` holds seconds and MB. Each whole minute counts once, by its mean: samples a few
    seconds apart resemble each other, and as independent ones they would make the interval
    (Student's, minutes less two degrees of freedom) far too narrow. Fewer than three whole minutes
    say nothing.
    """
    from scipy.stats import t  # type: ignore[import-untyped]

    samples = pd.DataFrame(sampled, columns=["seconds", "mb"], dtype=float)
    end = samples["seconds"].max()
    later = samples[samples["seconds"] >= end / 2]
    minute = (later["seconds"] - end / 2) // 60
    whole = later[end / 2 + (minute + 1) * 60 <= end]
    means = whole.groupby(minute).mean()
    if len(means) < _LEAST_MINUTES:
        return Slope(math.nan, math.nan)
    minutes, mb = (means[name] - means[name].mean() for name in ("seconds", "mb"))
    minutes /= 60
    spread, free = (minutes**2).sum(), len(means) - 2
    slope = (minutes * mb).sum() / spread
    error = math.sqrt(((mb - slope * minutes) ** 2).sum() / free / spread)
    return Slope(slope, float(t.ppf(0.975, free)) * error)


def _draw(figure: Any, sampled: Sequence[tuple[float, float]]) -> None:
    axes = figure.subplots()
    axes.plot([seconds / 60 for seconds, _ in sampled], [held for _, held in sampled])
    axes.set(xlabel="minutes", ylabel="RSS of the server, MB", ylim=(0, None))
