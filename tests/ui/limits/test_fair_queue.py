"""Work that waits until it is allowed: in simulated time, from many networks at once."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from tests.support.simulated import now, simulate
from ui.limits.fair_queue import FairQueue
from ui.limits.rate_limit import TokenBucket, TooFastError

SECONDS = 40.0


def queue(*, per_second: float = 20.0, at_once: int = 100, each: int = 400) -> FairQueue:
    allowance = TokenBucket(per_second=per_second, at_once=at_once, together=5, clock=now)
    return FairQueue(allowance, each=each)


async def crowd(
    made: FairQueue, networks: int, *, sockets: int = 20, cost: int = 1
) -> list[asyncio.Task[None]]:
    """Have sockets of some networks send 5 messages a second; return once they wait."""

    async def socket(address: str) -> None:
        while True:
            await made.turn(address, cost)
            await asyncio.sleep(0.2)

    addresses = [f"192.0.2.{number % networks}" for number in range(networks * sockets)]
    tasks = [asyncio.create_task(socket(address)) for address in addresses]
    await asyncio.sleep(30)
    assert len(made) > networks
    return tasks


async def waits(made: FairQueue, address: str, cost: int = 1, every_s: float = 0.6) -> list[float]:
    """Send for a while as somebody else; return how long each message waited."""
    waited = []
    until = now() + SECONDS
    while now() < until:
        began = now()
        await made.turn(address, cost)
        waited.append(now() - began)
        await asyncio.sleep(every_s)
    return waited


@pytest.mark.parametrize(
    ("networks", "sockets", "cost"), [(1, 40, 1), (6, 20, 1), (6, 20, 3), (6, 40, 250), (10, 40, 5)]
)
def test_a_crowd_of_any_kind_does_not_delay_a_visitor(
    networks: int, sockets: int, cost: int
) -> None:
    async def scenario() -> list[float]:
        made = queue()
        await crowd(made, networks, sockets=sockets, cost=cost)
        return await waits(made, "198.51.100.1", cost=2)

    waited = simulate(scenario())
    assert len(waited) > 40
    assert max(waited) < 0.5


def test_what_costs_much_comes_to_its_turn_and_what_costs_little_goes_first() -> None:
    async def scenario() -> list[str]:
        made = queue(per_second=100.0, at_once=10)
        order: list[str] = []

        async def one(name: str, cost: int) -> None:
            await made.turn("192.0.2.1", cost)
            order.append(name)

        await one("first", 10)
        await asyncio.gather(one("dear", 50), one("cheap", 1), one("second", 2))
        return order

    assert simulate(scenario()) == ["first", "cheap", "second", "dear"]


def test_work_of_a_network_is_finished_evenly_and_not_all_in_one_moment() -> None:
    """Twenty pages at once would keep everybody else from the processor."""

    async def scenario() -> list[float]:
        made = queue(per_second=10.0, at_once=1)
        times: list[float] = []

        async def one() -> None:
            await made.turn("192.0.2.1", 5)
            times.append(now())

        await asyncio.gather(*(one() for _ in range(20)))
        return times

    times = simulate(scenario())
    assert [later - time for time, later in pairwise(times)] == [pytest.approx(0.5)] * 19


def test_what_is_dear_has_its_turn_while_its_network_sends_cheap_work_without_end() -> None:
    async def scenario() -> None:
        made = queue()
        tasks = await crowd(made, 1, sockets=40)
        await asyncio.wait_for(made.turn("192.0.2.0", 9), 20)
        assert not any(task.done() for task in tasks)

    simulate(scenario())


def test_networks_that_wait_get_the_same_and_all_together_what_is_allowed() -> None:
    async def scenario() -> list[int]:
        made = queue()
        await crowd(made, 6)
        return await asyncio.gather(
            *(_passed(made, f"192.0.2.{number}", 10.0) for number in range(6))
        )

    passed = simulate(scenario())
    assert max(passed) - min(passed) <= 1


async def _passed(made: FairQueue, address: str, seconds: float) -> int:
    count = 0
    until = now() + seconds
    while now() < until:
        await made.turn(address)
        count += 1
    return count


def test_a_network_alone_gets_no_more_than_its_own_rate() -> None:
    async def scenario() -> int:
        return await _passed(queue(), "192.0.2.1", 10.0)

    assert simulate(scenario()) == pytest.approx(100 + 10 * 20, abs=2)


def test_nothing_that_waits_is_lost() -> None:
    async def scenario() -> tuple[float, int]:
        made = queue(per_second=1.0, at_once=1)
        began = now()
        await asyncio.gather(*(made.turn("192.0.2.1") for _ in range(50)))
        return now() - began, len(made)

    assert simulate(scenario()) == (pytest.approx(49.0), 0)


def test_what_is_cancelled_leaves_nothing_behind_and_delays_nobody() -> None:
    async def scenario() -> None:
        made = queue(per_second=1.0, at_once=1)
        await made.turn("192.0.2.1")
        gone = [asyncio.create_task(made.turn("192.0.2.1", 9)) for _ in range(20)]
        await asyncio.sleep(0.5)
        stays = asyncio.create_task(made.turn("192.0.2.1"))
        await asyncio.sleep(0)
        for task in gone:
            task.cancel()
        await asyncio.wait_for(stays, 1.0)
        assert len(made) == 0
        assert made._timer is None

    simulate(scenario())


def test_what_is_cancelled_in_the_moment_of_its_turn_does_no_harm() -> None:
    async def scenario() -> None:
        made = queue(per_second=1.0, at_once=1)
        await made.turn("192.0.2.1")
        first, second = (asyncio.create_task(made.turn("192.0.2.1")) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        made._serve()
        await asyncio.sleep(3)
        assert second.done()
        assert not second.exception()

    simulate(scenario())


def test_one_network_has_so_much_waiting_and_others_are_not_refused_for_it() -> None:
    async def scenario() -> None:
        made = queue(per_second=1.0, at_once=1, each=3)
        tasks = [asyncio.create_task(made.turn("192.0.2.1")) for _ in range(4)]
        await asyncio.sleep(0)
        assert len(made) == 3
        with pytest.raises(TooFastError):
            await made.turn("192.0.2.1")
        await made.turn("192.0.2.2")
        await asyncio.gather(*tasks)

    simulate(scenario())
