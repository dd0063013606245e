"""Many visitors at once, from a process of their own: the server must not wait for its own load.

`generate` starts that process, which reads a Load as JSON from standard input and writes what the
visitors observed as JSON to standard output.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from benchmarks.harness.options import ROOT
from benchmarks.harness.processes import Memory, memory, processor_s
from benchmarks.harness.session import Session, VisitError, visiting

_ARRIVING_AT_ONCE = 10
_QUESTIONS_PER_VISIT = 3
_AFTER_FAILURE_S = 0.5
_NOTHING = Memory(0, 0, 0)

Pattern = Literal["paced", "busy", "together", "passing"]


@dataclass(frozen=True, slots=True)
class Load:
    """How many visitors ask what, and how.

    `paced` visitors ask every `every_s` seconds, each at a moment of its own; `busy` visitors ask
    again as soon as they are answered; `together` all ask at one moment, wait for all, and again
    every `every_s`; `passing` visitors come, ask three questions, read each answer for `every_s`,
    leave, and others come.
    For `rest_s` afterwards the server is left alone before its memory is read again.
    `memory_every_s` is how often memory is read meanwhile, 0 for never.
    """

    url: str
    pid: int
    visitors: int
    pattern: Pattern
    questions: tuple[str, ...]
    seconds: float
    every_s: float = 5.0
    rest_s: float = 0.0
    memory_every_s: float = 0.0


@dataclass(slots=True)
class Observed:
    """What the visitors observed: seconds of every reply, failures by their reason, and costs.

    `before` is the server's memory before anybody came, `present` with all visitors there at the
    end of the load, `after` when all had left and the rest was over. `sampled` holds seconds since
    the load began, and the RSS in MB then.
    """

    replies_s: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    visits: int = 0
    seconds: float = 0.0
    server_s: float = 0.0
    own_s: float = 0.0
    before: Memory = _NOTHING
    present: Memory = _NOTHING
    after: Memory = _NOTHING
    sampled: list[tuple[float, float]] = field(default_factory=list)


def generate(load: Load) -> Observed:
    """Put a load on the server from another process and return what its visitors observed.

    Raises CalledProcessError when that process fails; visitors who fail are counted instead.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.harness.load_generator"],
        input=json.dumps(asdict(load)),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=True,
    )
    record = json.loads(done.stdout)
    record["sampled"] = [(seconds, rss) for seconds, rss in record["sampled"]]
    for moment in ("before", "present", "after"):
        record[moment] = Memory(**record[moment])
    return Observed(**record)


def question_of(questions: Sequence[str], visitor: int, round_: int, visitors: int) -> str:
    """Return what a visitor asks in a round: no other asks it then, while there are enough."""
    return questions[(visitor + round_ * visitors) % len(questions)]


async def _observe(load: Load) -> Observed:
    observed = Observed(before=memory(load.pid))
    async with AsyncExitStack() as leaving:
        visitors: list[_Visitor] = []
        if load.pattern != "passing":
            visitors = await _arrived(load, observed, leaving)
        sampling = asyncio.create_task(_sample(load, observed)) if load.memory_every_s else None
        began, server, own = time.perf_counter(), processor_s(load.pid), time.process_time()
        await _PATTERNS[load.pattern](load, observed, visitors)
        # The last question may be answered long before the next would have been due.
        await asyncio.sleep(max(0.0, began + load.seconds - time.perf_counter()))
        observed.seconds = time.perf_counter() - began
        observed.server_s = processor_s(load.pid) - server
        observed.own_s = time.process_time() - own
        observed.present = memory(load.pid)
        if sampling:
            sampling.cancel()
    await asyncio.sleep(load.rest_s)
    observed.after = memory(load.pid)
    return observed


