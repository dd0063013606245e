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
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field

from benchmarks.harness.options import ROOT
from benchmarks.harness.processes import Memory, memory, processor_s
from benchmarks.harness.session import Session, VisitError, visiting

_ARRIVING_AT_ONCE = 10
_QUESTIONS_PER_VISIT = 3
_AFTER_FAILURE_S = 0.5
_NOTHING = Memory(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Load:
    """How many visitors ask what, and how.

    Each asks every `every_s` seconds at a moment of its own; with 0, again as soon as it is
    answered. If `passing`, visitors come, ask three questions, read each answer for `every_s`,
    leave, and others come. For `rest_s` afterwards the server is left alone before its memory is
    read again. `memory_every_s` is how often memory is read meanwhile, 0 for never.
    """

    url: str
    pid: int
    visitors: int
    questions: tuple[str, ...]
    seconds: float
    every_s: float = 5.0
    passing: bool = False
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
    for moment in ("before", "present", "after"):
        record[moment] = Memory(**record[moment])
    return Observed(**record)


def question_of(questions: Sequence[str], visitor: int, round_: int, visitors: int) -> str:
    """Return what a visitor asks in a round: no other asks it then, while there are enough."""
    return questions[(visitor + round_ * visitors) % len(questions)]


class _Visitor:
    """A visitor who connects again after losing the connection."""

    def __init__(
        self, load: Load, observed: Observed, number: int, connections: AsyncExitStack
    ) -> None:
        self._load, self._observed, self._number = load, observed, number
        self._connections = connections
        self._session: Session | None = None

    async def ask(self, round_: int) -> None:
        load, observed = self._load, self._observed
        question = question_of(load.questions, self._number, round_, load.visitors)
        try:
            if self._session is None:
                observed.visits += 1
                connection = visiting(load.url, self._number)
                self._session = await self._connections.enter_async_context(connection)
            observed.replies_s.append((await self._session.ask(question)).seconds)
        except VisitError as error:
            observed.errors[str(error)] = observed.errors.get(str(error), 0) + 1
            self._session = None
            await asyncio.sleep(_AFTER_FAILURE_S)

    async def ask_until(self, deadline: float, first_after_s: float) -> None:
        due, round_ = time.perf_counter() + first_after_s, 0
        while due < deadline:
            await asyncio.sleep(due - time.perf_counter())
            await self.ask(round_)
            round_ += 1
            due = max(due + self._load.every_s, time.perf_counter())


async def _observe(load: Load) -> Observed:
    observed = Observed(before=memory(load.pid))
    async with AsyncExitStack() as connections:
        visitors = [] if load.passing else await _arrive(load, observed, connections)
        began, server, own = time.perf_counter(), processor_s(load.pid), time.process_time()
        sampling = asyncio.create_task(_sample(load, observed, began))
        deadline, gap = began + load.seconds, load.every_s / load.visitors
        if load.passing:
            work = [_come_and_go(load, observed, i, deadline) for i in range(load.visitors)]
        else:
            work = [visitor.ask_until(deadline, gap * i) for i, visitor in enumerate(visitors)]
        await asyncio.gather(*work)
        # The last question may be answered long before the next would have been due.
        await asyncio.sleep(deadline - time.perf_counter())
        observed.seconds = time.perf_counter() - began
        observed.server_s = processor_s(load.pid) - server
        observed.own_s = time.process_time() - own
        observed.present = memory(load.pid)
        sampling.cancel()
    await asyncio.sleep(load.rest_s)
    observed.after = memory(load.pid)
    return observed


async def _arrive(load: Load, observed: Observed, connections: AsyncExitStack) -> list[_Visitor]:
    """Let all come, a few at a time, and ask once; the time of that does not count."""
    visitors = [_Visitor(load, observed, number, connections) for number in range(load.visitors)]
    entrance = asyncio.Semaphore(_ARRIVING_AT_ONCE)

    async def come(visitor: _Visitor) -> None:
        async with entrance:
            await visitor.ask(-1)

    await asyncio.gather(*(come(visitor) for visitor in visitors))
    observed.replies_s.clear()
    return visitors


async def _come_and_go(load: Load, observed: Observed, number: int, deadline: float) -> None:
    while time.perf_counter() < deadline:
        async with AsyncExitStack() as connection:
            visitor = _Visitor(load, observed, number, connection)
            for round_ in range(_QUESTIONS_PER_VISIT):
                await visitor.ask(round_)
                await asyncio.sleep(load.every_s)
        number += load.visitors  # another address each time, as another visitor has


async def _sample(load: Load, observed: Observed, began: float) -> None:
    while load.memory_every_s:
        observed.sampled.append((time.perf_counter() - began, memory(load.pid).rss))
        await asyncio.sleep(load.memory_every_s)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    given["questions"] = tuple(given["questions"])
    json.dump(asdict(asyncio.run(_observe(Load(**given)))), sys.stdout)
