"""A queue in which work waits until its network's allowance permits it, networks in turn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.limits.rate_limit import network
from ui.limits.turns import Turns

if TYPE_CHECKING:
    from ui.limits.rate_limit import TokenBucket


# Within a network each remaining turn counts as so much later an arrival: cheap work overtakes
# expensive work, which still gets its turn, and work that has begun is finished. Serving a little
# of everything would finish everything in the same moment.
_SECONDS_PER_TURN = 1.0


class FairQueue:
    """A queue for each network, served in turn as soon as the allowance permits.

    Work of cost n needs n turns, so a network that sends much gets no more than others. A network
    without allowance is skipped and keeps its position. For one event loop; not thread-safe.
    """

    def __init__(self, allowance: TokenBucket, *, each: int) -> None:
        self._allowance = allowance
        self._turns: Turns[_Work] = Turns(each, due=_Work.due)
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._turns)

    async def turn(self, address: str, cost: int = 1) -> None:
        """Wait until work of this cost is allowed; cost 0 never waits.

        Raises TooFastError when too much of the network's work waits already. Cancelled work leaves
        the queue.
        """
        if not cost:
            return
        loop = asyncio.get_running_loop()
        work = _Work(network(address), cost, loop.time(), loop.create_future())
        self._turns.add(work.owner, work)
        self._serve()
        try:
            await work.allowed
        finally:
            self._turns.drop(work.owner, work)
            if not len(self):
                self._serve_after(None)

    def _serve(self) -> None:
        """Let everything through that is allowed now; come back when more will be."""
        waits_s: list[float] = []

        def is_allowed(owner: str) -> bool:
            waits_s.append(self._allowance.acquire(owner))
            return not waits_s[-1]

        while work := self._turns.take(is_allowed):
            waits_s.clear()
            if work.allowed.done():  # cancelled a moment ago and not dropped yet
                continue
            work.turns_left -= 1
            if work.turns_left:
                self._turns.add(work.owner, work)
            else:
                work.allowed.set_result(None)
        self._serve_after(min(waits_s, default=None))

    def _serve_after(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._serve)


@dataclass(eq=False, slots=True)
class _Work:
    owner: str
    turns_left: int
    arrived: float
    allowed: asyncio.Future[None]

    def due(self) -> float:
        return self.arrived + self.turns_left * _SECONDS_PER_TURN
