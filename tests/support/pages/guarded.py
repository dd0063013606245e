"""Speaks ASGI to the guard of the page: requests and websockets without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.support.pages.asgi import run
from ui.server.guard import SOCKET, Guard

HOST = (b"host", b"clinic.localhost:8501")
OWN = (b"origin", b"http://clinic.localhost:8501")
Header = tuple[bytes, bytes]


class Inner:
    """Stands for Streamlit: notes what reaches it, and answers."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.messages: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope["path"])
        if scope["type"] == "http":
            cors = (b"access-control-allow-origin", b"*")
            headers = [cors, (b"set-cookie", b"a=b"), (b"x-a", b"1")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"ok"})
            return
        while (message := await receive())["type"] != "websocket.disconnect":
            self.messages.append(message.get("bytes"))


def websocket(address: str = "10.0.0.1", *headers: Header, path: str = SOCKET) -> dict[str, Any]:
    """Return the scope of a websocket; without headers it comes from the page itself."""
    sent = list(headers or (HOST, OWN))
    return {"type": "websocket", "path": path, "headers": sent, "client": (address, 1)}


async def asked(
    guard: Guard,
    path: str,
    *headers: Header,
    address: str = "192.0.2.1",
    method: str = "GET",
    query: bytes = b"",
) -> tuple[int, dict[str, str]]:
    """Ask once; return the status and the headers of the answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "path": path, "method": method, "query_string": query}
    await guard({**scope, "headers": [HOST, *headers], "client": (address, 1)}, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found


def get(guard: Guard, path: str, **more: Any) -> tuple[int, dict[str, str]]:
    """Ask once in a loop of its own; see `asked`."""
    status, headers = run(asked(guard, path, **more))
    return int(status), headers


def connect(
    guard: Guard, messages: Iterable[Any], *headers: Header, path: str = SOCKET
) -> list[Any]:
    """Send messages over a websocket and close it; return what was sent back."""
    sent: list[Any] = []
    queue = [{"type": "websocket.receive", **message} for message in messages]
    queue.append({"type": "websocket.disconnect", "code": 1000})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return queue.pop(0)

    run(guard(websocket("10.0.0.1", *headers, path=path), receive, send))
    return sent


async def held_open(guard: Guard, addresses: Iterable[str]) -> int:
    """Connect from each address at once, then close all; return how many were let in."""
    release = asyncio.Event()
    refused: list[Any] = []

    async def send(message: Any) -> None:
        assert message == {"type": "websocket.close", "code": 1008}
        refused.append(message)

    async def receive() -> Any:
        await release.wait()
        return {"type": "websocket.disconnect", "code": 1000}

    scopes = list(map(websocket, addresses))
    async with asyncio.TaskGroup() as group:
        for scope in scopes:
            group.create_task(guard(scope, receive, send))
        await asyncio.sleep(0)  # all have come
        release.set()
    return len(scopes) - len(refused)


def message(kind: str = "rerun_script", padding: int = 0) -> bytes:
    """Return one of Streamlit's messages; `padding` makes a request to draw longer."""
    made = BackMsg()
    if kind == "rerun_script":
        made.rerun_script.query_string = "x" * padding
    else:
        setattr(made, kind, True)
    raw: bytes = made.SerializeToString()
    return raw
