"""Enter to results painted in a real browser, against the same page with a no-op for a search.

Both pages run at the same time and are asked in turn, so that whatever else this machine does
takes its time from both alike.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.search import search
from index.store import open_index
from index.types import Outcome

_ROOT = Path(__file__).resolve().parent.parent
_VIEWPORT: Any = {"width": 1280, "height": 900}
_QUESTIONS = 40
_VISITS = 5
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


def measure(built: Path) -> str:
    """Ask both pages the bank's questions in turn, open them afresh, and say how long it took."""
    from playwright.sync_api import sync_playwright

    index = open_index(built)
    questions = [one.question for one in index.replies if one.outcome is Outcome.ANSWER]
    questions = (questions or [passage.text[:60] for passage in index.passages[:200]])[:_QUESTIONS]
    if not questions:
        return "There is nothing to ask: the index holds no passage."
    del index
    with (
        _serving(built, "real") as real,
        _serving(built, "nothing") as nothing,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=_chromium(), args=_BROWSER)
        pages = [browser.new_page(base_url=url, viewport=_VIEWPORT) for url in (real, nothing)]
        for page in pages:
            _open(page)
            _ask(page, "warm")  # what is loaded on first use is not what is measured
        pairs = [tuple(_ask(page, question) for page in pages) for question in questions]
        opened = [_visit(browser, real) for _ in range(_VISITS)]
        browser.close()
    return _report(pairs, opened)


def _report(pairs: Sequence[tuple[float, ...]], opened: Sequence[tuple[float, float, int]]) -> str:
    searched, idle = ([pair[side] for pair in pairs] for side in (0, 1))
    added = [a - b for a, b in pairs]
    first, usable, size = (sorted(column) for column in zip(*opened, strict=True))
    return "\n".join(
        [
            f"{len(pairs)} questions, each to both pages in turn, Enter to results painted:",
            _line("with the search", searched),
            _line("with a no-op", idle),
            _line("added, pairwise", added),
            f"{len(opened)} first visits, nothing kept, medians:",
            f"first paint        {statistics.median(first):8.0f} ms",
            f"box usable         {statistics.median(usable):8.0f} ms",
            f"over the wire      {statistics.median(size) / 1000:8.0f} kB, not compressed",
        ]
    )


def _line(name: str, values: Sequence[float]) -> str:
    worst = statistics.quantiles(values, n=20, method="inclusive")[-1]
    return f"{name:<18} {statistics.median(values):8.1f} ms p50 {worst:8.1f} ms p95"


def _ask(page: Any, question: str) -> float:
    """Type a question as a visitor does, send it, and return the milliseconds until it is seen."""
    page.locator(".st-key-question input").fill(question)
    page.evaluate(_WATCH)
    page.keyboard.press("Enter")
    took: float = page.evaluate("window.painted")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return took


def _open(page: Any) -> None:
    page.goto("./")
    page.locator("[role=search]").wait_for()
    page.locator(".cs-example, #cs-results").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def _visit(browser: Any, url: str) -> tuple[float, float, int]:
    """Open the page with an empty cache; return first paint and usable in ms, bytes received."""
    page = browser.new_page(base_url=url, viewport=_VIEWPORT)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    received: list[int] = []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    begun = time.perf_counter()
    _open(page)
    usable = (time.perf_counter() - begun) * 1000
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.close()
    return painted, usable, sum(received)


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    return found


@contextmanager
def _serving(built: Path, what: str) -> Iterator[str]:
    """Run the page on a free port, with the real search or with one that does nothing."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "benchmarks.page", what, "--port", str(port)]
    places = {**os.environ, "CLINIC_BUILT": str(built.resolve())}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603  this very interpreter
            command, cwd=_ROOT, env=places, stdout=log, stderr=log
        )
        try:
            _wait(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}readyz", timeout=2):  # noqa: S310  ourselves
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("The page did not start. Run `python -m ui` to see why.")


def _page(what: str, arguments: Sequence[str]) -> int:
    """Serve the page; `nothing` answers every question with what the first passages are."""
    from ui import engine, settings
    from ui.__main__ import main

    if what == "nothing":
        built = settings.from_environment().built
        held = open_index(built)
        canned = search(held, next(iter(held.examples), held.passages[0].text))
        idle = engine.Engine(
            open_index=lambda _encoder: held,
            generation=lambda: held.generation,
            search=lambda _index, _question: engine.Answer(canned),
        )
        idle.look()
        engine.set_engine(idle)
    return main(list(arguments))


if __name__ == "__main__":
    raise SystemExit(_page(sys.argv[1], sys.argv[2:]))
