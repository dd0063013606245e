"""From the start of a process to its first answer, beside the start of Python and of Streamlit."""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from benchmarks.harness.browser import ask_first, browsing, new_page, wait_taken_over
from benchmarks.harness.options import ROOT, Options
from benchmarks.harness.page_server import starting, wait_ready
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Result, Table

_ROUNDS = 5
_OFTEN_S = 0.02
_PATIENCE_S = 60.0
_SERVER = ("-m", "ui")
_BARE = "bare interpreter"
_AGAIN = "a second visit: results shown"
_ANSWER = "python -m index search: first answer"
_RESULTS = "the page: first results shown"
# Milliseconds since 1970 by this machine's clock, as `time.time()` has seconds.
_FIRST_PAINT = """performance.timeOrigin
    + performance.getEntriesByName("first-contentful-paint")[0].startTime"""


def measure(options: Options) -> Result:
    """Start each of them in turn, several times over."""
    question = bank_questions(options.built)[0]
    ways: Mapping[str, Callable[[], float]] = {
        _BARE: lambda: _until_over("-c", "pass"),
        "import streamlit": lambda: _until_over("-c", "import streamlit"),
        _ANSWER: lambda: _until_answer(options, question),
        "the page: ready for questions": lambda: _until_ready(options),
    }
    rounds: list[dict[str, float]] = []
    with browsing() as browser:
        for _ in range(1 if options.quick else 1 + _ROUNDS):
            times = {name: way() for name, way in ways.items()}
            rounds.append(times | _in_browser(options, browser, question))
    # The first round reads from the disk what the others find in memory.
    return compared(rounds if options.quick else rounds[1:])


def compared(rounds: Sequence[Mapping[str, float]]) -> Result:
    """Lay out the seconds of every round."""
    seconds = {name: [times[name] for times in rounds] for name in rounds[0]}
    middle = {name: statistics.median(values) for name, values in seconds.items()}
    table = Table(
        title="From the start of a process",
        columns=("until", "median s", "min s", "max s", "times the bare interpreter"),
        rows=tuple(
            (name, middle[name], min(values), max(values), middle[name] / middle[_BARE])
            for name, values in seconds.items()
        ),
        notes=(
            f"{len(rounds)} rounds, not counting a first one that read from the disk.",
            "The browser runs already. It opens the page as soon as the server listens, waits for"
            " the answer, and asks as soon as the box is there.",
            f"{_AGAIN}: not from the start of a process, but from opening the page once more.",
        ),
    )
    figures = {
        "start of a process to its first answer, s": middle[_ANSWER],
        "start of a process to results in a browser, s": middle[_RESULTS],
    }
    return Result((table,), figures)


def _until_over(*arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603  this very interpreter
        [sys.executable, *arguments], cwd=ROOT, check=True
    )
    return time.perf_counter() - begun


def _until_answer(options: Options, question: str) -> float:
    """Ask a new process on the command line; return the seconds until its answer can be read."""
    folders = ("--built", str(options.built.resolve()), "--content", str(options.content.resolve()))
    command = [sys.executable, "-m", "index", "search", "--json", *folders, question]
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  this very interpreter
        command, cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None  # noqa: S101  for the type checker: it is a pipe
        json.loads(process.stdout.readline())
        return time.perf_counter() - begun


def _until_ready(options: Options) -> float:
    begun = time.perf_counter()
    with starting(options.built, options.content, launcher=_SERVER) as page:
        wait_ready(page, every_s=_OFTEN_S)
        return time.perf_counter() - begun


def _in_browser(options: Options, browser: Any, question: str) -> dict[str, float]:
    """Start the page while a browser waits for it; return the seconds since then."""
    begun = time.time()
    with (
        starting(options.built, options.content, launcher=_SERVER) as served,
        _opened(browser, served.url, served.process) as page,
    ):
        answered = ask_first(page, question)
        painted: float = page.evaluate(_FIRST_PAINT) / 1000
        wait_taken_over(page)
        taken_over = time.time()
        page.goto("./", wait_until="commit")
        again = ask_first(page, question)
        return {
            "the page: first paint in a browser": painted - begun,
            _RESULTS: answered - begun,
            "the page: the application has taken over": taken_over - begun,
            _AGAIN: again - taken_over,
        }


@contextmanager
def _opened(browser: Any, url: str, process: subprocess.Popen[bytes]) -> Iterator[Any]:
    """Open the page as soon as the server listens; a browser that fails takes its processor."""
    page = new_page(browser, url)
    address = urlsplit(url)
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            socket.create_connection((address.hostname, address.port)).close()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The page did not start: run `python -m ui`.") from None
            time.sleep(_OFTEN_S)
    page.goto("./", wait_until="commit")
    yield page
    page.close()
