"""The guard in front of Streamlit, and the parts of the server, spoken to as ASGI."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import sub
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.clinic_settings import Clinic
from core.errors import UsageError
from safety.notices.red_flags import Numbers
from tests.support.simulated import now, simulate
from ui.limits.rate_limit import Limits
from ui.server import document
from ui.server.door import Door
from ui.server.guard import Guard, work_of
from ui.server.hosts import hosts
from ui.service import settings

HOST = (b"host", b"clinic.localhost:8501")
OWN = (b"origin", b"http://clinic.localhost:8501")
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

    scope: dict[str, Any] = {"type": "http", "path": path, "method": method, "query_string": query}
    scope["headers"] = [HOST]
    run(guard(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers


async def held_open(guard: Guard, addresses: list[str]) -> int:
    """Connect from each address at once; return how many were let in."""
    release = asyncio.Event()
    refused = []

    async def send(message: Any) -> None:
        refused.append(message)

    async def receive() -> Any:
        if not release.is_set():
            await release.wait()
        return {"type": "websocket.disconnect", "code": 1000}

    async def one(address: str) -> None:
        scope = {
            "type": "websocket",
            "path": "/_stcore/stream",
            "headers": [HOST, OWN],
            "client": (address, 1),
        }
        await guard(scope, receive, send)

    async with asyncio.TaskGroup() as group:
        for address in addresses:
            group.create_task(one(address))
        await asyncio.sleep(0)  # all have come
        release.set()
    return len(addresses) - len(refused)


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
    "path",
    [
        "/",
        "/readyz",
        "/plain",
        "/plain/article",
        "/assets/a.css",
        "/static/a.js",
        "/_stcore/health",
    ],
)
def test_addresses_the_page_needs_are_served(inner: Inner, path: str) -> None:
    assert get(Guard(inner), path)[0] == 200


def test_nothing_can_be_sent_in_by_http_but_searches(inner: Inner) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        for path in ("/", "/notices", "/plain/article", "/assets/app.css", "/_stcore/health"):
            status, headers = get(Guard(inner), path, method=method)
            assert (status, headers["allow"]) == (405, "GET, HEAD")
    assert inner.seen == []
    for path in ("/plain", "/api/search"):
        assert get(Guard(inner), path, method="POST")[0] == 200
        assert get(Guard(inner), path, method="PUT")[0] == 405


def test_only_where_programs_search_may_another_site_be_let_read(inner: Inner) -> None:
    assert get(Guard(inner), "/api/search")[1]["access-control-allow-origin"] == "*"
    for path in ("/plain", "/readyz", "/static/js/a.js"):
        assert "access-control-allow-origin" not in get(Guard(inner), path)[1]


def test_a_very_long_address_is_refused(inner: Inner) -> None:
    assert get(Guard(inner), "/", query=b"q=" + b"x" * 3000)[0] == 414


def test_every_answer_has_the_headers_and_none_of_streamlits_cors_or_cookies(inner: Inner) -> None:
    guard = Guard(inner, headers=lambda _path: [("x-frame-options", "DENY")])
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
        Guard(inner, hosts=hosts([], ["https://www.clinic.example"])),
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


@pytest.mark.parametrize(
    ("addresses", "let_in"),
    [
        (["2001:db8::1", "2001:db8::2", "2001:db8::ffff:3"], 2),
        (["::ffff:192.0.2.1", "192.0.2.1", "::ffff:c000:201"], 2),
        (["::ffff:192.0.2.1", "::ffff:192.0.2.2", "::ffff:192.0.2.3"], 3),
        (["2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1"], 2),
        (["2001:db8::1", "2001:db8:0:100::1", "2001:db8:0:200::1"], 3),
    ],
)
def test_connections_are_counted_by_network(
    inner: Inner, addresses: list[str], let_in: int
) -> None:
    guard = Guard(inner, limits=Limits(connections_per_address=2))
    assert run(held_open(guard, addresses)) == let_in


def message(kind: str, padding: int = 0) -> bytes:
    made = BackMsg()
    if kind == "rerun_script":
        made.rerun_script.query_string = "x" * padding
    else:
        setattr(made, kind, True)
    return made.SerializeToString()


async def listening_to(
    passed: list[tuple[str, float]], scope: Any, receive: Any, _send: Any
) -> None:
    """Stand for Streamlit: note when a message of whom arrives."""
    while (await receive())["type"] != "websocket.disconnect":
        passed.append((scope["client"][0], now()))


async def sending(guard: Guard, address: str, sent: bytes, every_s: float) -> list[float]:
    """Send over a socket for a minute; return when each message was sent."""
    times: list[float] = []

    async def receive() -> Any:
        await asyncio.sleep(every_s)
        if now() > 60:
            return {"type": "websocket.disconnect", "code": 1000}
        times.append(now())
        return {"type": "websocket.receive", "bytes": sent}

    async def send(_message: Any) -> None:
        pytest.fail("it was closed")

    path = "/_stcore/stream"
    scope = {"type": "websocket", "path": path, "headers": [HOST, OWN], "client": (address, 1)}
    await guard(scope, receive, send)
    return times


@pytest.mark.parametrize("padding", [0, 1_500, 100_000])
def test_six_networks_of_twenty_sockets_do_not_delay_what_a_visitor_sends(padding: int) -> None:
    async def scenario() -> None:
        passed: list[tuple[str, float]] = []
        guard = Guard(partial(listening_to, passed), clock=now)
        abuse = message("rerun_script", padding)
        crowd = [
            sending(guard, f"192.0.2.{number}", abuse, 0.2)
            for number in range(6)
            for _ in range(20)
        ]
        visit = sending(guard, "198.51.100.1", message("rerun_script"), 0.6)
        sent, *_ = await asyncio.gather(visit, *crowd)
        arrived = [time for address, time in passed if address == "198.51.100.1"]
        assert len(arrived) == len(sent) > 60
        assert max(map(sub, arrived, sent)) < 0.5

    simulate(scenario())


@pytest.mark.parametrize("kind", ["app_heartbeat", "stop_script"])
def test_to_be_there_and_to_stop_cost_nothing(kind: str) -> None:
    async def scenario() -> None:
        passed: list[tuple[str, float]] = []
        slow = Limits(work_per_second=0.001, work_at_once=1)
        guard = Guard(partial(listening_to, passed), limits=slow, clock=now)
        sent = await sending(guard, "192.0.2.1", message(kind), 0.5)
        assert [time for _, time in passed] == sent

    simulate(scenario())


def test_what_only_reads_costs_by_its_size_too() -> None:
    assert work_of(999, drawn=False) == 0
    assert work_of(64_000, drawn=False) == 64


async def got(guard: Guard, path: str, *, address: str = "192.0.2.1") -> tuple[int, float]:
    """Ask for a page as a browser; return the status, and the seconds until it came."""
    statuses: list[int] = []

    async def send(answer: Any) -> None:
        statuses.append(answer.get("status", 0))

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    headers = [HOST, (b"accept", b"text/html")]
    scope = {"type": "http", "path": path, "method": "GET", "query_string": b"", "headers": headers}
    began = now()
    await guard({**scope, "client": (address, 1)}, receive, send)
    return statuses[0], now() - began


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/notices", 200),
        ("/suggestions.json", 200),
        ("/plain", 200),
        ("/plain/article", 200),
        ("/plain/about", 200),
        ("/nowhere/at/all", 404),
        ("/static/unknown.js", 404),
    ],
)
def test_pages_that_are_drawn_wait_for_their_turn(inner: Inner, path: str, status: int) -> None:
    async def scenario() -> None:
        guard = Guard(
            inner,
            not_found=lambda _path: "nothing",
            is_file=lambda _path: False,
            limits=Limits(work_per_second=1.0, work_at_once=1),
            clock=now,
        )
        assert await got(guard, path) == (status, 0)
        assert await got(guard, path) == (status, pytest.approx(1))
        assert await got(guard, path, address="192.0.2.2") == (status, 0)

    simulate(scenario())


def test_who_is_not_let_in_to_a_page_for_staff_waits_too(inner: Inner) -> None:
    async def scenario() -> None:
        slow = Limits(work_per_second=1.0, work_at_once=1)
        guard = Guard(
            inner, door=Door("k" * 32), refused=lambda _path: "no", limits=slow, clock=now
        )
        assert await got(guard, "/") == (403, 0)
        assert await got(guard, "/") == (403, pytest.approx(1))

    simulate(scenario())


@pytest.mark.parametrize(
    "path",
    ["/readyz", "/_stcore/health", "/_stcore/host-config", "/assets/app.css", "/static/js/a.js"],
)
def test_files_and_what_monitors_ask_never_wait(inner: Inner, path: str) -> None:
    async def scenario() -> None:
        guard = Guard(inner, limits=Limits(work_per_second=0.001, work_at_once=1), clock=now)
        assert await got(guard, "/") == (200, 0)
        for _ in range(100):
            assert await got(guard, path) == (200, 0)

    simulate(scenario())


def test_where_too_much_of_a_network_waits_it_is_asked_to_come_back(inner: Inner) -> None:
    async def scenario() -> None:
        limits = Limits(work_per_second=1.0, work_at_once=1, waiting=2)
        guard = Guard(inner, limits=limits, clock=now)
        answers = await asyncio.gather(*(got(guard, "/") for _ in range(5)))
        assert [status for status, _ in answers] == [200, 200, 200, 503, 503]
        assert await got(guard, "/", address="192.0.2.2") == (200, 0)

    simulate(scenario())


def test_what_a_network_sends_waits_for_its_turn_and_nothing_is_lost(inner: Inner) -> None:
    guard = Guard(inner, limits=Limits(work_per_second=200.0, work_at_once=2))
    began = time.monotonic()
    for _ in range(3):  # sockets of one address
        connect(guard, [{"bytes": rerun()}] * 4, HOST, OWN)
    assert len(inner.messages) == 12
    assert time.monotonic() - began > 0.04  # ten of them had to wait 5 ms each


@pytest.mark.parametrize(("size", "cost"), [(0, 1), (999, 1), (1_000, 2), (64_000, 65)])
def test_what_is_sent_costs_by_its_size(size: int, cost: int) -> None:
    assert work_of(size) == cost


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


def test_all_visitors_together_cannot_open_more_than_the_server_can_hold() -> None:
    async def scenario() -> list[Any]:
        release = asyncio.Event()

        async def inner(scope: Any, receive: Any, send: Any) -> None:
            await release.wait()

        guard = Guard(inner, limits=Limits(connections=3))
        refused: list[Any] = []

        async def visit(number: int) -> None:
            async def send(message: Any) -> None:
                refused.append((number, message["code"]))

            async def receive() -> Any:
                return {"type": "websocket.connect"}

            address = (f"10.0.0.{number}", 1)
            scope = {"type": "websocket", "path": "/_stcore/stream", "client": address}
            await guard({**scope, "headers": [HOST, OWN]}, receive, send)

        tasks = [asyncio.create_task(visit(number)) for number in range(5)]
        await asyncio.sleep(0.01)
        release.set()
        await asyncio.gather(*tasks)
        await visit(9)
        return refused

    assert run(scenario()) == [(3, 1008), (4, 1008)]


# -- what the server is started with --------------------------------------------------------------


def test_every_answer_carries_these_headers() -> None:
    from ui.server.asgi import security_headers

    headers = dict(security_headers("/readyz"))
    policy = headers.pop("content-security-policy").split("; ")
    assert {"default-src 'self'", "object-src 'none'", "base-uri 'none'"} <= set(policy)
    assert {"form-action 'none'", "frame-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert "connect-src 'self'" in policy
    assert not any("*" in part or "http:" in part or "unsafe-eval" in part for part in policy)
    assert [part for part in policy if "unsafe" in part] == ["style-src 'self' 'unsafe-inline'"]
    assert headers == {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }


def test_websites_that_the_clinic_names_may_show_the_page_in_a_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.server.asgi import security_headers

    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(tmp_path))
    site = "https://www.clinic.example"
    (tmp_path / "clinic.toml").write_text(f'embed_origins = ["{site}"]')
    for path in ("/", "/plain", "/notices"):
        headers = dict(security_headers(path))
        policy = headers["content-security-policy"].split("; ")
        assert f"frame-ancestors 'self' {site}" in policy
        assert "x-frame-options" not in headers
        assert "frame-src 'none'" in policy


def test_the_application_has_the_guard_with_these_headers_before_streamlit() -> None:
    from ui.server.asgi import app_parts, security_headers

    (guard,) = app_parts()["middleware"]
    assert guard.cls is Guard
    assert guard.kwargs["headers"] is security_headers
    assert "limits" not in guard.kwargs  # those of Limits()


def test_the_launcher_limits_and_logs_as_the_page_promises(monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    from ui.server.launcher import serve

    used: list[uvicorn.Config] = []

    class Server:
        def __init__(self, config: uvicorn.Config) -> None:
            used.append(config)

        def run(self, sockets: Any) -> None:
            assert len(sockets) == 1

    monkeypatch.setattr(uvicorn, "Server", Server)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    serve("127.0.0.1", 0, proxies=("192.0.2.1",))
    (config,) = used
    assert config.access_log is False
    assert config.ws_max_size <= 1_000_000
    assert config.forwarded_allow_ips == ["192.0.2.1", "::ffff:192.0.2.1/128"]


@pytest.mark.parametrize(
    "wrong", ["*", "localhost", "0.0.0.0/0", "::/0", "127.0.0.1:80", "", "a b"]
)
def test_nobody_can_be_told_to_believe_everybody(wrong: str) -> None:
    from ui.server.launcher import trusted

    with pytest.raises(UsageError, match="trusted proxy"):
        trusted([wrong])
    assert trusted(["127.0.0.1", "::1", "10.0.0.0/28"]) == ["127.0.0.1", "::1", "10.0.0.0/28"]


def test_once_the_server_is_up_no_logger_writes_requests(capfd: Any, caplog: Any) -> None:
    from ui.server.asgi import quiet_request_log

    requests, server = logging.getLogger("uvicorn.access"), logging.getLogger("uvicorn.error")
    before = (requests.handlers[:], requests.propagate, requests.disabled, server.level)
    try:
        requests.disabled, requests.propagate = False, True
        requests.addHandler(logging.StreamHandler())  # as Streamlit does
        requests.setLevel(logging.INFO)
        server.setLevel(logging.INFO)
        quiet_request_log()
        requests.error("GET /?q=%s", "zebra")
        assert not server.isEnabledFor(logging.INFO)
        assert "zebra" not in "".join((*capfd.readouterr(), caplog.text))
    finally:
        requests.handlers, requests.propagate, requests.disabled, level = before
        server.setLevel(level)


# -- the document ---------------------------------------------------------------------------------

CLINIC = Clinic(
    name="<b>Knee & Co</b>",
    telephone="020 7946 0000",
)
NUMBERS = Numbers("999", "111", "116 123", "Samaritans")


def test_the_document_is_ours_and_holds_help_without_javascript() -> None:
    page = document.page_html(CLINIC, NUMBERS)
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="en-GB" dir="ltr">' in page
    assert "&lt;b&gt;Knee &amp; Co&lt;/b&gt;</title>" in page
    assert "<b>Knee" not in page
    for number in ("tel:999", "tel:111", "tel:116123", "tel:02079460000"):
        assert number in page
    assert "agent" not in page
    assert page.index("helper.js") < page.index("./static/js/index")


def test_the_policy_allows_no_inline_script_but_the_hashed_one() -> None:
    policy = document.content_security_policy(document.page_html(CLINIC, NUMBERS))
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}'", scripts)
    assert "frame-ancestors 'none'" in policy


def test_another_streamlit_index_page_is_refused_loudly() -> None:
    with pytest.raises(document.StreamlitVersionError, match="install the pinned one"):
        document.template("<html><head></head><body></body></html>")


def test_only_our_own_asset_types_are_served() -> None:
    assert {Path(name).suffix for name in document.assets()} <= set(document.TYPES)
    assert "app.css" in document.assets()
