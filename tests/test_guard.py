"""The guard in front of Streamlit, and the parts of the server, spoken to as ASGI."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from index.clinic import Clinic, HelpNumbers
from ui import shell
from ui.guard import Guard, Limits, message_kind

HOST = (b"host", b"clinic.example:8501")
OWN = (b"origin", b"http://clinic.example:8501")
FOREIGN = (b"origin", b"http://localhost:9999")


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in a thread of its own: the browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Inner:
    """Stands for Streamlit: notes what reaches it, and answers."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.messages: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope["path"])
        if scope["type"] == "http":
            headers = [
                (b"access-control-allow-origin", b"*"),
                (b"set-cookie", b"a=b"),
                (b"x-a", b"1"),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"ok"})
            return
        while (message := await receive())["type"] != "websocket.disconnect":
            self.messages.append(message.get("bytes"))


def get(
    guard: Guard, path: str, *, method: str = "GET", query: bytes = b""
) -> tuple[int, dict[str, str]]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "path": path, "method": method, "query_string": query, "headers": []}
    run(guard(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers


def connect(
    guard: Guard, messages: list[Any], *headers: tuple[bytes, bytes], path: str = "/_stcore/stream"
) -> list[Any]:
    sent: list[Any] = []
    queue = [{"type": "websocket.receive", **message} for message in messages]
    queue.append({"type": "websocket.disconnect", "code": 1000})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return queue.pop(0)

    scope = {"type": "websocket", "path": path, "headers": list(headers), "client": ("10.0.0.1", 1)}
    run(guard(scope, receive, send))
    return sent


def rerun() -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = ""
    return message.SerializeToString()


@pytest.fixture
def inner() -> Inner:
    return Inner()


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/upload_file/x",
        "/auth/login",
        "/oauth2callback",
        "/media/x.png",
        "/component/x",
        "/articles",
        "/app/static/x",
        "/.git/config",
    ],
)
def test_addresses_nobody_needs_do_not_exist(inner: Inner, path: str) -> None:
    assert get(Guard(inner), path)[0] == 404
    assert inner.seen == []


@pytest.mark.parametrize(
    "path", ["/", "/readyz", "/assets/app.css", "/static/js/a.js", "/_stcore/health"]
)
def test_addresses_the_page_needs_are_served(inner: Inner, path: str) -> None:
    assert get(Guard(inner), path)[0] == 200


def test_nothing_can_be_sent_in_by_http(inner: Inner) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert get(Guard(inner), "/", method=method)[0] == 405


def test_a_very_long_address_is_refused(inner: Inner) -> None:
    assert get(Guard(inner), "/", query=b"q=" + b"x" * 3000)[0] == 414


def test_every_answer_has_the_headers_and_none_of_streamlits_cors_or_cookies(inner: Inner) -> None:
    guard = Guard(inner, headers=[("x-frame-options", "DENY")])
    for path in ("/", "/nowhere"):
        _, headers = get(guard, path)
        assert headers["x-frame-options"] == "DENY"
        assert "access-control-allow-origin" not in headers
        assert "set-cookie" not in headers


@pytest.mark.parametrize("origin", [FOREIGN, (b"origin", b"null"), (b"x-none", b"")])
def test_a_foreign_page_is_refused_before_streamlit_sees_it(
    inner: Inner, origin: tuple[bytes, bytes]
) -> None:
    sent = connect(Guard(inner), [{"bytes": rerun()}], HOST, origin)
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert inner.seen == []


def test_the_own_page_and_named_origins_may_connect(inner: Inner) -> None:
    connect(Guard(inner), [{"bytes": rerun()}], HOST, OWN)
    connect(
        Guard(inner, origins=["https://www.clinic.example"]),
        [{"bytes": rerun()}],
        HOST,
        (b"origin", b"https://www.clinic.example"),
    )
    assert inner.messages == [rerun(), rerun()]


def test_no_other_websocket_exists(inner: Inner) -> None:
    connect(Guard(inner), [], HOST, OWN, path="/_stcore/other")
    assert inner.seen == []