class _Visitor:
    """A visitor who comes again when the connection is lost."""

    def __init__(
        self, load: Load, observed: Observed, number: int, leaving: AsyncExitStack
    ) -> None:
        self._load = load
        self._observed = observed
        self._number = number
        self._leaving = leaving
        self._session: Session | None = None

    async def ask(self, round_: int) -> None:
        load, observed = self._load, self._observed
        asked = question_of(load.questions, self._number, round_, load.visitors)
        try:
            if self._session is None:
                observed.visits += 1
                self._session = await self._leaving.enter_async_context(
                    visiting(load.url, self._number)
                )
            observed.replies_s.append((await self._session.ask(asked)).seconds)
        except VisitError as error:
            observed.errors[str(error)] = observed.errors.get(str(error), 0) + 1
            self._session = None
            await asyncio.sleep(_AFTER_FAILURE_S)

    async def until(self, deadline: float, first_after_s: float, every_s: float) -> None:
        """Ask again and again until a moment, at most once every so many seconds."""
        due = time.perf_counter() + first_after_s
        round_ = 0
        while due < deadline:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self.ask(round_)
            round_ += 1
            due = max(due + every_s, time.perf_counter())


async def _arrived(load: Load, observed: Observed, leaving: AsyncExitStack) -> list[_Visitor]:
    """Let all come, a few at a time, and ask once; the time of that does not count."""
    visitors = [_Visitor(load, observed, number, leaving) for number in range(load.visitors)]
    door = asyncio.Semaphore(_ARRIVING_AT_ONCE)

    async def come(visitor: _Visitor) -> None:
        async with door:
            await visitor.ask(-1)

    await asyncio.gather(*(come(visitor) for visitor in visitors))
    observed.replies_s.clear()
    return visitors


async def _paced(load: Load, _observed: Observed, visitors: Sequence[_Visitor]) -> None:
    deadline = time.perf_counter() + load.seconds
    gap = load.every_s / len(visitors)
    asking = (v.until(deadline, gap * i, load.every_s) for i, v in enumerate(visitors))
    await asyncio.gather(*asking)


async def _busy(load: Load, _observed: Observed, visitors: Sequence[_Visitor]) -> None:
    deadline = time.perf_counter() + load.seconds
    await asyncio.gather(*(visitor.until(deadline, 0.0, 0.0) for visitor in visitors))


async def _together(load: Load, _observed: Observed, visitors: Sequence[_Visitor]) -> None:
    deadline = time.perf_counter() + load.seconds
    due = time.perf_counter()
    round_ = 0
    while due < deadline:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await asyncio.gather(*(visitor.ask(round_) for visitor in visitors))
        round_ += 1
        due = max(due + load.every_s, time.perf_counter())


async def _passing(load: Load, observed: Observed, _visitors: Sequence[_Visitor]) -> None:
    deadline = time.perf_counter() + load.seconds

    async def come_and_go(number: int) -> None:
        visit = 0
        while time.perf_counter() < deadline:
            async with AsyncExitStack() as leaving:
                # Another address each time, as another visitor has.
                visitor = _Visitor(load, observed, number + visit * load.visitors, leaving)
                for round_ in range(_QUESTIONS_PER_VISIT):
                    await visitor.ask(round_)
                    await asyncio.sleep(load.every_s)
            visit += 1

    await asyncio.gather(*(come_and_go(number) for number in range(load.visitors)))


async def _sample(load: Load, observed: Observed) -> None:
    began = time.perf_counter()
    while True:
        observed.sampled.append((time.perf_counter() - began, memory(load.pid).rss))
        await asyncio.sleep(load.memory_every_s)


_PATTERNS: dict[Pattern, Callable[[Load, Observed, Sequence[_Visitor]], Awaitable[None]]] = {
    "paced": _paced,
    "busy": _busy,
    "together": _together,
    "passing": _passing,
}


def _main() -> None:
    given: dict[str, Any] = json.load(sys.stdin)
    given["questions"] = tuple(given["questions"])
    json.dump(asdict(asyncio.run(_observe(Load(**given)))), sys.stdout)


if __name__ == "__main__":
    _main()
