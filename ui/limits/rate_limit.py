"""How much work a network may ask for and how much it may send: nothing is logged.

Work is counted in searches of a short question. A visitor is a network (`network`), over page, form
and API alike.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

BODY_BYTES = 64_000
"""Enough for the longest question in any language, in a form or as JSON."""
BODY_S = 10.0
MOST_ADDRESSES = 10_000
CHARS_PER_SEARCH = 500
_ROUNDING_S = 1e-6
_FULL_QUEUE_S = 1.0
LOOPBACK = "127.0.0.1"
SITE_BITS = 56
"""A home or a clinic gets an IPv6 network of /48 to /56 (RFC 6177). Counted by /64, one line would
be 256 visitors and could use up the page alone."""
# IPv4 addresses that a gateway has translated into IPv6 (RFC 6052, well-known prefix).
_TRANSLATED = ip_network("64:ff9b::/96")


class TooFastError(Exception):
    """A network asks for more than its share; after `wait_s` seconds it may ask again."""

    def __init__(self, wait_s: float = _FULL_QUEUE_S) -> None:
        self.wait_s = wait_s
        super().__init__(f"more work than allowed, for {wait_s:.1f} s")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a network and all networks together may do.

    `work` is the work of drawing; searches are limited apart (ui/service/engine.py). A page, or a
    message that redraws it, costs 1, and each 1,000 bytes sent cost 1 more. Work above the rate
    waits its turn (ui/limits/fair_queue.py). It is refused only when `waiting` of the network wait
    already, more than its sockets and connections (ui/server/listener.py) can have waiting.
    """

    connections: int = 400
    connections_per_address: int = 40
    messages_per_second: float = 5.0
    messages_at_once: int = 30
    message_bytes: int = 256_000
    work_per_second: float = 20.0
    work_at_once: int = 100
    waiting: int = 400
    address_bytes: int = 2_048


class TokenBucket:
    """A token bucket for each network and one for all of them. Thread-safe.

    It stores one time per network, and forgets the network once its bucket is full again.
    """

    def __init__(
        self,
        *,
        per_second: float,
        at_once: int,
        together: int = 10,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._together = together
        self._clock = clock
        self._lock = Lock()
        # When each bucket will be full again, least recently used first.
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._all_full_at = 0.0

    def acquire(self, address: str, cost: float = 1.0) -> float:
        """Take work from a bucket; return 0 if allowed, else the seconds until it will be.

        A cost above a full bucket needs a full one. All networks together have `together` buckets.
        """
        visitor = network(address)
        capacity_s = self._at_once / self._per_second
        cost_s = min(cost, self._at_once) / self._per_second
        shared_cost_s = cost_s / self._together
        with self._lock:
            now = self._clock()
            self._forget(now)
            full_at = max(self._full_at.get(visitor, now), now) + cost_s
            all_full_at = max(self._all_full_at, now) + shared_cost_s
            wait_s = max(full_at, all_full_at) - now - capacity_s
            if wait_s > _ROUNDING_S:
                return wait_s
            self._full_at[visitor] = full_at
            self._full_at.move_to_end(visitor)
            self._all_full_at = all_full_at
        return 0.0

    def _forget(self, now: float) -> None:
        while self._full_at:
            name, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) < MOST_ADDRESSES:
                return
            del self._full_at[name]


def network(address: str) -> str:
    """Return what counts as one visitor: an IPv4 address, or the /56 of an IPv6 address.

    An IPv4 address written as IPv6 is that IPv4 address: on a dual-stack socket all of them arrive
    so, and would share one network otherwise.
    """
    try:
        known = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        if known.is_loopback:
            return LOOPBACK
        return str(_ipv4_in(known) or ip_network(f"{known}/{SITE_BITS}", strict=False))
    return str(known)


def _ipv4_in(known: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside an IPv6 address; a 6to4 site has a single one."""
    if known in _TRANSLATED:
        return IPv4Address(int(known) & 0xFFFFFFFF)
    return known.ipv4_mapped or known.sixtofour


def work_of_search(question: str) -> int:
    """Return the cost of a search: 1 for each 500 characters that have begun."""
    return max(1, ceil(len(question) / CHARS_PER_SEARCH))


def address_of(request: Request) -> str:
    """Return the address that a request comes from; empty if the server does not know it."""
    return request.client.host if request.client else ""


def kind_of(request: Request) -> str:
    """Return the content type of a request without its character set."""
    return str(request.headers.get("content-type", "")).partition(";")[0].strip().lower()


async def body_of(request: Request) -> bytes | None:
    """Read the body of a request; None if it is too large, too slow or incomplete."""
    body = b""
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                body += part
                if len(body) > BODY_BYTES:
                    return None
    except (TimeoutError, ClientDisconnect):  # uncaught, the latter logs a traceback
        return None
    return body