def test_a_visitor_cannot_empty_the_caches_or_ask_for_anything_but_a_run(inner: Inner) -> None:
    denied = []
    for kind in ("clear_cache", "set_run_on_save", "load_git_info"):
        message = BackMsg()
        setattr(message, kind, True)
        denied.append({"bytes": message.SerializeToString()})
    connect(Guard(inner), [*denied, {"bytes": b"\xff\xff"}, {"bytes": rerun()}], HOST, OWN)
    assert inner.messages == [rerun()]


@pytest.mark.parametrize(
    ("message", "code"), [({"text": "hello"}, 1003), ({"bytes": b"x" * 300_000}, 1009)]
)
def test_text_and_oversized_messages_end_the_connection(
    inner: Inner, message: Any, code: int
) -> None:
    assert connect(Guard(inner), [message], HOST, OWN)[-1] == {
        "type": "websocket.close",
        "code": code,
    }
    assert inner.messages == []


def test_a_flood_of_messages_ends_the_connection(inner: Inner) -> None:
    guard = Guard(inner, limits=Limits(messages_at_once=3), clock=lambda: 0.0)
    sent = connect(guard, [{"bytes": rerun()}] * 9, HOST, OWN)
    assert len(inner.messages) == 3
    assert sent[-1]["code"] == 1008


def test_patience_refills_what_a_visitor_may_send(inner: Inner) -> None:
    times = iter(range(100))
    guard = Guard(
        inner,
        limits=Limits(messages_at_once=1, messages_per_second=1.0),
        clock=lambda: float(next(times)),
    )
    connect(guard, [{"bytes": rerun()}] * 9, HOST, OWN)
    assert len(inner.messages) == 9


def test_one_address_cannot_take_all_connections_and_gives_them_back() -> None:
    open_now: list[Any] = []

    async def scenario() -> tuple[list[Any], int]:
        release = asyncio.Event()

        async def inner(scope: Any, receive: Any, send: Any) -> None:
            open_now.append(scope)
            await release.wait()

        guard = Guard(inner, limits=Limits(connections_per_address=2))
        refused: list[Any] = []

        async def send(message: Any) -> None:
            refused.append(message)

        async def receive() -> Any:
            return {"type": "websocket.connect"}

        def scope() -> Any:
            return {
                "type": "websocket",
                "path": "/_stcore/stream",
                "headers": [HOST, OWN],
                "client": ("10.0.0.1", 1),
            }

        tasks = [asyncio.create_task(guard(scope(), receive, send)) for _ in range(3)]
        await asyncio.sleep(0.01)
        before = len(refused)
        release.set()
        await asyncio.gather(*tasks)
        await guard(scope(), receive, send)
        return refused, before

    refused, before = run(scenario())
    assert before == 1
    assert len(refused) == 1
    assert len(open_now) == 3


def test_the_kinds_of_messages_are_those_that_streamlit_has() -> None:
    from ui.guard import ALLOWED_MESSAGES

    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds >= ALLOWED_MESSAGES
    assert message_kind(b"") == ""


# -- the document ---------------------------------------------------------------------------------

CLINIC = Clinic(
    name="<b>Knee & Co</b>",
    telephone="020 7946 0000",
    numbers=HelpNumbers("999", "111", "116 123", "Samaritans"),
)


def test_the_document_is_ours_and_holds_help_without_javascript() -> None:
    page = shell.page_html(CLINIC)
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="en-GB">' in page
    assert "&lt;b&gt;Knee &amp; Co&lt;/b&gt;</title>" in page
    assert "<b>Knee" not in page
    for number in ("tel:999", "tel:111", "tel:116123", "tel:02079460000"):
        assert number in page
    assert "agent" not in page
    assert page.index("helper.js") < page.index("./static/js/index")


def test_the_policy_allows_no_inline_script_but_the_hashed_one() -> None:
    policy = shell.content_security_policy(shell.page_html(CLINIC))
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}'", scripts)
    assert "frame-ancestors 'none'" in policy


def test_another_streamlit_index_page_is_refused_loudly() -> None:
    with pytest.raises(shell.ShellError, match="install the pinned one"):
        shell.template("<html><head></head><body></body></html>")


def test_only_our_own_asset_types_are_served() -> None:
    assert {Path(name).suffix for name in shell.assets()} <= set(shell.TYPES)
    assert "app.css" in shell.assets()
