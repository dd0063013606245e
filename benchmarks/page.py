"""Enter to results painted in a real browser, against the same page with a no-op for a search.

Both pages run at the same time and are asked in turn, so that whatever else this machine does
takes its time from both alike.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.options import Options
from benchmarks.questions import bank_questions
from benchmarks.result import Result, middle_and_late
from benchmarks.serving import serving
from index.store import read_current
from index.types import Outcome

_VIEWPORT: Any = {"width": 1280, "height": 900}
_QUESTIONS = 40
_VISITS = 5
_PATIENCE_MS = 120_000
_BROWSER = "--no-sandbox --disable-gpu --disable-background-networking --disable-sync".split()
# From the key going down until the second frame after the results were drawn: in the first one the
# browser lays them out, and the second begins when they are on the screen.
_WATCH = """() => { window.painted = new Promise((done, failed) => {
  const before = document.getElementById("cs-state")?.dataset.token
  let begun = 0
  addEventListener("keydown", (event) => { begun = event.timeStamp }, { once: true, capture: true })
  const late = setTimeout(() => failed(new Error("no results")), 20000)
  const look = new MutationObserver(() => {
    const now = document.getElementById("cs-state")?.dataset.token
    if (!now || now === before || !document.getElementById("cs-results")) return
    look.disconnect()
    clearTimeout(late)
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)))
  })
  look.observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-token"],
  })
}) }"""


def measure(options: Options) -> Result:
    """Ask both pages the bank's questions in turn, and open them afresh."""
    replies = read_current(options.built).replies
    answered = [one.question for one in replies if one.outcome is Outcome.ANSWER]
    questions = (answered or bank_questions(options.built))[: 3 if options.quick else _QUESTIONS]
    with (
        serving(options.built, options.content, "real") as real,
        serving(options.built, options.content, "nothing") as nothing,
        browsing() as browser,
    ):
        pages = [new_page(browser, served.url) for served in (real, nothing)]
        for page in pages:
            open_page(page)
            ask(page, "warm")  # what is loaded on first use is not what is measured
        pairs = [tuple(ask(page, question) for page in pages) for question in questions]
        visits = 1 if options.quick else _VISITS
        opened = [_visit(browser, real.url) for _ in range(visits)]
    return _report(pairs, opened)


def _report(
    pairs: Sequence[tuple[float, ...]], opened: Sequence[tuple[float, float, int]]
) -> Result:
    searched, idle = ([pair[side] for pair in pairs] for side in (0, 1))
    first, usable, size = zip(*opened, strict=True)
    return Result(
        name="page",
        title="Enter to results painted in a real browser, against a page with a no-op search",
        columns=("what", "p50", "p95"),
        rows=(
            ("with the search, ms", *middle_and_late(searched)),
            ("with a no-op, ms", *middle_and_late(idle)),
            ("added, pairwise, ms", *middle_and_late([a - b for a, b in pairs])),
            ("ratio, pairwise", *middle_and_late([a / b for a, b in pairs])),
            ("first visit: first paint, ms", statistics.median(first), None),
            ("first visit: box usable, ms", statistics.median(usable), None),
            ("first visit: over the wire, kB", statistics.median(size) / 1000, None),
        ),
        notes=(
            f"{len(pairs)} questions, each to both pages in turn; {len(opened)} first visits with"
            " an empty cache, not compressed.",
        ),
    )


@contextmanager
def browsing() -> Iterator[Any]:
    """Run Debian's Chromium; raises SystemExit where it is not installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_chromium(), args=_BROWSER)
        yield browser
        browser.close()


def new_page(browser: Any, url: str) -> Any:
    """Open an empty page of a visitor who has never been here."""
    page = browser.new_page(base_url=url, viewport=_VIEWPORT)
    page.set_default_timeout(_PATIENCE_MS)
    return page


def ask(page: Any, question: str) -> float:
    """Type a question as a visitor does, send it, and return the milliseconds until it is seen."""
    page.locator(".st-key-question input").fill(question)
    page.evaluate(_WATCH)
    page.keyboard.press("Enter")
    took: float = page.evaluate("window.painted")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return took


def open_page(page: Any) -> None:
    """Open the page and wait until questions can be asked."""
    page.goto("./")
    wait_usable(page)


def wait_usable(page: Any) -> None:
    """Wait until questions can be asked on a page that is being opened."""
    page.locator("[role=search]").wait_for()
    page.locator(".cs-example, #cs-results").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


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


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    return found
