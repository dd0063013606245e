"""Limits incoming connections per network, and the time for the head of a request.

uvicorn waits for ever for the rest of a head, and a thousand half-sent heads leave no file
descriptor for anybody else. nginx limits both; this is for a page without nginx in front.
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
"""Forty websockets, and the requests of a dozen browsers in one waiting room."""
_FEWEST, _MOST = 64, 100_000
# For the files of the index, the content and the libraries.
_OWN_DESCRIPTORS = 200
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\nconnection: close\r\n"
    b"content-length: 0\r\n\r\n"
)


class Connection(Protocol):
    """What `Connections` needs of a connection."""

    address: str

    def abort(self) -> None:
        """Close at once to make room for another connection."""


class Connections:
    """The open connections, and which of them wait for a request.

    At most `each` per network and `altogether` may be open. `proxies` speak for many networks and
    count only altogether. Above a limit the connection is closed that has waited longest for its
    (next) request to be complete.
    """

    def __init__(self, *, each: int, altogether: int, proxies: Iterable[str] = ()) -> None:
        self._each = each
        self._altogether = altogether
        self._proxies = [ip_network(proxy) for proxy in proxies]
        self._open: dict[Connection, str] = {}
        self._per_network: Counter[str] = Counter()
        self._waiting: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, connection: Connection) -> bool:
        """Add a connection; return whether it is within the limits."""
        owner = "" if self._is_proxy(connection.address) else network(connection.address)
        is_full = owner and self._per_network[owner] >= self._each
        if is_full and not self._close_longest_waiting(owner):
            return False
        if len(self._open) >= self._altogether and not self._close_longest_waiting(""):
            return False
        self._open[connection] = owner
        self._per_network[owner] += 1
        return True

    def leave(self, connection: Connection) -> None:
        """Remove a connection; nothing happens when it is unknown."""
        self._waiting.pop(connection, None)
        owner = self._open.pop(connection, None)
        if owner is not None:
            self._per_network[owner] -= 1
            if not self._per_network[owner]:
                del self._per_network[owner]

    def is_waiting(self, connection: Connection, *, waiting: bool) -> None:
        """Record whether a connection waits for a request or is being answered."""
        if not waiting:
            self._waiting.pop(connection, None)
        elif connection in self._open:
            self._waiting.setdefault(connection)

    def _close_longest_waiting(self, owner: str) -> bool:
        for connection in self._waiting:
            if not owner or self._open[connection] == owner:
                self.leave(connection)
                connection.abort()
                return True
        return False

    def _is_proxy(self, address: str) -> bool:
        """Say whether an address is a trusted proxy; its neighbours in a network are visitors."""
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        ipv4 = (isinstance(ip, IPv6Address) and ip.ipv4_mapped) or ip
        return any(ip in proxy or ipv4 in proxy for proxy in self._proxies)


def most_connections() -> int:
    """Return how many connections this process has file descriptors for."""
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

    class Http(H11Protocol):  # type: ignore[misc]  # uvicorn has no types
        address = ""
        _refused = False
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.address = self.client[0] if self.client else ""
            if connections.enter(self):
                self._start_waiting(for_more=True)
            else:
                self._close_with(_TOO_MANY)

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            connections.leave(self)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._refused:
                return
            super().data_received(data)
            self._update(for_more=True)

        def on_response_complete(self) -> None:
            super().on_response_complete()  # may begin with the next request
            self._update(for_more=False)  # uvicorn closes idle connections itself

        def handle_websocket_upgrade(self, event: h11.Request) -> None:
            self._stop_waiting()
            connections.leave(self)  # the websocket counts from now on
            super().handle_websocket_upgrade(event)
            self._refused = True

        def abort(self) -> None:
            self._refused = True
            self._stop_waiting()
            self.transport.abort()

        def _update(self, *, for_more: bool) -> None:
            if self._refused:
                return
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop_waiting()
            else:
                self._start_waiting(for_more=for_more)

        def _start_waiting(self, *, for_more: bool) -> None:
            connections.is_waiting(self, waiting=True)
            if for_more and self._deadline is None:
                self._deadline = self.loop.call_later(head_s, self._close_with, _TOO_LATE)

        def _stop_waiting(self) -> None:
            connections.is_waiting(self, waiting=False)
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _close_with(self, answer: bytes) -> None:
            self._refused = True
            if not self.transport.is_closing():
                self.transport.write(answer)
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

        def abort(self) -> None:
            self.transport.abort()

    return Http, Socket
