"""An event loop whose clock jumps to the next thing that is due: hours pass in no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Sleeps by moving its own clock."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Jumping(self._pass))

    def time(self) -> float:
        return self._now

    def _pass(self, seconds: float) -> None:
        self._now += seconds


class _Jumping(selectors.SelectSelector):
    def __init__(self, let_pass: Callable[[float], None]) -> None:
        super().__init__()
        self._let_pass = let_pass

    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "everybody waits and nothing is due"
        self._let_pass(max(0.0, timeout))
        return super().select(0)


def simulate(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in simulated time, in a thread: the browser tests keep a loop running in this one."""

    def run() -> Any:
        with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
            return runner.run(work)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def now() -> float:
    """Return the time of the loop that runs here."""
    return asyncio.get_running_loop().time()
