"""Many visitors at once, in a process of their own: the server must not wait for its own load.

`run` starts that process and returns what it saw. The child takes one order as JSON on its
standard input and answers with JSON on its standard output.
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
from pathlib import Path
from typing import Any, Literal

from benchmarks.processes import Memory, memory, processor_s
from benchmarks.session import Session, VisitError, visiting

_ROOT = Path(__file__).resolve().parent.parent
_ARRIVING_AT_ONCE = 10
_QUESTIONS_A_VISIT = 3
_AFTER_FAILURE_S = 0.5
_NOTHING = Memory(0, 0, 0)

Pattern = Literal["paced", "busy", "together", "passing"]


@dataclass(frozen=True, slots=True)
class Order:
    """What a crowd is to do, and to whom.

    `paced` asks every `every_s` seconds, each visitor at a moment of its own; `busy` asks again as
    soon as it is answered; `together` asks all at one moment, waits for all, and again every
    `every_s`; `passing` visitors come, ask three questions, each read for `every_s`, leave, and
    others come.
    `rest_s` is for how long afterwards the server is left alone before its memory is read again.
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
class Seen:
    """What a crowd saw: seconds of every reply, failures by what was wrong, and the costs.

    `before` is the server's memory before anybody came, `present` with everybody there at the end
    of the load, `after` when all had left and the rest was over. `sampled` holds seconds since the
    load began, and the RSS in MB then.
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


def run(order: Order) -> Seen:
    """Let a crowd loose from another process and return what it saw.

    Raises CalledProcessError when that process fails; visitors who fail are counted instead.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crowd"],
        input=json.dumps(asdict(order)),
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        check=True,
    )
    return seen_from(json.loads(done.stdout))


def seen_from(told: Any) -> Seen:
    """Make a `Seen` of what the child told."""
    told["sampled"] = [(seconds, rss) for seconds, rss in told["sampled"]]
    for moment in ("before", "present", "after"):
        told[moment] = Memory(**told[moment])
    return Seen(**told)


def question_of(questions: Sequence[str], visitor: int, round_: int, visitors: int) -> str:
    """Return what a visitor asks in a round: nobody else asks it then, while there are enough."""
    return questions[(visitor + round_ * visitors) % len(questions)]


async def crowd(order: Order) -> Seen:
    """Be the visitors that an order names."""
    seen = Seen(before=memory(order.pid))
    async with AsyncExitStack() as leaving:
        visitors: list[_Visitor] = []
        if order.pattern != "passing":
            visitors = await _arrived(order, seen, leaving)
        watched = asyncio.create_task(_watched(order, seen)) if order.memory_every_s else None
        began, server, own = time.perf_counter(), processor_s(order.pid), time.process_time()
        await _PATTERNS[order.pattern](order, seen, visitors)
        # The last question may be answered long before the next would have been due.
        await asyncio.sleep(max(0.0, began + order.seconds - time.perf_counter()))
        seen.seconds = time.perf_counter() - began
        seen.server_s = processor_s(order.pid) - server
        seen.own_s = time.process_time() - own
        seen.present = memory(order.pid)
        if watched:
            watched.cancel()
    await asyncio.sleep(order.rest_s)
    seen.after = memory(order.pid)
    return seen


class _Visitor:
    """One of the crowd, who comes again when the connection is lost."""

    def __init__(self, order: Order, seen: Seen, number: int, leaving: AsyncExitStack) -> None:
        self._order = order
        self._seen = seen
        self._number = number
        self._leaving = leaving
        self._session: Session | None = None

    async def ask(self, round_: int) -> None:
        order, seen = self._order, self._seen
        asked = question_of(order.questions, self._number, round_, order.visitors)
        try:
            if self._session is None:
                seen.visits += 1
                self._session = await self._leaving.enter_async_context(
                    visiting(order.url, self._number)
                )
            seen.replies_s.append((await self._session.ask(asked)).seconds)
        except VisitError as error:
            seen.errors[str(error)] = seen.errors.get(str(error), 0) + 1
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


async def _arrived(order: Order, seen: Seen, leaving: AsyncExitStack) -> list[_Visitor]:
    """Let all come, a few at a time, and ask once; how long that took does not count."""
    visitors = [_Visitor(order, seen, number, leaving) for number in range(order.visitors)]
    door = asyncio.Semaphore(_ARRIVING_AT_ONCE)

    async def come(visitor: _Visitor) -> None:
        async with door:
            await visitor.ask(-1)

    await asyncio.gather(*(come(visitor) for visitor in visitors))
    seen.replies_s.clear()
    return visitors


async def _paced(order: Order, _seen: Seen, visitors: Sequence[_Visitor]) -> None:
    deadline = time.perf_counter() + order.seconds
    gap = order.every_s / len(visitors)
    await asyncio.gather(
        *(one.until(deadline, gap * i, order.every_s) for i, one in enumerate(visitors))
    )


async def _busy(order: Order, _seen: Seen, visitors: Sequence[_Visitor]) -> None:
    deadline = time.perf_counter() + order.seconds
    await asyncio.gather(*(one.until(deadline, 0.0, 0.0) for one in visitors))


async def _together(order: Order, _seen: Seen, visitors: Sequence[_Visitor]) -> None:
    deadline = time.perf_counter() + order.seconds
    due = time.perf_counter()
    round_ = 0
    while due < deadline:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await asyncio.gather(*(one.ask(round_) for one in visitors))
        round_ += 1
        due = max(due + order.every_s, time.perf_counter())


async def _passing(order: Order, seen: Seen, _visitors: Sequence[_Visitor]) -> None:
    deadline = time.perf_counter() + order.seconds

    async def place(number: int) -> None:
        visit = 0
        while time.perf_counter() < deadline:
            # Another address each time, as another visitor has.
            who = number + visit * order.visitors
            async with AsyncExitStack() as leaving:
                one = _Visitor(order, seen, who, leaving)
                for round_ in range(_QUESTIONS_A_VISIT):
                    await one.ask(round_)
                    await asyncio.sleep(order.every_s)
            visit += 1

    await asyncio.gather(*(place(number) for number in range(order.visitors)))


async def _watched(order: Order, seen: Seen) -> None:
    began = time.perf_counter()
    while True:
        seen.sampled.append((time.perf_counter() - began, memory(order.pid).rss))
        await asyncio.sleep(order.memory_every_s)


_PATTERNS: dict[Pattern, Callable[[Order, Seen, Sequence[_Visitor]], Awaitable[None]]] = {
    "paced": _paced,
    "busy": _busy,
    "together": _together,
    "passing": _passing,
}


def main() -> int:
    """Take an order from standard input, carry it out, and tell what was seen."""
    told = json.load(sys.stdin)
    told["questions"] = tuple(told["questions"])
    seen = asyncio.run(crowd(Order(**told)))
    json.dump(asdict(seen), sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
