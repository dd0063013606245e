"""The targets of issues 7, 18 and 19, figure by figure.

"No leak" means that the 95 % interval of the slope does not lie above 0: its lower end is judged.
"""

from __future__ import annotations

import operator
from typing import NamedTuple


class Target(NamedTuple):
    """The limit of one figure of one measure."""

    measure: str
    figure: str
    wanted: str
    limit: float


_REACHES = {"at most": operator.le, "less than": operator.lt, "at least": operator.ge}
TARGETS = (
    Target("start", "start of a process to its first answer, s", "at most", 2.5),
    Target("start", "start of a process to results in a browser, s", "at most", 1.8),
    Target("memory", "resident memory of the page, MB", "at most", 300),
    Target("search", "whole search to bare encoding, p50", "at most", 1.6),
    Target("peers", "txtai's hybrid search to ours, collection", "at least", 2),
    Target("peers", "txtai's hybrid search to ours, article", "at least", 2),
    Target("ingest", "ingest to bare encoding, texts/s", "at least", 0.95),
    Target("ingest", "peak memory of an ingest, MB", "less than", 1000),
    Target("edit", "a first ingest of one article, s", "less than", 6),
    Target("edit", "one edited article of 10,000 passages, s", "less than", 3),
    Target("scale", "a million views: recall@10", "at least", 0.99),
    Target("scale", "a million views: the nearest, p50 ms", "less than", 10),
    Target("scale", "a million views: search without encoding, p50 ms", "less than", 10),
    Target("scale", "a million views: search without encoding, p95 ms", "less than", 20),
    Target("scale", "a million views: opening, s", "less than", 5),
    Target("articles", "20,000 articles: the list, s", "less than", 1),
    Target("articles", "20,000 articles: coverage, s", "less than", 1),
    Target("first_visit", "Fast 3G: search usable, s", "at most", 1.5),
    Target("first_visit", "Fast 3G: before that, kB", "less than", 80),
    Target("first_visit", "Fast 3G: whole first visit, kB", "less than", 1000),
    Target("first_visit", "400 kbit/s: search usable, s", "at most", 4),
    Target("first_visit", "400 kbit/s: before that, kB", "less than", 80),
    Target("first_visit", "400 kbit/s: whole first visit, kB", "less than", 1000),
    Target("visitors", "100 visitors every 5 s: p50 ms", "less than", 40),
    Target("visitors", "100 visitors every 5 s: p95 ms", "less than", 150),
    Target("visitors", "100 visitors every 5 s: errors", "at most", 0),
    Target("visitors", "100 busy visitors: searches/s", "at least", 80),
    Target("visitors", "one more visitor, MB", "at most", 0.5),
    Target("soak", "visitors who come and leave: errors", "at most", 0),
    Target("soak", "visitors who come and leave: least growth, MB/min", "at most", 0),
    Target("soak", "150 abandoned sessions: memory afterwards to before", "at most", 1.2),
)


def verdict(target: Target, found: float | None) -> str:
    """Judge a figure as it was measured and not as it is shown."""
    if found is None:
        return "not measured"
    return "reached" if _REACHES[target.wanted](found, target.limit) else "NOT reached"
