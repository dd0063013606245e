"""Connections as they come in: how many of one network, and how long a request's head may take.

uvicorn alone waits for ever for the rest of a head, and a thousand half-sent ones leave no file
descriptor for anybody else. nginx limits both; this is for a page that has none before it.
"""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Protocol

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ui.limits.rate_limit import network

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

HEAD_S = 10.0
CONNECTIONS_PER_NETWORK = 120
"""Forty sockets, and what a dozen browsers of one waiting room load pages with."""
_FEWEST, _MOST = 64, 100_000
# For the files of the index, the content and the libraries.
_OWN_DESCRIPTORS = 200
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\nconnection: close\r\n"
    b"content-length: 0\r\n\r\n"
)


class Connection(Protocol):
    """What a book of connections has to know of one."""

    address: str

    def give_up(self) -> None:
        """Close at once: the place is needed."""


class Connections:
    """Which connections are open, and which of them wait for a request.

    `each` may be open of one network, `altogether` of all. Addresses of `proxies` speak for many
    networks and are only among all. Where there is no place, the connection goes that has waited
    for longest for the (next) request to be complete.
    """

    def __init__(self, *, each: int, altogether: int, proxies: Iterable[str] = ()) -> None:
        self._each = each
        self._altogether = altogether
        self._proxies = [ip_network(proxy) for proxy in proxies]
        self._open: dict[Connection, str] = {}
        self._of: Counter[str] = Counter()
        self._waiting: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, connection: Connection) -> bool:
        """Note a connection; return whether there is a place for it."""
        owner = "" if self._is_proxy(connection.address) else network(connection.address)
        if owner and self._of[owner] >= self._each and not self._make_room(owner):
            return False
        if len(self._open) >= self._altogether and not self._make_room(""):
            return False
        self._open[connection] = owner
        self._of[owner] += 1
        return True

    def leave(self, connection: Connection) -> None:
        """Forget a connection; nothing happens when it is not known."""
        self._waiting.pop(connection, None)
        owner = self._open.pop(connection, None)
        if owner is not None:
            self._of[owner] -= 1
            if not self._of[owner]:
                del self._of[owner]

    def is_waiting(self, connection: Connection, *, waiting: bool) -> None:
        """Note whether a connection waits for a request, or has one that is being answered."""
        if not waiting:
            self._waiting.pop(connection, None)
        elif connection in self._open:
            self._waiting.setdefault(connection)

    def _make_room(self, owner: str) -> bool:
        for one in self._waiting:
            if not owner or self._open[one] == owner:
                self.leave(one)
                one.give_up()
                return True
        return False

    def _is_proxy(self, address: str) -> bool:
        """Say whether an address itself is trusted: its neighbours in a network are visitors."""
        try:
            known = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        held = (isinstance(known, IPv6Address) and known.ipv4_mapped) or known
        return any(known in proxy or held in proxy for proxy in self._proxies)


def most_connections() -> int:
    """Return how many connections this process has file descriptors for, beside its own files."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return _MOST
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return _MOST
    return max(_FEWEST, allowed - _OWN_DESCRIPTORS)


def protocols(
    connections: Connections, *, head_s: float = HEAD_S
) -> tuple[type[H11Protocol], type[WebSocketsSansIOProtocol]]:
    """Return uvicorn's protocols for HTTP and websockets, within these limits."""

    class Http(H11Protocol):  # type: ignore[misc]  # uvicorn says no types
        address = ""
        _refused = False
        _too_late: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.address = self.client[0] if self.client else ""
            if connections.enter(self):
                self._waits(for_more=True)
            else:
                self._close_with(_TOO_MANY)

        def connection_lost(self, exc: Exception | None) -> None:
            self._is_answered()
            connections.leave(self)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._refused:
                return
            super().data_received(data)
            self._look(for_more=True)

        def on_response_complete(self) -> None:
            super().on_response_complete()  # which may begin with the next request already
            self._look(for_more=False)  # what stays idle after an answer uvicorn closes itself

        def handle_websocket_upgrade(self, event: h11.Request) -> None:
            self._is_answered()
            connections.leave(self)  # its place is the websocket's now
            super().handle_websocket_upgrade(event)
            self._refused = True  # nothing more is said here

        def give_up(self) -> None:
            self._refused = True
            self._is_answered()
            self.transport.abort()

        def _look(self, *, for_more: bool) -> None:
            if self._refused:
                return
            if self.cycle is not None and not self.cycle.response_complete:
                self._is_answered()
            else:
                self._waits(for_more=for_more)

        def _waits(self, *, for_more: bool) -> None:
            connections.is_waiting(self, waiting=True)
            if for_more and self._too_late is None:
                self._too_late = self.loop.call_later(head_s, self._close_with, _TOO_LATE)

        def _is_answered(self) -> None:
            connections.is_waiting(self, waiting=False)
            if self._too_late is not None:
                self._too_late.cancel()
                self._too_late = None

        def _close_with(self, said: bytes) -> None:
            self._refused = True
            if not self.transport.is_closing():
                self.transport.write(said)
                self.transport.close()

    class Socket(WebSocketsSansIOProtocol):  # type: ignore[misc]  # as above
        address = ""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.address = self.client[0] if self.client else ""
            connections.enter(self)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.leave(self)
            super().connection_lost(exc)

        def give_up(self) -> None:
            self.transport.abort()

    return Http, Socket
