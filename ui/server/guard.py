"""The ASGI middleware in front of Streamlit, however the page was started; it buffers nothing.

Streamlit alone answers at addresses that this page does not need, looks up this machine's public
address on the internet when a foreign page connects, lets any visitor empty all caches, and sets
no security headers.
"""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from ui.api import response
from ui.editor.addresses import STAFF_PAGES
from ui.limits.fair_queue import FairQueue
from ui.limits.rate_limit import BODY_BYTES, Limits, TokenBucket, TooFastError, network
from ui.plain import document
from ui.server.hosts import Hosts
from ui.server.messages import POLICY_VIOLATION, Messages, draws

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ui.server.door import Door

    Headers = Sequence[tuple[str, str]]
    RawHeaders = Iterable[tuple[bytes, bytes]]

PLAIN = frozenset({document.SEARCH, document.ARTICLE, document.ABOUT})
PAGES = PLAIN | {
    *("/", "/notices", "/readyz", "/suggestions.json", response.SEARCH),
    *("/_stcore/health", "/_stcore/host-config"),
}
# These never wait: monitors need an answer, and nothing is drawn.
NEVER_WAITING = frozenset({"/readyz", "/_stcore/health", "/_stcore/host-config"})
FOLDERS = ("/assets/", "/static/")
SOCKET = "/_stcore/stream"
READING = frozenset({"GET", "HEAD"})
# /api/search answers other methods itself, because it may be turned off.
METHODS = {
    document.SEARCH: READING | {"POST"},
    document.ARTICLE: READING | {"POST"},
    response.SEARCH: READING | {"POST", "OPTIONS"},
}

ANOTHER_NAME = (
    "This page does not answer to the name in the address. Whoever runs the page can add the name:"
    " python -m ui --name NAME, or CLINIC_NAMES."
)
TOO_MUCH = "There are too many requests from your network. Please try again in a moment."
FOR_STAFF = "This page is for staff. Open it with the link that was printed at its start."

# Times the work of one network for all: 60 a second, about half of what one process can draw. Work
# that is allowed and cannot be done yet would wait where networks take no turns.
_ALL_NETWORKS = 3


