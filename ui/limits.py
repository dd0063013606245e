"""How often an address may ask, and how much it may send in: no logging, nothing kept for long."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from ipaddress import ip_address, ip_network
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
_ROUNDING_S = 1e-6


class Allowance:
    """A bucket of searches for each address, filled up again with time, and one for all of them.

    Nothing but the time is kept of an address, and nothing at all once its bucket is full again.
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

    def take(self, address: str) -> float:
        """Take one search; return 0 where it is allowed, else after how many seconds it will be.

        `together` times as much is allowed to all addresses.
        """
        visitor = network(address)
        one = 1 / self._per_second
        of_all = one / self._together
        full = self._at_once * one
        with self._lock:
            now = self._clock()
            self._forget(now)
            mine = max(self._full_at.get(visitor, now), now)
            everybodys = max(self._all_full_at, now)
            wait = max(mine + one, everybodys + of_all) - now - full
            if wait > _ROUNDING_S:
                return wait
            self._full_at[visitor] = mine + one
            self._full_at.move_to_end(visitor)
            self._all_full_at = everybodys + of_all
        return 0.0

    def _forget(self, now: float) -> None:
        while self._full_at:
            name, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) < MOST_ADDRESSES:
                return
            del self._full_at[name]


def network(address: str) -> str:
    """Return what counts as one visitor: an address, or the network of an IPv6 address."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(known) if known.version == 4 else str(ip_network(f"{known}/64", strict=False))


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
