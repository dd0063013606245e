"""From the start of a process to its first answer, beside the start of Python and of Streamlit."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from benchmarks.options import ROOT, Options
from benchmarks.page import ask, browsing, new_page, wait_usable
from benchmarks.questions import bank_questions
from benchmarks.result import Result
from benchmarks.serving import starting, wait_ready

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROUNDS = 5
_OFTEN_S = 0.02
_PATIENCE_S = 60.0
_SERVER = ("-m", "ui")
_BARE = "bare interpreter"
_READY = "the page: ready for questions"
_PAINTED = "the page: first paint in a browser"
_USABLE = "the page: search box usable"
_ANSWERED = "the page: first results painted"
# Milliseconds since 1970, on this machine's own clock as `time.time()` is.
_FIRST_PAINT = """performance.timeOrigin
    + performance.getEntriesByName("first-contentful-paint")[0].startTime"""

Taken = dict[str, list[float]]


def measure(options: Options) -> list[Result]:
    """Start each of them in turn, several times over."""
    question = bank_questions(options.built)[0]
    # The first round reads from the disk what the others find in memory, and does not count.
    rounds = 1 if options.quick else 1 + _ROUNDS
    ways: Mapping[str, Callable[[], float]] = {
        _BARE: lambda: _until_over("-c", "pass"),
        "import streamlit": lambda: _until_over("-c", "import streamlit"),
        "python -m index search: first answer": lambda: _until_answer(options, question),
        _READY: lambda: _until_ready(options),
    }
    taken: Taken = {}
    split: Taken = {}
    with browsing() as browser:
        for round_ in range(rounds):
            now: dict[str, float] = {name: way() for name, way in ways.items()}
            now |= _in_browser(options, browser, question)
            told = _parts(options, question)
            if round_ or options.quick:
                _note(taken, now)
                _note(split, told)
    return [_starts(taken), _split(split)]


def _note(taken: Taken, now: Mapping[str, float]) -> None:
    for name, seconds in now.items():
        taken.setdefault(name, []).append(seconds)


def _until_over(*arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603  this very interpreter
        [sys.executable, *arguments], cwd=ROOT, check=True
    )
    return time.perf_counter() - begun


def _until_answer(options: Options, question: str) -> float:
    """Ask a new process on the command line; return the seconds until its answer can be read."""
    places = ("--built", str(options.built.resolve()), "--content", str(options.content.resolve()))
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  this very interpreter
        [sys.executable, "-m", "index", "search", "--json", *places, question],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None  # noqa: S101  for the type checker: it is a pipe
        answer = process.stdout.readline()
        took = time.perf_counter() - begun
    if not answer.strip():
        raise SystemExit("`python -m index search` gave no answer (see above).")
    json.loads(answer)
    return took


def _until_ready(options: Options) -> float:
    begun = time.perf_counter()
    with starting(options.built, options.content, launcher=_SERVER) as page:
        wait_ready(page, every_s=_OFTEN_S)
        return time.perf_counter() - begun


def _in_browser(options: Options, browser: Any, question: str) -> dict[str, float]:
    """Start the page with a visitor waiting before it; return seconds since then."""
    begun = time.time()
    with (
        starting(options.built, options.content, launcher=_SERVER) as served,
        _opened(browser, served.url, served.process) as page,
    ):
        usable = time.time()
        painted: float = page.evaluate(_FIRST_PAINT) / 1000
        ask(page, question)
        return {
            _PAINTED: painted - begun,
            _USABLE: usable - begun,
            _ANSWERED: time.time() - begun,
        }


@contextmanager
def _opened(browser: Any, url: str, process: subprocess.Popen[bytes]) -> Iterator[Any]:
    """Open the page as soon as somebody answers there, trying again and again."""
    from playwright.sync_api import Error

    page = new_page(browser, url)
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            page.goto("./", wait_until="commit")
            break
        except Error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The page did not start: run `python -m ui`.") from None
            time.sleep(_OFTEN_S)
    wait_usable(page)
    yield page
    page.close()


def _parts(options: Options, question: str) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603  this very interpreter
        [
            *(sys.executable, "-m", "benchmarks.start_parts"),
            *(repr(time.time()), str(options.built.resolve()), question),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _starts(taken: Taken) -> Result:
    bare = statistics.median(taken[_BARE])
    return Result(
        name="start",
        title="From the start of a process",
        columns=("until", "median s", "min s", "max s", "times the bare interpreter"),
        rows=tuple(
            (name, middle, min(seconds), max(seconds), middle / bare)
            for name, seconds in taken.items()
            for middle in [statistics.median(seconds)]
        ),
        notes=(
            f"{_times(taken)}, in turn. A first round does not count: what is read from the disk"
            " lies in the system's memory.",
            "The browser runs already. It opens the page as soon as anybody answers there, takes"
            " processor time from the server meanwhile, and asks as soon as the box is usable.",
        ),
        draw=lambda figure: _draw(figure, taken),
    )


def _split(split: Taken) -> Result:
    middles = {name: statistics.median(seconds) for name, seconds in split.items()}
    whole = sum(middles.values()) - middles["second search"]
    return Result(
        name="start_parts",
        title="What a new process does until its first answer",
        columns=("part", "median s", "part of the whole"),
        rows=(
            *((name, seconds, seconds / whole) for name, seconds in middles.items()),
            ("all until the first answer", whole, 1.0),
        ),
        notes=(
            f"{_times(split)}, in a process of its own that looks for no notices.",
            "A second search stands beside the first because the first loads what is loaded on"
            " first use.",
        ),
    )


def _times(taken: Taken) -> str:
    rounds = len(next(iter(taken.values())))
    return "Once each" if rounds == 1 else f"{rounds} times each"


def _draw(figure: Figure, taken: Mapping[str, Sequence[float]]) -> None:
    names = list(taken)[::-1]
    axes = figure.subplots()
    axes.barh(names, [statistics.median(taken[name]) for name in names], color="tab:blue")
    for place, name in enumerate(names):
        axes.plot([min(taken[name]), max(taken[name])], [place, place], color="black", linewidth=1)
    axes.set(xlabel="seconds since the process was started; the line is the range")
