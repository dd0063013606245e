"""Who is next among those who wait: by turns, with a bound, and nothing for nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ui.limits.rate_limit import TooFastError
from ui.limits.turns import Pool, Turns


def filled(*works: str, each: int = 9, due: Callable[[str], float] = lambda _work: 0) -> Turns[str]:
    """Return turns with work; its first letter is its owner."""
    turns: Turns[str] = Turns(each, due=due)
    for work in works:
        turns.add(work[0], work)
    return turns


def drained(turns: Turns[str]) -> list[str]:
    return list(iter(turns.take, None))


def test_owners_are_served_by_turns_and_each_in_its_own_order() -> None:
    turns = filled("a1", "a2", "a3", "b1", "c1")
    assert drained(turns) == ["a1", "b1", "c1", "a2", "a3"]
    assert len(turns) == 0


def test_one_owner_has_so_much_waiting_and_no_more_and_others_are_not_refused_for_it() -> None:
    turns = filled("a1", "a2", each=2)
    with pytest.raises(TooFastError):
        turns.add("a", "a3")
    turns.add("b", "b1")
    turns.take()
    turns.add("a", "a3")
    assert drained(turns) == ["b1", "a2", "a3"]


def test_what_is_dropped_takes_no_place_and_no_turn() -> None:
    turns = filled("a1", each=1)
    for owner, work in (("a", "a1"), ("a", "a1"), ("nobody", "x")):
        turns.drop(owner, work)
    turns.add("a", "a2")
    assert drained(turns) == ["a2"]


def test_who_may_not_is_passed_over_and_keeps_the_place() -> None:
    turns = filled("a1", "a2", "b1", "b2")
    assert turns.take(lambda owner: owner == "b") == "b1"
    assert turns.take(lambda _owner: False) is None
    assert drained(turns) == ["a1", "b2", "a2"]


def test_of_one_owner_what_is_due_first_goes_first_and_of_equals_what_came_first() -> None:
    turns = filled("a late 2", "a 1", "a next 1", "b 3", due=lambda work: float(work[-1]))
    assert drained(turns) == ["a 1", "b 3", "a next 1", "a late 2"]


@given(some.lists(some.tuples(some.sampled_from("abc"), some.integers()), max_size=30))
def test_all_that_waits_is_taken_once_and_nobody_twice_in_a_row_while_others_wait(
    added: list[tuple[str, int]],
) -> None:
    turns: Turns[tuple[str, int]] = Turns(each=99)
    for work in added:
        turns.add(work[0], work)
    left = list(added)
    last = ""
    while work := turns.take():
        if any(owner != last for owner, _ in left):
            assert work[0] != last
        left.remove(work)
        last = work[0]
    assert left == []


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(1, each=3, name="test")
    yield made
    made.stop()


def held(pool: Pool, release: Event) -> Future[bool]:
    """Keep the only thread busy until an event; return once it has begun."""
    begun = Event()

    def work() -> bool:
        begun.set()
        return release.wait(20)

    future = pool.submit("busy", work)
    assert begun.wait(20)
    return future


def test_work_is_done_by_turns_and_returned(pool: Pool) -> None:
    release = Event()
    done: list[str] = []
    busy = held(pool, release)
    waiting = [
        pool.submit(owner, lambda name=name: done.append(name))  # type: ignore[misc]
        for owner, name in (("a", "a1"), ("a", "a2"), ("b", "b1"))
    ]
    release.set()
    assert busy.result(20)
    for future in waiting:
        future.result(20)
    assert done == ["a1", "b1", "a2"]


def test_work_that_nobody_waits_for_is_never_begun_and_makes_room(pool: Pool) -> None:
    release = Event()
    held(pool, release)
    waiting = [pool.submit("a", lambda: pytest.fail("it was begun")) for _ in range(3)]
    with pytest.raises(TooFastError):
        pool.submit("a", lambda: None)
    assert all(future.cancel() for future in waiting)
    after = pool.submit("a", lambda: "done")
    release.set()
    assert after.result(20) == "done"


def test_an_error_is_raised_where_somebody_waits_and_the_thread_lives_on(pool: Pool) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pool.submit("a", fails).result(20)
    assert pool.submit("a", lambda: "done").result(20) == "done"


def test_a_pool_that_stops_leaves_nobody_waiting(pool: Pool) -> None:
    release = Event()
    busy = held(pool, release)
    waiting = pool.submit("a", lambda: None)
    pool.stop()
    with pytest.raises(CancelledError):
        waiting.result(20)
    release.set()
    assert busy.result(20)


def test_a_pool_that_has_stopped_refuses_work_and_keeps_none_of_it(pool: Pool) -> None:
    pool.stop()
    with pytest.raises(TooFastError):
        pool.submit("a", lambda: pytest.fail("it was begun"))
    assert len(pool._turns) == 0
