"""Work that waits until it is allowed: by turns among the networks, and not by luck."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.limits.rate_limit import network
from ui.limits.turns import Turns

if TYPE_CHECKING:
    from ui.limits.rate_limit import TokenBucket


# Among the work of one network, what has one turn less before it is as if it had come so much
# earlier: what is cheap passes what is dear, which still comes to its turn, and what was begun is
# finished. A little of each in turn would finish all of it in the same moment.
_EARLIER_S = 1.0


class FairQueue:
    """A queue for each network, begun by turns as soon as the allowance lets it be.

    Work of a cost takes as many turns, so a network that sends much does not take more than
    others. A network that has used up its own allowance keeps its place and is passed over: it
    waits behind its own work only. For one event loop; without threads.
    """

    def __init__(self, allowance: TokenBucket, *, each: int) -> None:
        self._allowance = allowance
        self._turns: Turns[_Work] = Turns(each, due=_Work.due)
        self._again: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._turns)

    async def turn(self, address: str, cost: int = 1) -> None:
        """Wait until work of a cost is allowed, and take it; what costs nothing never waits.

        Raises FullError when too much of the network's waits already. What is cancelled leaves
        nothing behind.
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
                self._wake_after(None)

    def _serve(self) -> None:
        """Begin all that is allowed now, and come back when more of it will be."""
        waits: list[float] = []

        def may(owner: str) -> bool:
            waits.append(self._allowance.acquire(owner))
            return not waits[-1]

        while work := self._turns.take(may):
            waits.clear()
            if work.allowed.done():  # cancelled a moment ago, and not dropped yet
                continue
            work.turns_left -= 1
            if work.turns_left:
                self._turns.add(work.owner, work)
            else:
                work.allowed.set_result(None)
        self._wake_after(min(waits, default=None))

    def _wake_after(self, seconds: float | None) -> None:
        if self._again is not None:
            self._again.cancel()
        self._again = None
        if seconds is not None:
            self._again = asyncio.get_running_loop().call_later(seconds, self._serve)


@dataclass(eq=False, slots=True)
class _Work:
    owner: str
    turns_left: int
    came: float
    allowed: asyncio.Future[None]

    def due(self) -> float:
        return self.came + self.turns_left * _EARLIER_S
