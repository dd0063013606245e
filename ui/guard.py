"""What stands in front of Streamlit: pure ASGI, no buffering, the same for every way of starting.

Streamlit by itself answers on addresses that nobody here needs, looks up this machine's public
address on the internet when a foreign page tries to connect, lets any visitor empty everybody's
caches, and sets no security headers.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ui.facts import TABLES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence

    Message = MutableMapping[str, Any]
    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGES = frozenset({"/", "/notices", "/readyz", "/_stcore/health", "/_stcore/host-config"})
# Behind the guard these exist for staff only.
STAFF_TABLES = frozenset(f"/staff/{name}.csv" for name in TABLES)
FOLDERS = ("/assets/", "/static/")
SOCKET = "/_stcore/stream"
READING = frozenset({"GET", "HEAD"})
NOTHING_HERE = "There is no page at this address."

# What a browser sends when somebody uses the page; Streamlit never sees anything else.
ALLOWED_MESSAGES = frozenset({"rerun_script", "stop_script", "app_heartbeat"})

POLICY_VIOLATION, UNSUPPORTED, TOO_BIG = 1008, 1003, 1009


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one address and all together may do; messages are refilled per second."""

    connections: int = 400
    connections_per_address: int = 40
    messages_per_second: float = 5.0
    messages_at_once: int = 30
    message_bytes: int = 256_000
    address_bytes: int = 2_048


class Guard:
    """ASGI middleware with security headers, an allow-list of addresses, and limits."""

    def __init__(
        self,
        app: App,
        *,
        headers: Sequence[tuple[str, str]] = (),
        origins: Iterable[str] = (),
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers]
        self._names = {name for name, _ in self._headers}
        self._origins = frozenset(origins)
        self._limits = limits or Limits()
        self._clock = clock
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, changed or not, or answer it here."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope["method"] not in READING:
            await self._answer(send, 405, "This page can only be read.")
        elif len(scope.get("query_string", b"")) > self._limits.address_bytes:
            await self._answer(send, 414, "The address is too long.")
        elif path not in PAGES | STAFF_TABLES and not path.startswith(FOLDERS):
            await self._answer(send, 404, NOTHING_HERE)
        else:
            await self._app(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", ()) if self._keeps(pair[0])]
                message = {**message, "headers": [*kept, *self._headers]}
            await send(message)

        return sending

    def _keeps(self, name: bytes) -> bool:
        name = name.lower()
        # No other site may read us (CORS), and there is nothing a cookie would be needed for.
        foreign = name.startswith(b"access-control-") or name == b"set-cookie"
        return name not in self._names and not foreign

    async def _answer(self, send: Send, status: int, sentence: str) -> None:
        body = sentence.encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            *self._headers,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = (scope.get("client") or ("",))[0]
        full = (
            self._open.total() >= self._limits.connections
            or self._open[address] >= self._limits.connections_per_address
        )
        if full or scope["path"] != SOCKET or not self._is_ours(scope["headers"]):
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        self._open[address] += 1
        messages = _Messages(receive, self._limits, self._clock)
        try:
            await self._app(scope, messages, send)
            if messages.refused:
                await send({"type": "websocket.close", "code": messages.refused})
        finally:
            self._open[address] -= 1
            self._open += Counter()  # forget addresses that have nothing open

    def _is_ours(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Tell whether a page of this very site asks; every browser sends an origin here."""
        sent = {name.lower(): value.decode("latin-1") for name, value in headers}
        origin = sent.get(b"origin", "")
        if origin in self._origins:
            return True
        return bool(origin) and urlsplit(origin).netloc == sent.get(b"host", "")


class _Messages:
    """A visitor's messages: counted, measured, and only those that using the page needs."""

    def __init__(self, receive: Receive, limits: Limits, clock: Callable[[], float]) -> None:
        self._receive = receive
        self._limits = limits
        self._clock = clock
        self._left = float(limits.messages_at_once)
        self._last = clock()
        self.refused = 0

    async def __call__(self) -> Message:
        """Return the next message that Streamlit may see, or the end of the connection."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            if data is None:  # Streamlit would write a line into the log for each text frame
                self.refused = UNSUPPORTED
            elif len(data) > self._limits.message_bytes:
                self.refused = TOO_BIG
            elif not self._may_speak():
                self.refused = POLICY_VIOLATION
            elif message_kind(data) in ALLOWED_MESSAGES:
                return message
            if self.refused:
                return {"type": "websocket.disconnect", "code": self.refused}

    def _may_speak(self) -> bool:
        now = self._clock()
        refill = (now - self._last) * self._limits.messages_per_second
        self._left = min(float(self._limits.messages_at_once), self._left + refill)
        self._last = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def message_kind(data: bytes) -> str:
    """Name the kind of one of Streamlit's messages; empty for what is not one."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return ""
    return message.WhichOneof("type") or ""
