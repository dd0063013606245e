"""1 to 100 visitors at once, against the same page with a search that does nothing.

Each is a websocket of its own that speaks Streamlit's protocol (`harness/session.py`); all of them
live in one process beside the server (`harness/load_generator.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.harness.load_generator import Load, Observed, Pattern, generate
from benchmarks.harness.options import Options
from benchmarks.harness.page_server import Search, serving
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Cell, Result, Row, Table, percentiles

_EVERY_S = 5.0
# Streamlit keeps the session of a visitor who has left for `disconnectedSessionTTL`, one minute.
_FORGOTTEN_S = 75.0
_NAMES: Mapping[Pattern, str] = {
    "paced": f"each every {_EVERY_S:.0f} s",
    "busy": "again at once",
    "together": "all at one moment",
}


@dataclass(frozen=True, slots=True)
class Group:
    """How many visitors ask in which pattern, and for how long."""

    pattern: Pattern
    visitors: int
    seconds: float
    every_s: float = _EVERY_S


Runs = Mapping[tuple[Group, Search], Observed]
SEARCHES: tuple[Search, ...] = ("nothing", "real")

GROUPS = (
    *(Group("paced", count, 40 if count in (1, 100) else 20) for count in (1, 10, 50, 100)),
    *(Group("busy", count, 12) for count in (1, 10, 50, 100)),
    Group("together", 100, 20),
)
QUICK = (Group("paced", 1, 3, 1.0), Group("busy", 3, 2), Group("together", 3, 2, 1.0))


def measure(options: Options) -> Result:
    """Let each group ask both pages, the other page after the first; also weigh the largest."""
    questions = bank_questions(options.built)
    groups = QUICK if options.quick else GROUPS
    largest = _largest(groups)
    # First a single visitor, who makes the server load what it loads on first use. Then the largest
    # group, which would later find memory that others have left behind.
    ordered = sorted(groups, key=lambda group: (group.visitors > 1, group != largest))
    runs: dict[tuple[Group, Search], Observed] = {}
    with (
        serving(options.built, options.content, "nothing") as nothing,
        serving(options.built, options.content, "real") as real,
    ):
        pages = dict(zip(SEARCHES, (nothing, real), strict=True))
        for group in ordered:
            for search, page in pages.items():
                print(f"{_NAMES[group.pattern]}, {group.visitors}, {search} ...", file=sys.stderr)
                load = Load(
                    url=page.url,
                    pid=page.pid,
                    visitors=group.visitors,
                    pattern=group.pattern,
                    questions=questions,
                    seconds=group.seconds,
                    every_s=group.every_s,
                    rest_s=0.0 if group != largest or options.quick else _FORGOTTEN_S,
                )
                runs[group, search] = generate(load)
    return compared(groups, runs)


def compared(groups: Sequence[Group], runs: Runs) -> Result:
    """Lay out what every group observed, and what the largest paced group weighs."""
    wrong = sorted({reason for observed in runs.values() for reason in observed.errors})
    answers = Table(
        title="Simultaneous visitors: a question sent until its results are complete",
        columns=(
            *("load", "visitors", "search", "searches", "searches/s", "p50 ms", "p95 ms"),
            *("errors", "p50 to nothing's", "server CPU ms/search", "clients' CPU ms/search"),
        ),
        rows=tuple(_rows(groups, runs)),
        notes=(
            "Real websocket sessions on loopback, each from an address of its own, asking the"
            " bank's questions, all different in a round.",
            "`nothing` is the same page with a search that returns a ready answer.",
            "The clients share the machine's processors with the server.",
            "The page's limits on messages and searches are lifted for this, because a visitor who"
            " asks again at once exceeds them.",
            f"Errors were: {', '.join(wrong)}." if wrong else "There was no error.",
        ),
    )
    largest = _largest(groups)
    memory = _memory(largest.visitors, {search: runs[largest, search] for search in SEARCHES})
    figures = _figures(answers, memory)
    return Result((answers, memory), figures, lambda figure: _draw(figure, answers))


def _largest(groups: Sequence[Group]) -> Group:
    paced = [group for group in groups if group.pattern == "paced"]
    return max(paced, key=lambda group: group.visitors)


def _figures(answers: Table, memory: Table) -> dict[str, float | None]:
    found: dict[tuple[Cell, ...], Row] = {row[:3]: row for row in answers.rows}
    paced = found.get((_NAMES["paced"], 100, "real"))
    busy = found.get((_NAMES["busy"], 100, "real"))
    picked: dict[str, Cell] = {"one more visitor, MB": memory.rows[-2][-1]}
    if paced and busy:
        picked["100 visitors every 5 s: p50 ms"] = paced[5]
        picked["100 visitors every 5 s: p95 ms"] = paced[6]
        picked["100 visitors every 5 s: errors"] = paced[7]
        picked["100 busy visitors: searches/s"] = busy[4]
    return {name: cell for name, cell in picked.items() if not isinstance(cell, str)}


def _rows(groups: Sequence[Group], runs: Runs) -> Iterator[Row]:
    for group in groups:
        idle = percentiles(runs[group, "nothing"].replies_s)[0]
        for search in SEARCHES:
            observed = runs[group, search]
            replies = observed.replies_s
            middle, late = percentiles(replies)
            count = len(replies) or float("nan")
            yield (
                *(_NAMES[group.pattern], group.visitors, search, len(replies)),
                *(count / observed.seconds, middle * 1000, late * 1000),
                sum(observed.errors.values()),
                middle / idle if search == "real" else None,
                observed.server_s / count * 1000,
                observed.own_s / count * 1000,
            )


def _memory(visitors: int, weighed: Mapping[str, Observed]) -> Table:
    rows: list[Row] = []
    for search, observed in weighed.items():
        before = observed.before
        for moment, held in (
            ("before they came", before),
            ("all there", observed.present),
            ("all gone", observed.after),
        ):
            each = None if held is before else (held.rss - before.rss) / visitors
            rows.append((search, moment, held.rss, held.pss, held.uss, each))
    return Table(
        title=f"Memory of the serving process with {visitors} visitors",
        columns=("search", "when", "RSS MB", "PSS MB", "USS MB", "RSS more, MB/visitor"),
        rows=tuple(rows),
        notes=(
            "Each asks every few seconds; one visitor has come and gone before. `All gone` is"
            f" {_FORGOTTEN_S:.0f} s after the last has left: Streamlit keeps a session for a"
            " minute. What Python keeps for reuse still counts; the soak shows whether it grows.",
        ),
    )


def _draw(figure: Any, table: Table) -> None:
    """Draw both percentiles by the number of visitors, a panel for each pattern."""
    import pandas as pd

    rows = pd.DataFrame(table.rows, columns=table.columns)
    panels = figure.subplots(1, rows["load"].nunique(), sharey=True, squeeze=False)[0]
    for axes, (name, group) in zip(panels, rows.groupby("load", sort=False), strict=True):
        for search, colour in (("nothing", "tab:grey"), ("real", "tab:blue")):
            own = group[group["search"] == search]
            for column, style in (("p50 ms", "-o"), ("p95 ms", "--o")):
                label = f"{search}, {column}"
                axes.plot(own["visitors"], own[column], style, color=colour, ms=4, label=label)
        axes.set(title=name, xlabel="visitors", yscale="log")
        axes.grid(visible=True, alpha=0.3)
    panels[0].set_ylabel("ms until the results are complete")
    panels[0].legend(fontsize="small")
