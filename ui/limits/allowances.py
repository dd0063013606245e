"""What each network may ask of the few threads that search: an allowance, and turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.limits.rate_limit import TokenBucket, network
from ui.limits.turns import FullError, Pool

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from typing import TypeVar

    Done = TypeVar("Done")

# Of one network. Ten patients in one waiting room may share an address.
PER_SECOND, AT_ONCE = 2.0, 30
# Times as much for all networks: about what one process can do, and more would only wait.
_ALL_NETWORKS = 50
_FULL_S = 1.0


class TooFastError(Exception):
    """A network asks for more than its share; after `wait_s` seconds it may ask again."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(f"more searches than allowed, for {wait_s:.1f} s")


class Shares:
    """Some threads, and who may have how much of them; `allowance` takes the place of the usual."""

    def __init__(self, threads: int, *, allowance: TokenBucket | None = None) -> None:
        self.allowance = allowance or TokenBucket(
            per_second=PER_SECOND, at_once=AT_ONCE, together=_ALL_NETWORKS
        )
        self._pool = Pool(threads, each=AT_ONCE, name="search")

    def ask(self, address: str, cost: float, work: Callable[[], Done]) -> Future[Done]:
        """Do work of a cost for an address, of its network's allowance and in its turn.

        Raises TooFastError when the allowance is used up, or too much waits.
        """
        wait = self.allowance.acquire(address, cost)
        if wait:
            raise TooFastError(wait)
        return self.do(network(address), work)

    def do(self, owner: str, work: Callable[[], Done]) -> Future[Done]:
        """Do work in its owner's turn.

        Raises TooFastError when too much of it waits, and when the threads have stopped: there are
        others already, or the page ends.
        """
        try:
            return self._pool.submit(owner, work)
        except FullError:
            raise TooFastError(_FULL_S) from None

    def stop(self) -> None:
        """Cancel what waits; what is being done is finished."""
        self._pool.stop()
