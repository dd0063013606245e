"""Who counts as one visitor, and what a question costs."""

from __future__ import annotations

import pytest

from core.text.normalize import MAX_QUERY_CHARS
from ui.limits import rate_limit
from ui.limits.rate_limit import TokenBucket, network, work_of_search


@pytest.mark.parametrize(
    ("address", "visitor"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:c000:0207", "192.0.2.7"),
        ("0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:192.0.2.7]", "192.0.2.7"),
        ("64:ff9b::192.0.2.7", "192.0.2.7"),
        ("2002:c000:0207:1::9", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/56"),
        ("2001:0db8:0001:00ff::9", "2001:db8:1::/56"),
        ("2001:db8:1:100::9", "2001:db8:1:100::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("fe80::2%wlan0", "fe80::/56"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("", ""),
        ("testclient", "testclient"),
        ("300.1.1.1", "300.1.1.1"),
    ],
)
def test_an_address_belongs_to_one_network_however_it_is_written(
    address: str, visitor: str
) -> None:
    assert network(address) == visitor


def test_all_the_networks_of_one_home_are_one_visitor() -> None:
    assert len({network(f"2001:db8:1:{number:x}::1") for number in range(256)}) == 1


def test_visitors_of_a_socket_for_both_kinds_of_addresses_do_not_share_an_allowance() -> None:
    allowance = TokenBucket(per_second=1.0, at_once=1, clock=lambda: 0.0)
    assert allowance.acquire("::ffff:192.0.2.1") == 0
    assert allowance.acquire("::ffff:192.0.2.2") == 0
    assert allowance.acquire("192.0.2.1") > 0


@pytest.mark.parametrize(
    ("chars", "cost"), [(0, 1), (1, 1), (500, 1), (501, 2), (1000, 2), (MAX_QUERY_CHARS, 8)]
)
def test_a_question_costs_a_search_for_each_500_characters(chars: int, cost: int) -> None:
    assert work_of_search("x" * chars) == cost


def test_an_allowance_counts_work_and_not_how_often_and_fills_up_again_with_time() -> None:
    now = [0.0]
    allowance = TokenBucket(per_second=2.0, at_once=10, clock=lambda: now[0])
    assert allowance.acquire("a", 8) == 0
    assert allowance.acquire("a", 8) == pytest.approx(3.0)
    assert [allowance.acquire("a") for _ in range(3)] == [0, 0, pytest.approx(0.5)]
    now[0] = 0.5
    assert [allowance.acquire("a") for _ in range(2)] == [0, pytest.approx(0.5)]
    now[0] = 100.0
    assert [allowance.acquire("a", 5) for _ in range(3)] == [0, 0, pytest.approx(2.5)]


def test_all_addresses_together_have_an_allowance_too() -> None:
    allowance = TokenBucket(per_second=1.0, at_once=2, together=3, clock=lambda: 0.0)
    waits = [allowance.acquire(f"192.0.2.{number}") for number in range(9)]
    assert waits.count(0) == 6
    assert waits[-1] > 0


def test_addresses_are_forgotten_once_their_allowance_is_full_and_at_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    allowance = TokenBucket(per_second=1.0, at_once=9, together=99, clock=lambda: now[0])

    def ask_as_fifty() -> int:
        for number in range(50):
            allowance.acquire(f"192.0.2.{number}")
        return len(allowance._full_at)

    assert ask_as_fifty() == 50
    now[0] = 2.0
    allowance.acquire("192.0.2.99")
    assert list(allowance._full_at) == ["192.0.2.99"]
    monkeypatch.setattr(rate_limit, "MOST_ADDRESSES", 5)
    assert ask_as_fifty() == 5


def test_what_costs_more_than_all_that_is_allowed_needs_a_full_allowance() -> None:
    now = [0.0]
    allowance = TokenBucket(per_second=1.0, at_once=3, clock=lambda: now[0])
    assert allowance.acquire("a", 99) == 0
    assert allowance.acquire("a", 99) == pytest.approx(3.0)
    now[0] = 3.0
    assert allowance.acquire("a", 99) == 0
