"""Whose work is done next: by turns among those who wait, and not by who came first."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Generic, TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")


class FullError(Exception):
    """Somebody has as much waiting already as may wait, or nothing is begun any longer."""


class Turns(Generic[Work]):
    """A queue for each owner, of which each in turn gives its first; `each` may wait in one.

    First is what has the smallest `due`, and of equals what came first.
    """

    def __init__(self, each: int, *, due: Callable[[Work], float] = lambda _work: 0.0) -> None:
        self._each = each
        self._due = due
        self._queues: OrderedDict[str, deque[Work]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def add(self, owner: str, work: Work) -> None:
        """Let work wait behind its owner's other work; raises FullError when that is too much."""
        queue = self._queues.setdefault(owner, deque())
        if len(queue) >= self._each:
            raise FullError
        queue.append(work)

    def take(self, may: Callable[[str], bool] = lambda _owner: True) -> Work | None:
        """Return the first work of the owner whose turn it is, None when nothing waits.

        Owners that may not are passed over and keep their place.
        """
        owner = next(filter(may, self._queues), None)
        if owner is None:
            return None
        queue = self._queues.pop(owner)
        work = min(queue, key=self._due)
        queue.remove(work)
        if queue:  # and it is the others' turn
            self._queues[owner] = queue
        return work

    def drop(self, owner: str, work: Work) -> None:
        """Forget work that nobody wants any longer, unless it was taken already."""
        queue = self._queues.get(owner, deque())
        if work in queue:
            queue.remove(work)
        if not queue:
            self._queues.pop(owner, None)


class Pool:
    """A few threads that work for all owners by turns.

    What is cancelled before its turn is never begun, and takes no place among those that wait.
    """

    def __init__(self, threads: int, *, each: int, name: str) -> None:
        self._turns: Turns[_Job] = Turns(each)
        self._lock = Lock()
        # It gets as many tickets as there is work; which work a ticket is for, the turns say. The
        # ticket of work that was cancelled stays until a thread finds nothing for it: there are
        # no more of them than searches were allowed while all threads were busy.
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def submit(self, owner: str, work: Callable[[], Done]) -> Future[Done]:
        """Let work wait for its owner's turn.

        Raises FullError when too much of it waits, and when the pool has stopped.
        """
        job = _Job(work)
        with self._lock:
            self._turns.add(owner, job)
            try:
                self._threads.submit(self._next)
            except RuntimeError:  # it has stopped
                self._turns.drop(owner, job)
                raise FullError from None
        job.future.add_done_callback(lambda future: self._forget(owner, job, future))
        return job.future

    def stop(self) -> None:
        """Cancel what waits; what is being done is finished."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while job := self._taken():
            job.future.cancel()

    def _next(self) -> None:
        if job := self._taken():
            job.run()

    def _taken(self) -> _Job | None:
        with self._lock:
            return self._turns.take()

    def _forget(self, owner: str, job: _Job, future: Future[Any]) -> None:
        if future.cancelled():
            with self._lock:
                self._turns.drop(owner, job)


class _Job:
    """Work, and what its owner waits with."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.future: Future[Any] = Future()
        self._work = work

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            done = self._work()
        except BaseException as error:  # noqa: BLE001  whoever waits raises it
            self.future.set_exception(error)
            del self  # or the error, by its traceback, would hold itself
        else:
            self.future.set_result(done)
