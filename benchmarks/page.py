"""Enter to results painted in a real browser, against the same page with a no-op for a search.

Both pages run at the same time and are asked in turn, so that other work on this machine takes its
time from both alike.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.harness.browser import ask, browsing, new_page, open_page
from benchmarks.harness.options import Options
from benchmarks.harness.page_server import serving
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Result, Table, percentiles
from core.types import Outcome
from index.store.generations import read_current

_QUESTIONS = 40
_VISITS = 5


def measure(options: Options) -> Result:
    """Ask both pages the bank's questions in turn, and open the real page with an empty cache."""
    answers = read_current(options.built).bank_answers
    answered = [answer.question for answer in answers if answer.outcome is Outcome.ANSWER]
    questions = (answered or bank_questions(options.built))[: 3 if options.quick else _QUESTIONS]
    with (
        serving(options.built, options.content, "real") as real,
        serving(options.built, options.content, "nothing") as nothing,
        browsing() as browser,
    ):
        pages = [new_page(browser, served.url) for served in (real, nothing)]
        for page in pages:
            open_page(page)
            ask(page, "warm")  # loads what is loaded on first use
        pairs = [(ask(pages[0], question), ask(pages[1], question)) for question in questions]
        visits = 1 if options.quick else _VISITS
        opened = [_visit(browser, real.url) for _ in range(visits)]
    return compared(pairs, opened)


def compared(
    pairs: Sequence[tuple[float, float]], opened: Sequence[tuple[float, float, int]]
) -> Result:
    """Lay out pairs (ms with the search, ms with a no-op) and first visits (ms, ms, bytes)."""
    searched, idle = zip(*pairs, strict=True)
    first, usable, size = zip(*opened, strict=True)
    table = Table(
        title="Enter to results painted in a real browser, against a page with a no-op search",
        columns=("what", "p50", "p95"),
        rows=(
            ("with the search, ms", *percentiles(searched)),
            ("with a no-op, ms", *percentiles(idle)),
            ("added, pairwise, ms", *percentiles([a - b for a, b in pairs])),
            ("ratio, pairwise", *percentiles([a / b for a, b in pairs])),
            ("first visit: first paint, ms", statistics.median(first), None),
            ("first visit: box usable, ms", statistics.median(usable), None),
            ("first visit: over the wire, kB", statistics.median(size) / 1000, None),
        ),
        notes=(
            f"{len(pairs)} questions, each to both pages in turn; {len(opened)} first visits with"
            " an empty cache, not compressed.",
        ),
    )
    return Result((table,))


def _visit(browser: Any, url: str) -> tuple[float, float, int]:
    """Open the page with an empty cache; return first paint and usable in ms, bytes received."""
    page = new_page(browser, url)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    received: list[int] = []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    begun = time.perf_counter()
    open_page(page)
    usable = (time.perf_counter() - begun) * 1000
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.close()
    return painted, usable, sum(received)
