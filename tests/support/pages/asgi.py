"""Asks the page's own application as a server would, without a socket: routes behind the guard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from core.errors import IndexMissingError
from index.store.generations import open_index
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages import every_state
from ui.limits import rate_limit
from ui.server.asgi import app_parts
from ui.service import engine, settings

HOST = "search.clinic.localhost"


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in a thread of its own: the browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@dataclass(frozen=True)
class Answer:
    """What came back; of headers that were sent twice, both."""

    status: int
    pairs: list[tuple[str, str]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.pairs)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    path: str,
    *,
    method: str = "GET",
    query: str = "",
    body: bytes | list[bytes] = b"",
    client: str = "192.0.2.1",
    **headers: str,
) -> Answer:
    """Ask once; `a_b` in a header's name stands for `a-b`, a list is a body that comes in parts."""
    parts = app_parts()
    app = Starlette(routes=parts["routes"], middleware=parts["middleware"])
    pieces = body if isinstance(body, list) else [body]
    messages = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, start=1)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    named = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        "client": (client, 50_000),
        "server": (HOST, 80),
    }
    run(app(scope, receive, send))
    pairs = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return Answer(sent[0]["status"], pairs, b"".join(part.get("body", b"") for part in sent[1:]))


@contextmanager
def application_over(
    patch: pytest.MonkeyPatch, content: Path, built: Path | None, search: Any = every_state.told
) -> Iterator[None]:
    """Let the application answer over a content folder, and an index if there is one.

    Nobody has searched yet: the allowance is full.
    """
    patch.setenv(settings.CONTENT_VARIABLE, str(content))
    patch.delenv(settings.API_VARIABLE, raising=False)

    def opened(_encoder: Any) -> Any:
        if built is None:
            raise IndexMissingError("There is no index.")
        return open_index(built, encoder=BagOfWordsEncoder())

    made = engine.Engine(
        open_index=opened,
        generation=lambda: "one",
        search=search,
        allowance=rate_limit.TokenBucket(per_second=0.01, at_once=5),
    )
    made.look()
    engine.set_engine(made)
    try:
        yield
    finally:
        engine.set_engine(None)


def failing_search(_index: Any, question: str) -> Any:
    """Fail with the question in the error, which must not be logged."""
    raise ValueError(question)


def note_loops(patch: pytest.MonkeyPatch, module: Any, *names: str) -> dict[str, bool]:
    """Watch functions; return which have been called, and whether any call held a server's loop."""
    seen: dict[str, bool] = {}

    def watched(name: str, function: Any) -> Any:
        def noting(*given: Any, **more: Any) -> Any:
            holds = asyncio._get_running_loop() is not None
            seen[name] = seen.get(name, False) or holds
            return function(*given, **more)

        return noting

    for name in names:
        patch.setattr(module, name, watched(name, getattr(module, name)))
    return seen