class Guard:
    """Adds security headers, allows known names and addresses only, and limits work.

    `headers` returns the headers for a path; `not_found` draws the page for an unknown path.
    `is_file` knows the files below FOLDERS, where Streamlit answers at any path. `door` guards a
    page for staff; `refused` draws how to get in.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        headers: Callable[[str], Headers] = lambda _path: (),
        not_found: Callable[[str], str] | None = None,
        is_file: Callable[[str], bool] = lambda _path: True,
        hosts: Hosts | None = None,
        door: Door | None = None,
        refused: Callable[[str], str] | None = None,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._headers = headers
        self._not_found = not_found
        self._is_file = is_file
        self._hosts = hosts or Hosts()
        self._door = door
        self._refused = refused
        self._limits = limits or Limits()
        self._clock = clock
        self._open: Counter[str] = Counter()
        allowance = TokenBucket(
            per_second=self._limits.work_per_second,
            at_once=self._limits.work_at_once,
            together=_ALL_NETWORKS,
            clock=clock,
        )
        self._work = FairQueue(allowance, each=self._limits.waiting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        send = _changing_headers(send, partial(self._with_ours, path))
        if not self._hosts.answers_to(scope["headers"]):
            await _answer(send, 421, ANOTHER_NAME)
        elif len(scope.get("query_string", b"")) > self._limits.address_bytes:
            await _answer(send, 414, "The address is too long.")
        elif self._door and (entry := self._door.entry(scope)):
            await _answer(send, 303, "", *entry)
        elif self._door and not self._door.lets_in(scope):
            await self._answer_people(scope, send, 403, FOR_STAFF, self._refused)
        elif path not in PAGES | STAFF_PAGES and not self._is_served_file(path):
            await self._answer_people(scope, send, 404, response.NOTHING_HERE, self._not_found)
        elif scope["method"] not in (allowed := METHODS.get(path, READING)):
            methods = ", ".join(sorted(allowed))
            await _answer(send, 405, "This page can only be read.", (b"allow", methods.encode()))
        elif await self._has_turn(scope, send, _cost(scope)):
            send = _changing_headers(send, partial(_without_foreign, path))
            await self._app(scope, receive, send)

    async def _has_turn(self, scope: Scope, send: Send, cost: int) -> bool:
        """Wait until a request of this cost is allowed; refuse it when too many wait."""
        try:
            await self._work.turn(_client(scope), cost)
        except TooFastError:
            await _answer(send, 503, TOO_MUCH, (b"retry-after", b"5"))
            return False
        return True

    def _is_served_file(self, path: str) -> bool:
        return path.startswith(FOLDERS) and self._is_file(path)

    async def _answer_people(
        self,
        scope: Scope,
        send: Send,
        status: int,
        sentence: str,
        draw: Callable[[str], str] | None,
    ) -> None:
        """Answer a browser with a page and a program with a sentence."""
        if not draw or scope["method"] not in READING or not _wants_html(scope["headers"]):
            await _answer(send, status, sentence)
        elif await self._has_turn(scope, send, 1):
            page = draw(scope["path"])
            await _answer(send, status, page, (b"cache-control", b"no-cache"), kind=b"text/html")

    def _with_ours(self, path: str, sent: RawHeaders) -> list[tuple[bytes, bytes]]:
        """Add our headers for a path in place of others of the same name."""
        ours = [(name.encode(), value.encode()) for name, value in self._headers(path)]
        names = {name for name, _ in ours}
        return [*(pair for pair in sent if pair[0].lower() not in names), *ours]

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = network(_client(scope))
        full = (
            self._open.total() >= self._limits.connections
            or self._open[address] >= self._limits.connections_per_address
        )
        may_enter = self._door is None or self._door.lets_in(scope)
        is_ours = may_enter and self._hosts.may_connect(scope["headers"])
        if full or scope["path"] != SOCKET or not is_ours:
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        self._open[address] += 1
        for_staff = self._door is not None
        messages = Messages(receive, self._limits, self._clock, for_staff=for_staff)

        async def receive_in_turn() -> Message:
            message = await messages()
            try:
                await self._work.turn(address, _cost_of_message(message))
            except TooFastError:
                messages.refused = POLICY_VIOLATION
                return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
            return message

        try:
            await self._app(scope, receive_in_turn, send)
            if messages.refused:
                await send({"type": "websocket.close", "code": messages.refused})
        finally:
            self._open[address] -= 1
            self._open += Counter()  # drops networks without connections


def _changing_headers(
    send: Send, change: Callable[[RawHeaders], list[tuple[bytes, bytes]]]
) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": change(message.get("headers", ()))}
        await send(message)

    return sending


def _without_foreign(path: str, sent: RawHeaders) -> list[tuple[bytes, bytes]]:
    """Remove the headers that Streamlit must not set: cookies, and CORS but for the API."""

    def is_foreign(name: bytes) -> bool:
        is_cors = name.startswith(b"access-control-") and path != response.SEARCH
        return is_cors or name == b"set-cookie"

    return [pair for pair in sent if not is_foreign(pair[0].lower())]


def work_of(size: int, *, drawn: bool = True) -> int:
    """Return the cost of so many bytes, drawn or only read; see `Limits`."""
    return drawn + size // 1_000


def _cost(scope: Scope) -> int:
    if scope["method"] == "POST":
        return work_of(_size(scope["headers"]))
    path = scope["path"]
    return work_of(0, drawn=not path.startswith(FOLDERS) and path not in NEVER_WAITING)


def _cost_of_message(message: Message) -> int:
    if message["type"] != "websocket.receive":
        return 0
    data = message["bytes"]
    return work_of(len(data), drawn=draws(data))


def _size(headers: RawHeaders) -> int:
    """Return the declared size of a body, else the most that is read."""
    size = next((value for name, value in headers if name.lower() == b"content-length"), b"")
    return int(size) if size.isdigit() and len(size) < 6 else BODY_BYTES


def _client(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _wants_html(headers: RawHeaders) -> bool:
    return any(name.lower() == b"accept" and b"text/html" in value for name, value in headers)


async def _answer(
    send: Send,
    status: int,
    content: str,
    *more: tuple[bytes, bytes],
    kind: bytes = b"text/plain",
) -> None:
    body = content.encode()
    length = str(len(body)).encode()
    headers = [(b"content-type", kind + b"; charset=utf-8"), (b"content-length", length), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
