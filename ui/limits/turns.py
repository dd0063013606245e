"""Queues that take turns: each owner's first item in turn, whoever came first."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Generic, TypeVar

from ui.limits.rate_limit import TooFastError

Work = TypeVar("Work")
Result = TypeVar("Result")


class Turns(Generic[Work]):
    """A queue of at most `each` items for every owner; owners take turns.

    Within a queue the item with the smallest `due` is first, and of equals the oldest.
    """

    def __init__(self, each: int, *, due: Callable[[Work], float] = lambda _work: 0.0) -> None:
        self._each = each
        self._due = due
        self._queues: OrderedDict[str, deque[Work]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def add(self, owner: str, work: Work) -> None:
        """Queue work for an owner. Raises TooFastError when the owner's queue is full."""
        queue = self._queues.setdefault(owner, deque())
        if len(queue) >= self._each:
            raise TooFastError
        queue.append(work)

    def take(self, may: Callable[[str], bool] = lambda _owner: True) -> Work | None:
        """Remove and return the next owner's first item; None when nothing can be taken.

        An owner for whom `may` is false is skipped and keeps its position.
        """
        owner = next(filter(may, self._queues), None)
        if owner is None:
            return None
        queue = self._queues.pop(owner)
        work = min(queue, key=self._due)
        queue.remove(work)
        if queue:
            self._queues[owner] = queue  # behind all others
        return work

    def drop(self, owner: str, work: Work) -> None:
        """Remove work from its queue; nothing happens when it was taken already."""
        queue = self._queues.get(owner, deque())
        if work in queue:
            queue.remove(work)
        if not queue:
            self._queues.pop(owner, None)


class Pool:
    """A few threads that serve all owners in turn.

    Work that is cancelled before its turn never starts and leaves its queue.
    """

    def __init__(self, threads: int, *, each: int, name: str) -> None:
        self._turns: Turns[_Job] = Turns(each)
        self._lock = Lock()
        # Each submitted job adds one call of `_run_next`, which takes whatever job is next then. A
        # cancelled job leaves a call that finds nothing to do.
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def submit(self, owner: str, work: Callable[[], Result]) -> Future[Result]:
        """Queue work for an owner.

        Raises TooFastError when the owner's queue is full, and when the pool has stopped.
        """
        job = _Job(work)
        with self._lock:
            self._turns.add(owner, job)
            try:
                self._threads.submit(self._run_next)
            except RuntimeError:  # the pool has stopped
                self._turns.drop(owner, job)
                raise TooFastError from None
        job.future.add_done_callback(lambda future: self._forget(owner, job, future))
        return job.future

    def stop(self) -> None:
        """Cancel what waits; running work finishes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while job := self._next():
            job.future.cancel()

    def _run_next(self) -> None:
        if job := self._next():
            job.run()

    def _next(self) -> _Job | None:
        with self._lock:
            return self._turns.take()

    def _forget(self, owner: str, job: _Job, future: Future[Any]) -> None:
        if future.cancelled():
            with self._lock:
                self._turns.drop(owner, job)


class _Job:
    """Work and its future."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.future: Future[Any] = Future()
        self._work = work

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self._work()
        except BaseException as error:  # noqa: BLE001  raised where the future is waited for
            self.future.set_exception(error)
            del self  # breaks the reference cycle: error, traceback, frame, self, error
        else:
            self.future.set_result(result)
