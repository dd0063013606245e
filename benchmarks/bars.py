"""What issue 7 asks for, figure by figure, and whether it was reached.

"Bounded" memory of a visitor is here half a megabyte. "No leak" is a slope whose 95 % interval does
not lie above 0: its lower end is what is judged, and the table `soak` has the slope with its ±.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from benchmarks.kept import Kept
from benchmarks.result import Cell

_Wanted = Literal["at most", "less than", "at least"]


@dataclass(frozen=True, slots=True)
class Bar:
    """What issue 7 asks of one figure: the one in `column` of the row that has all of `row`."""

    says: str
    table: str
    row: Mapping[str, Cell]
    column: str
    wanted: _Wanted
    limit: float


_Row = Mapping[str, Cell]
_ANSWER: _Row = {"until": "python -m index search: first answer"}
_PAINTED: _Row = {"until": "the page: first results painted"}
_PAGE: _Row = {"process": "the page, after 20 searches"}
_RATIO: _Row = {"what": "ratio, pairwise"}
_BEIR: _Row = {"search": "txtai", "collection": "beir"}
_BANK: _Row = {"search": "txtai", "collection": "article"}
_CLOCK: _Row = {"what": "throughput ratio by the clock"}
_SHORT: _Row = {"way": "short forms first", "views": 1_000_000}
_WHOLE: _Row = {"views": 1_000_000}
_PACED: _Row = {"load": "each every 5 s", "visitors": 100, "search": "real"}
_BUSY: _Row = {"load": "again at once", "visitors": 100, "search": "real"}
_THERE: _Row = {"search": "real", "when": "all there"}
_ERRORS: _Row = {"what": "errors"}
_GROWTH: _Row = {"what": "lower end of its 95 % interval, MB/min"}
_START, _TXTAI = "start of a process to ", "txtai's hybrid search to ours, time of a query, "
_MILLION, _CROWD = "a million views: ", "100 visitors every 5 s: "
_SOAK = "visitors who come and leave: "
BARS = (
    Bar(_START + "its first answer, s", "start", _ANSWER, "median s", "at most", 2.5),
    Bar(_START + "results in a browser, s", "start", _PAINTED, "median s", "at most", 2.5),
    Bar("resident memory of the page, MB", "memory", _PAGE, "RSS MB", "less than", 350),
    Bar("whole search to bare encoding, p50", "search", _RATIO, "p50", "at most", 1.5),
    Bar(_TXTAI + "labelled collection", "peers-speed", _BEIR, "query / ours", "at least", 2),
    Bar(_TXTAI + "the clinic's article", "peers-speed", _BANK, "query / ours", "at least", 2),
    Bar("ingest to bare encoding, texts/s", "ingest", _CLOCK, "figure", "at least", 0.95),
    Bar(_MILLION + "recall@10", "vectors", _SHORT, "recall@10", "at least", 0.99),
    Bar(_MILLION + "the nearest, p50 ms", "vectors", _SHORT, "search_p50_ms", "less than", 10),
    Bar(_MILLION + "without encoding, p50 ms", "scale", _WHOLE, "search_p50_ms", "less than", 10),
    Bar(_CROWD + "p50 ms", "visitors", _PACED, "p50 ms", "less than", 40),
    Bar(_CROWD + "p95 ms", "visitors", _PACED, "p95 ms", "less than", 150),
    Bar(_CROWD + "errors", "visitors", _PACED, "errors", "at most", 0),
    Bar("100 busy visitors: searches/s", "visitors", _BUSY, "searches/s", "at least", 80),
    Bar(
        "a visitor more, MB",
        "visitors_memory",
        _THERE,
        "RSS more, MB/visitor",
        "at most",
        0.5,
    ),
    Bar(_SOAK + "errors", "soak", _ERRORS, "figure", "at most", 0),
    Bar(_SOAK + "growth that is shown, MB/min", "soak", _GROWTH, "figure", "at most", 0),
)


def figure(bar: Bar, kept: Mapping[str, Kept]) -> Cell:
    """Return the figure that a bar is about, None where it was not measured."""
    rows = kept[bar.table].rows if bar.table in kept else ()
    return next((r.get(bar.column) for r in rows if bar.row.items() <= r.items()), None)


def verdict(bar: Bar, kept: Mapping[str, Kept]) -> str:
    """Say whether a bar was reached, by the figure as it was measured, not as it is shown."""
    found = figure(bar, kept)
    if not isinstance(found, int | float):
        return "no such figure" if bar.table in kept else "not measured"
    return "reached" if _reached(bar, found) else "NOT reached"


def _reached(bar: Bar, found: float) -> bool:
    return {
        "at most": found <= bar.limit,
        "less than": found < bar.limit,
        "at least": found >= bar.limit,
    }[bar.wanted]
