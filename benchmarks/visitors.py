"""1 to 100 visitors at once, against the same page with a search that does nothing.

Each is a websocket of its own that speaks Streamlit's protocol (`harness/session.py`); all of them
live in one process beside the server (`harness/load_generator.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.harness.load_generator import Load, Observed, generate
from benchmarks.harness.options import Options
from benchmarks.harness.page_server import Search, serving
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Result, Table, percentiles, table_of

# Streamlit keeps the session of a visitor who has left for `disconnectedSessionTTL`, one minute.
_FORGOTTEN_S = 75.0


@dataclass(frozen=True, slots=True)
class Group:
    """How many visitors ask for how long, and how often; 0 means again as soon as answered."""

    visitors: int
    seconds: float
    every_s: float = 5.0

    @property
    def name(self) -> str:
        """The load as the table names it."""
        return f"each every {self.every_s:.0f} s" if self.every_s else "again at once"


Runs = Mapping[tuple[Group, Search], Observed]
SEARCHES: tuple[Search, ...] = ("nothing", "real")
GROUPS = (
    *(Group(count, 40 if count in (1, 100) else 20) for count in (1, 10, 50, 100)),
    *(Group(count, 12, every_s=0.0) for count in (1, 10, 50, 100)),
)
QUICK = (Group(1, 3, every_s=1.0), Group(3, 2, every_s=0.0))


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
        for group in ordered:
            for search, page in zip(SEARCHES, (nothing, real), strict=True):
                print(f"{group.visitors} visitors, {group.name}, {search} ...", file=sys.stderr)
                load = Load(
                    url=page.url,
                    pid=page.pid,
                    visitors=group.visitors,
                    questions=questions,
                    seconds=group.seconds,
                    every_s=group.every_s,
                    rest_s=0.0 if group != largest or options.quick else _FORGOTTEN_S,
                )
                runs[group, search] = generate(load)
    return compared(groups, runs)


def compared(groups: Sequence[Group], runs: Runs) -> Result:
    """Lay out what every group observed, and what the largest paced group weighs."""
    reasons = sorted({reason for observed in runs.values() for reason in observed.errors})
    rows = [_answers(group, search, runs) for group in groups for search in SEARCHES]
    answers = table_of(
        "Simultaneous visitors: a question sent until its results are complete",
        rows,
        "Real websocket sessions on loopback, each from an address of its own, asking the bank's"
        " questions, all different in a round. The clients share the machine's processors.",
        "`nothing` is the same page with a search that returns a ready answer.",
        "The page's limits on messages and searches are lifted, because a visitor who asks again"
        " at once exceeds them.",
        f"Errors were: {', '.join(reasons)}." if reasons else "There was no error.",
    )
    largest = _largest(groups)
    memory = table_of(
        f"Memory of the serving process with {largest.visitors} visitors",
        [row for search in SEARCHES for row in _weights(largest, search, runs[largest, search])],
        "Each asks every few seconds; one visitor has come and gone before. `All gone` is"
        f" {_FORGOTTEN_S:.0f} s after the last has left: Streamlit keeps a session for a minute."
        " What Python keeps for reuse still counts; the soak shows whether it grows.",
    )
    figures: dict[str, Any] = {"one more visitor, MB": memory.rows[-2][-1]}
    for row in rows:
        if (row["visitors"], row["search"]) == (100, "real"):
            if row["load"] == "again at once":
                figures["100 busy visitors: searches/s"] = row["searches/s"]
            else:
                names = ("p50 ms", "p95 ms", "errors")
                figures |= {f"100 visitors every 5 s: {name}": row[name] for name in names}
    return Result((answers, memory), figures, lambda figure: _draw(figure, answers))


def _largest(groups: Sequence[Group]) -> Group:
    return max((g for g in groups if g.every_s), key=lambda group: group.visitors)


def _answers(group: Group, search: Search, runs: Runs) -> dict[str, Any]:
    observed = runs[group, search]
    middle, late = percentiles(observed.replies_s)
    count = len(observed.replies_s) or float("nan")
    idle = percentiles(runs[group, "nothing"].replies_s)[0]
    return {
        "load": group.name,
        "visitors": group.visitors,
        "search": search,
        "searches": len(observed.replies_s),
        "searches/s": count / observed.seconds,
        "p50 ms": middle * 1000,
        "p95 ms": late * 1000,
        "errors": sum(observed.errors.values()),
        "p50 to nothing's": middle / idle if search == "real" else None,
        "server CPU ms/search": observed.server_s / count * 1000,
        "clients' CPU ms/search": observed.own_s / count * 1000,
    }


def _weights(group: Group, search: Search, observed: Observed) -> Iterator[dict[str, Any]]:
    moments = {"before they came": observed.before, "all there": observed.present}
    for moment, held in {**moments, "all gone": observed.after}.items():
        more = (held.rss - observed.before.rss) / group.visitors
        yield {
            "search": search,
            "when": moment,
            "RSS MB": held.rss,
            "PSS MB": held.pss,
            "USS MB": held.uss,
            "RSS more, MB/visitor": None if held is observed.before else more,
        }


def _draw(figure: Any, table: Table) -> None:
    """Draw both percentiles by the number of visitors, a panel for each load."""
    import pandas as pd

    rows = pd.DataFrame(table.rows, columns=table.columns)
    rows = rows.rename(columns={"p50 ms": "p50", "p95 ms": "p95"})
    panels = figure.subplots(1, rows["load"].nunique(), sharey=True, squeeze=False)[0]
    for axes, (name, group) in zip(panels, rows.groupby("load", sort=False), strict=True):
        lines = group.pivot_table(["p50", "p95"], "visitors", "search")
        lines.plot(ax=axes, logy=True, grid=True, marker="o", title=str(name))
    panels[0].set_ylabel("ms until the results are complete")
