"""How much work a network may ask for, and how much it may send in: no logging, nothing kept long.

Work is counted in searches of a short question. Who asks is a network (`network`), by whatever
door: the page's socket, the form without JavaScript, or the one for programs.
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
"""As much as the longest question takes in any language, in a form or as JSON."""
BODY_S = 10.0
MOST_ADDRESSES = 10_000
CHARS_OF_A_SEARCH = 500
"""As long as a question is that costs one search. Of longer ones each part costs another."""
_ROUNDING_S = 1e-6
LOOPBACK = "127.0.0.1"
SITE_BITS = 56
"""A home or a clinic is given an IPv6 network of /48 to /56 (RFC 6177): one line has at least 256
networks of /64, and counted by those it could take every place of the page alone."""
# Where an IPv4 address stands in an IPv6 one: translated by a gateway (RFC 6052, its usual prefix).
_TRANSLATED = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one network and all together may do; messages are refilled per second.

    `work` is that of drawing, searches apart (ui/service/engine.py has those): one for each page,
    or each message that has one drawn, and one more for each 1,000 bytes that are sent in. What is
    above waits its turn (ui/limits/fair_queue.py). It is refused only where `waiting` of the
    network wait already, which is more than its sockets and connections (ui/server/listener.py) can
    have waiting.
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
    """A bucket of work for each network, filled up again with time, and one for all of them.

    Nothing but the time is kept of a network, and nothing at all once its bucket is full again.
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
        # When each bucket will be full again, those not used for longest first.
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._all_full_at = 0.0

    def acquire(self, address: str, cost: float = 1.0) -> float:
        """Take some work; return 0 where it is allowed, else after how many seconds it will be.

        What costs more than a full bucket needs a full one. `together` times as much is allowed to
        all addresses.
        """
        visitor = network(address)
        full = self._at_once / self._per_second
        mine_s = min(cost, self._at_once) / self._per_second
        of_all_s = mine_s / self._together
        with self._lock:
            now = self._clock()
            self._forget(now)
            mine = max(self._full_at.get(visitor, now), now) + mine_s
            everybodys = max(self._all_full_at, now) + of_all_s
            wait = max(mine, everybodys) - now - full
            if wait > _ROUNDING_S:
                return wait
            self._full_at[visitor] = mine
            self._full_at.move_to_end(visitor)
            self._all_full_at = everybodys
        return 0.0

    def _forget(self, now: float) -> None:
        while self._full_at:
            name, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) < MOST_ADDRESSES:
                return
            del self._full_at[name]


def network(address: str) -> str:
    """Return what counts as one visitor: an IPv4 address, or the /56 of an IPv6 address.

    An IPv4 address that is written as IPv6 is that IPv4 address: on a socket for both, all of them
    arrive so, and would share one network otherwise.
    """
    try:
        known = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        if known.is_loopback:
            return LOOPBACK
        held = _ipv4_in(known)
        return str(held or ip_network(f"{known}/{SITE_BITS}", strict=False))
    return str(known)


def _ipv4_in(known: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for; 6to4 holds a whole site behind one."""
    if known in _TRANSLATED:
        return IPv4Address(int(known) & 0xFFFFFFFF)
    return known.ipv4_mapped or known.sixtofour


def work(question: str) -> int:
    """Return what a search for a question costs: 1, and 1 more for each further 500 characters."""
    return max(1, ceil(len(question) / CHARS_OF_A_SEARCH))


def address_of(request: Request) -> str:
    """Return the address that a request comes from; empty where the server does not say."""
    return request.client.host if request.client else ""


def kind_of(request: Request) -> str:
    """Return the type of what was sent in, without its character set."""
    return str(request.headers.get("content-type", "")).partition(";")[0].strip().lower()


async def body_of(request: Request) -> bytes | None:
    """Read what was sent in; None when it is too much, takes too long or never comes whole."""
    body = b""
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                body += part
                if len(body) > BODY_BYTES:
                    return None
    except (TimeoutError, ClientDisconnect):  # uncaught, the latter would be a traceback in the log
        return None
    return body
