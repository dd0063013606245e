"""1 to 100 visitors at once, against the same page with a search that does nothing.

Each is a websocket of its own that speaks Streamlit's protocol (`benchmarks/session.py`); all of
them live in one process beside the server (`benchmarks/crowd.py`).
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.crowd import Order, Pattern, Seen, run
from benchmarks.options import Options
from benchmarks.questions import bank_questions
from benchmarks.result import Cell, Result, middle_and_late
from benchmarks.serving import Page, What, serving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_EVERY_S = 5.0
# Streamlit keeps the session of somebody who has gone for `disconnectedSessionTTL`, one minute.
_FORGOTTEN_S = 75.0
_ENGINES: tuple[What, ...] = ("nothing", "real")

_COLUMNS = (
    "load",
    "visitors",
    "search",
    "searches",
    "searches/s",
    "p50 ms",
    "p95 ms",
    "errors",
    "p50 to nothing's",
    "server CPU ms/search",
    "clients' CPU ms/search",
)
_NAMES: Mapping[Pattern, str] = {
    "paced": f"each every {_EVERY_S:.0f} s",
    "busy": "again at once",
    "together": "all at one moment",
}


@dataclass(frozen=True, slots=True)
class Load:
    """How many visitors do what, and for how long."""

    pattern: Pattern
    visitors: int
    seconds: float
    every_s: float = _EVERY_S


Runs = Mapping[tuple[Load, What], Seen]

LOADS = (
    *(Load("paced", visitors, 40 if visitors in (1, 100) else 20) for visitors in (1, 10, 50, 100)),
    *(Load("busy", visitors, 12) for visitors in (1, 10, 50, 100)),
    Load("together", 100, 20),
)
QUICK = (
    *(Load("paced", visitors, 3, 1.0) for visitors in (1, 3)),
    *(Load("busy", visitors, 2) for visitors in (1, 3)),
    Load("together", 3, 2, 1.0),
)


def measure(options: Options) -> list[Result]:
    """Let each crowd ask both pages, one page after the other; also weigh the largest crowd."""
    questions = bank_questions(options.built)
    loads = QUICK if options.quick else LOADS
    largest = max((load for load in loads if load.pattern == "paced"), key=lambda x: x.visitors)
    # After one visitor, who makes the server load what it loads on first use, the largest crowd
    # comes first: later it would find memory that others have left behind.
    ordered = sorted(loads, key=lambda load: (load.visitors > 1, load != largest))
    runs: dict[tuple[Load, What], Seen] = {}
    with (
        serving(options.built, options.content, "nothing") as nothing,
        serving(options.built, options.content, "real") as real,
    ):
        pages: Mapping[What, Page] = {"nothing": nothing, "real": real}
        for load in ordered:
            for what in _ENGINES:
                rest_s = 0.0 if load != largest else 2.0 if options.quick else _FORGOTTEN_S
                print(f"{_NAMES[load.pattern]}, {load.visitors}, {what} ...", file=sys.stderr)
                runs[load, what] = run(_order(pages[what], load, questions, rest_s))
    weighed = {what: runs[largest, what] for what in _ENGINES}
    return [_answers(loads, runs), _memory(largest.visitors, weighed)]


def _order(page: Page, load: Load, questions: Sequence[str], rest_s: float) -> Order:
    return Order(
        url=page.url,
        pid=page.pid,
        visitors=load.visitors,
        pattern=load.pattern,
        questions=tuple(questions),
        seconds=load.seconds,
        every_s=load.every_s,
        rest_s=rest_s,
    )


def _answers(loads: Sequence[Load], runs: Runs) -> Result:
    wrong = sorted({said for seen in runs.values() for said in seen.errors})
    return Result(
        name="visitors",
        title="Simultaneous visitors: a question sent until its results are complete",
        columns=_COLUMNS,
        rows=tuple(_rows(loads, runs)),
        notes=(
            "Real websocket sessions on loopback, each from an address of its own, asking the"
            " bank's questions, all different in a round.",
            "`nothing` is the same page with a search that returns a ready answer; the pages are"
            " asked one after the other.",
            "The clients share the machine's processors with the server: on a machine of its own"
            " it would have theirs as well.",
            "The page's limits on messages and searches are lifted for this, because"
            " a visitor who asks again at once exceeds it.",
            f"Errors were: {', '.join(wrong)}." if wrong else "There was no error.",
        ),
        draw=lambda figure: _draw(figure, loads, runs),
    )


def _rows(loads: Sequence[Load], runs: Runs) -> Iterator[tuple[Cell, ...]]:
    for load in loads:
        idle = runs[load, "nothing"].replies_s
        for what in _ENGINES:
            seen = runs[load, what]
            replies = seen.replies_s
            times: list[Cell] = [None] * 6
            if replies:
                middle, late = middle_and_late(replies)
                ratio = middle / statistics.median(idle) if what == "real" and idle else None
                times = [
                    *(len(replies) / seen.seconds, middle * 1000, late * 1000, ratio),
                    seen.server_s / len(replies) * 1000,
                    seen.own_s / len(replies) * 1000,
                ]
            yield (
                *(_NAMES[load.pattern], load.visitors, what, len(replies)),
                *times[:3],
                sum(seen.errors.values()),
                *times[3:],
            )


def _memory(visitors: int, weighed: Mapping[What, Seen]) -> Result:
    rows: list[tuple[Cell, ...]] = []
    for what, seen in weighed.items():
        moments = (
            ("before they came", seen.before, None),
            ("all there", seen.present, (seen.present.rss - seen.before.rss) / visitors),
            ("all gone", seen.after, (seen.after.rss - seen.before.rss) / visitors),
        )
        for moment, held, each in moments:
            rows.append((what, moment, held.rss, held.pss, held.uss, each))
    return Result(
        name="visitors_memory",
        title=f"What {visitors} visitors weigh in the serving process",
        columns=("search", "when", "RSS MB", "PSS MB", "USS MB", "RSS more, MB/visitor"),
        rows=tuple(rows),
        notes=(
            "Each has asked every few seconds; one visitor had come and gone before.",
            f"`All gone` is {_FORGOTTEN_S:.0f} s after the last left: Streamlit keeps a session for"
            " a minute, for visitors whose connection was lost. What Python keeps for reuse is"
            " still counted; the soak says whether it grows.",
        ),
    )


def _draw(figure: Figure, loads: Sequence[Load], runs: Runs) -> None:
    patterns = list(dict.fromkeys(load.pattern for load in loads))
    row = figure.subplots(1, len(patterns), sharey=True, squeeze=False)[0]
    for axes, pattern in zip(row, patterns, strict=True):
        chosen = [load for load in loads if load.pattern == pattern]
        for what in _ENGINES:
            _curves(axes, what, chosen, runs)
        axes.set(title=_NAMES[pattern], xlabel="visitors", yscale="log")
        axes.grid(visible=True, alpha=0.3)
    figure.axes[0].set_ylabel("ms until the results are complete")
    figure.axes[0].legend(fontsize="small")


def _curves(axes: Axes, what: What, loads: Sequence[Load], runs: Runs) -> None:
    colour: Any = {"real": "tab:blue", "nothing": "tab:grey"}[what]
    answered = [(load.visitors, runs[load, what].replies_s) for load in loads]
    answered = [(visitors, replies) for visitors, replies in answered if replies]
    places = [visitors for visitors, _ in answered]
    for i, (name, style) in enumerate((("p50", "-o"), ("p95", "--o"))):
        values = [middle_and_late(replies)[i] * 1000 for _, replies in answered]
        axes.plot(places, values, style, color=colour, markersize=4, label=f"{what}, {name}")
