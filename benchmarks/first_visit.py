"""A first visit on a slow phone: until a question can be asked and is answered, and all of it.

A real browser on a narrowed line (the browser's own emulation: each request waits `latency_ms` and
all share the rate) and on a processor that is four times as slow. Cold: nothing is cached. Warm:
the same visitor comes again.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.harness.browser import browsing
from benchmarks.harness.options import Options
from benchmarks.harness.page_server import serving
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Cell, Result, table_of

CPU_SLOWER = 4
PHONE: Any = {"width": 390, "height": 844}
_VISITS = 3
_PATIENCE_MS = 180_000
_SETTLED_MS = 2_000
# The first frame in which the box is laid out by our own styles, and a button beside it can send.
_WATCH = """
const look = () => {
  const box = document.querySelector("form :is(input[type=search], textarea)")
  const isThere = box && box.getBoundingClientRect().height > 40
  if (!isThere || !box.form.querySelector("[type=submit]")) return requestAnimationFrame(look)
  requestAnimationFrame(() => { document.documentElement.dataset.usable = performance.now() })
}
requestAnimationFrame(look)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A connection to the internet: its name, bits a second and milliseconds for a request."""

    name: str
    bits: float
    latency_ms: float


LINES = (Line("Fast 3G", 1_440_000, 562), Line("400 kbit/s", 400_000, 400))


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds from the address on, and bytes over the wire with their headers.

    `later_s` is until the results are painted, for a visitor who asks at once; else until the
    application has taken the place of the first document. `bytes_before` counts whole whatever was
    asked for before the search was usable.
    """

    usable_s: float
    later_s: float
    bytes_before: int
    bytes_all: int


def measure(options: Options) -> Result:
    """Visit on each line, cold and warm: one visitor asks at once, another waits."""
    question = bank_questions(options.built)[0]
    rows: list[dict[str, Cell]] = []
    figures: dict[str, float | None] = {}
    with serving(options.built, options.content, "real") as served, browsing() as browser:
        for line in LINES[: 1 if options.quick else None]:
            times = 1 if options.quick else _VISITS
            pairs = [_pairs(browser, served.url, line, question) for _ in range(times)]
            cold, warm = zip(*pairs, strict=True)
            rows += [_row(f"{line.name}, cold", cold), _row(f"{line.name}, warm", warm)]
            figures |= {
                f"{line.name}: search usable, s": _usable_s(cold),
                f"{line.name}: before that, kB": _before_kb(cold),
                f"{line.name}: whole first visit, kB": _whole_kb(cold),
            }
    table = table_of(
        "A first visit, on a processor four times as slow",
        rows,
        f"Medians of {_VISITS}. Fast 3G: 1.44 Mbit/s, 562 ms a request; the other line: 400 ms.",
        "Usable: the box and its button are painted; typing and sending work. Answered: the results"
        " of a question that is typed and sent at that moment are painted. Application: Streamlit"
        " has taken the place of the first document; until then the first document works.",
        "Cold: nothing is cached. Warm: the same visitor comes again.",
    )
    return Result((table,), figures)


def _row(name: str, pairs: Sequence[tuple[Visit, Visit]]) -> dict[str, Cell]:
    """Lay out pairs of one who asks at once and one who waits."""
    return {
        "visit": name,
        "search usable, s": _usable_s(pairs),
        "before that, kB": _before_kb(pairs),
        "answered, s": statistics.median(asking.later_s for asking, _ in pairs),
        "application, s": statistics.median(waiting.later_s for _, waiting in pairs),
        "in all, kB": _whole_kb(pairs),
    }


def _usable_s(pairs: Sequence[tuple[Visit, Visit]]) -> float:
    return statistics.median(visit.usable_s for pair in pairs for visit in pair)


def _before_kb(pairs: Sequence[tuple[Visit, Visit]]) -> float:
    return statistics.median(visit.bytes_before for pair in pairs for visit in pair) / 1000


def _whole_kb(pairs: Sequence[tuple[Visit, Visit]]) -> float:
    return statistics.median(waiting.bytes_all for _, waiting in pairs) / 1000


def _pairs(
    browser: Any, url: str, line: Line, question: str
) -> tuple[tuple[Visit, Visit], tuple[Visit, Visit]]:
    """Return a cold and a warm pair of one who asks at once and one who waits."""
    with _visitor(browser, url) as one, _visitor(browser, url) as other:
        cold = _visit(one, line, question), _visit(other, line)
        return cold, (_visit(other, line, question), _visit(other, line))


@contextmanager
def _visitor(browser: Any, url: str) -> Iterator[Any]:
    context = browser.new_context(base_url=url, viewport=PHONE)
    context.set_default_timeout(_PATIENCE_MS)
    yield context
    context.close()


def _visit(context: Any, line: Line, question: str = "") -> Visit:
    page = context.new_page()
    page.add_init_script(_WATCH)
    wire = context.new_cdp_session(page)
    begun: dict[str, float] = {}
    sizes: dict[str, int] = {}
    wire.on(
        "Network.requestWillBeSent",
        lambda event: begun.setdefault(event["requestId"], event["timestamp"]),
    )
    wire.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    _narrow(wire, line)
    start = time.perf_counter()
    page.goto("./", wait_until="commit")
    page.locator("html[data-usable]").wait_for()
    usable = float(page.locator("html").get_attribute("data-usable")) / 1000
    if question:
        page.locator("form :is(input[type=search], textarea)").first.fill(question)
        page.keyboard.press("Enter")
        page.locator("#cs-results").first.wait_for()
    else:
        page.locator("#cs-first").wait_for(state="detached")
    later = time.perf_counter() - start
    page.wait_for_timeout(_SETTLED_MS)
    page.close()
    until = min(begun.values()) + usable
    return Visit(
        usable_s=usable,
        later_s=later,
        bytes_before=sum(size for one, size in sizes.items() if begun[one] <= until),
        bytes_all=sum(sizes.values()),
    )


def _narrow(wire: Any, line: Line) -> None:
    wire.send("Network.enable")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    rate = line.bits / 8
    narrow = {"downloadThroughput": rate, "uploadThroughput": rate, "latency": line.latency_ms}
    wire.send("Network.emulateNetworkConditions", {"offline": False, **narrow})
