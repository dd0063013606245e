"""The guard in front of Streamlit, and the parts of the server, spoken to as ASGI."""

from __future__ import annotations

import asyncio
import logging
import re
from functools import partial
from operator import sub
from pathlib import Path
from typing import Any

import pytest

from core.clinic_settings import Clinic
from core.errors import UsageError
from safety.notices.red_flags import Numbers
from tests.support.pages.asgi import run
from tests.support.pages.guarded import (
    HOST,
    OWN,
    Header,
    Inner,
    asked,
    connect,
    get,
    held_open,
    message,
    websocket,
)
from tests.support.simulated import now, simulate
from ui.limits.rate_limit import Limits
from ui.server import document
from ui.server.door import Door
from ui.server.guard import Guard, work_of
from ui.server.hosts import hosts
from ui.service import settings

FOREIGN = (b"origin", b"http://localhost:9999")
HTML = (b"accept", b"text/html")
RERUN = {"bytes": message()}
ONE_A_SECOND = Limits(work_per_second=1.0, work_at_once=1)
HARDLY_ANY = Limits(work_per_second=0.001, work_at_once=1)


@pytest.fixture
def inner() -> Inner:
    return Inner()


@pytest.mark.parametrize(
    "path",
    [
        *("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/upload_file/x"),
        *("/auth/login", "/oauth2callback", "/media/x.png", "/component/x", "/articles"),
        *("/app/static/x", "/.git/config"),
    ],
)
def test_addresses_nobody_needs_do_not_exist(inner: Inner, path: str) -> None:
    assert get(Guard(inner), path)[0] == 404
    assert inner.seen == []


def test_addresses_the_page_needs_are_served(inner: Inner) -> None:
    paths = ["/", "/readyz", "/plain", "/plain/article", "/assets/a.css", "/static/a.js"]
    for path in (*paths, "/_stcore/health"):
        assert get(Guard(inner), path)[0] == 200


def test_nothing_can_be_sent_in_by_http_but_searches(inner: Inner) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        for path in ("/", "/notices", "/plain/about", "/assets/app.css", "/_stcore/health"):
            status, headers = get(Guard(inner), path, method=method)
            assert (status, headers["allow"]) == (405, "GET, HEAD")
    assert inner.seen == []
    for path in ("/plain", "/plain/article", "/api/search"):
        assert get(Guard(inner), path, method="POST")[0] == 200
        assert get(Guard(inner), path, method="PUT")[0] == 405
    assert get(Guard(inner), "/plain", method="OPTIONS")[1]["allow"] == "GET, HEAD, POST"


def test_a_very_long_address_is_refused(inner: Inner) -> None:
    assert get(Guard(inner), "/", query=b"q=" + b"x" * 3000)[0] == 414


def test_every_answer_has_our_headers_and_cors_only_where_programs_search(inner: Inner) -> None:
    guard = Guard(inner, headers=lambda _path: [("x-frame-options", "DENY")])
    for path in ("/", "/nowhere", "/plain", "/readyz", "/static/js/a.js", "/api/search"):
        _, headers = get(guard, path)
        assert headers["x-frame-options"] == "DENY"
        assert ("access-control-allow-origin" in headers) is (path == "/api/search")
        assert "set-cookie" not in headers


# -- websockets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [FOREIGN, (b"origin", b"null"), (b"x-none", b"")])
def test_a_foreign_page_is_refused_before_streamlit_sees_it(inner: Inner, origin: Header) -> None:
    assert connect(Guard(inner), [RERUN], HOST, origin) == [
        {"type": "websocket.close", "code": 1008}
    ]
    assert inner.seen == []


def test_the_own_page_and_named_origins_may_connect_and_to_no_other_websocket(inner: Inner) -> None:
    site = "https://www.clinic.example"
    connect(Guard(inner), [RERUN], HOST, OWN)
    connect(Guard(inner, hosts=hosts([], [site])), [RERUN], HOST, (b"origin", site.encode()))
    connect(Guard(inner), [RERUN], HOST, OWN, path="/_stcore/other")
    assert inner.messages == [message(), message()]


def test_a_visitor_cannot_empty_the_caches_or_ask_for_anything_but_a_run(inner: Inner) -> None:
    denied = map(message, ("clear_cache", "set_run_on_save", "load_git_info"))
    sent = [{"bytes": raw} for raw in (*denied, b"\xff\xff")]
    connect(Guard(inner), [*sent, RERUN])
    assert inner.messages == [message()]


@pytest.mark.parametrize(
    ("sent", "code"), [({"text": "hello"}, 1003), ({"bytes": b"x" * 300_000}, 1009)]
)
def test_text_and_oversized_messages_end_the_connection(inner: Inner, sent: Any, code: int) -> None:
    assert connect(Guard(inner), [sent])[-1] == {"type": "websocket.close", "code": code}
    assert inner.messages == []


def test_a_flood_of_messages_ends_the_connection(inner: Inner) -> None:
    guard = Guard(inner, limits=Limits(messages_at_once=3), clock=lambda: 0.0)
    assert connect(guard, [RERUN] * 9)[-1]["code"] == 1008
    assert len(inner.messages) == 3


def test_patience_refills_what_a_visitor_may_send(inner: Inner) -> None:
    times = map(float, range(100))
    limits = Limits(messages_at_once=1, messages_per_second=1.0)
    connect(Guard(inner, limits=limits, clock=lambda: next(times)), [RERUN] * 9)
    assert len(inner.messages) == 9


TWO_EACH = Limits(connections_per_address=2)


@pytest.mark.parametrize(
    ("limits", "addresses", "let_in"),
    [
        (TWO_EACH, ["10.0.0.1"] * 3, 2),
        (TWO_EACH, ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:3"], 2),
        (TWO_EACH, ["::ffff:192.0.2.1", "192.0.2.1", "::ffff:c000:201"], 2),
        (TWO_EACH, ["::ffff:192.0.2.1", "::ffff:192.0.2.2", "::ffff:192.0.2.3"], 3),
        (TWO_EACH, ["2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1"], 2),
        (TWO_EACH, ["2001:db8::1", "2001:db8:0:100::1", "2001:db8:0:200::1"], 3),
        (Limits(connections=3), [f"10.0.0.{number}" for number in range(5)], 3),
    ],
)
def test_connections_are_limited_by_network_and_altogether_and_given_back(
    inner: Inner, limits: Limits, addresses: list[str], let_in: int
) -> None:
    guard = Guard(inner, limits=limits)
    assert [run(held_open(guard, addresses)) for _ in range(2)] == [let_in, let_in]


# -- turns -----------------------------------------------------------------------------------------


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

    await guard(websocket(address), receive, send)
    return times


@pytest.mark.parametrize("padding", [0, 1_500, 100_000])
def test_six_networks_of_twenty_sockets_do_not_delay_what_a_visitor_sends(padding: int) -> None:
    async def scenario() -> None:
        passed: list[tuple[str, float]] = []
        guard = Guard(partial(listening_to, passed), clock=now)
        abuse = message(padding=padding)
        crowd = [sending(guard, f"192.0.2.{number % 6}", abuse, 0.2) for number in range(6 * 20)]
        visit = sending(guard, "198.51.100.1", message(), 0.6)
        sent, *_ = await asyncio.gather(visit, *crowd)
        arrived = [time for address, time in passed if address == "198.51.100.1"]
        assert len(arrived) == len(sent) > 60
        assert max(map(sub, arrived, sent)) < 0.5

    simulate(scenario())


@pytest.mark.parametrize("kind", ["app_heartbeat", "stop_script"])
def test_to_be_there_and_to_stop_cost_nothing(kind: str) -> None:
    async def scenario() -> None:
        passed: list[tuple[str, float]] = []
        guard = Guard(partial(listening_to, passed), limits=HARDLY_ANY, clock=now)
        sent = await sending(guard, "192.0.2.1", message(kind), 0.5)
        assert [time for _, time in passed] == sent

    simulate(scenario())


async def timed(guard: Guard, path: str, **more: Any) -> tuple[int, float]:
    """Ask for a page as a browser; return the status, and the seconds until it came."""
    began = now()
    status, _ = await asked(guard, path, HTML, **more)
    return status, now() - began


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((path, 200) for path in ("/", "/notices", "/suggestions.json")),
        *((path, 200) for path in ("/plain", "/plain/article", "/plain/about")),
        *((path, 404) for path in ("/nowhere/at/all", "/static/unknown.js")),
        ("/staff", 403),
    ],
)
def test_pages_that_are_drawn_wait_for_their_turn(inner: Inner, path: str, status: int) -> None:
    async def scenario() -> None:
        guard = Guard(
            inner,
            not_found=lambda _path: "nothing",
            is_file=lambda _path: False,
            door=Door("k" * 32) if status == 403 else None,
            refused=lambda _path: "no",
            limits=ONE_A_SECOND,
            clock=now,
        )
        assert await timed(guard, path) == (status, 0)
        assert await timed(guard, path) == (status, pytest.approx(1))
        assert await timed(guard, path, address="192.0.2.2") == (status, 0)

    simulate(scenario())


def test_files_and_what_monitors_ask_never_wait(inner: Inner) -> None:
    async def scenario() -> None:
        guard = Guard(inner, limits=HARDLY_ANY, clock=now)
        assert await timed(guard, "/") == (200, 0)
        files = ("/assets/app.css", "/static/js/a.js")
        for path in (*files, "/readyz", "/_stcore/health", "/_stcore/host-config") * 100:
            assert await timed(guard, path) == (200, 0)

    simulate(scenario())


def test_where_too_much_of_a_network_waits_it_is_asked_to_come_back(inner: Inner) -> None:
    async def scenario() -> None:
        limits = Limits(work_per_second=1.0, work_at_once=1, waiting=2)
        guard = Guard(inner, limits=limits, clock=now)
        answers = await asyncio.gather(*(timed(guard, "/") for _ in range(5)))
        assert [status for status, _ in answers] == [200, 200, 200, 503, 503]
        assert await timed(guard, "/", address="192.0.2.2") == (200, 0)

    simulate(scenario())


def test_what_is_sent_costs_by_its_size_and_drawing_costs_one_more() -> None:
    assert [work_of(size) for size in (0, 999, 1_000, 64_000)] == [1, 1, 2, 65]
    assert [work_of(size, drawn=False) for size in (0, 999, 64_000)] == [0, 0, 64]


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

    guard, *_ = app_parts()["middleware"]
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

CLINIC = Clinic(name="<b>Knee & Co</b>", telephone="020 7946 0000")
NUMBERS = Numbers("999", "111", "116 123", "Samaritans")
FIRST = {"title": "<i>Search</i>", "body": "<p>what stands here first</p>"}


def test_the_document_is_ours_and_holds_help_without_javascript() -> None:
    page = document.page_html(CLINIC, NUMBERS, **FIRST)
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="en-GB" dir="ltr">' in page
    assert "&lt;b&gt;Knee &amp; Co&lt;/b&gt;</title>" in page
    assert "<b>Knee" not in page
    for number in ("tel:999", "tel:111", "tel:116123", "tel:02079460000"):
        assert number in page
    assert "agent" not in page
    assert "<p>what stands here first</p></div></main>" in page
    assert "&lt;i&gt;Search" in page
    # Streamlit's own scripts wait until assets/first.js has painted the search.
    application = page.split('<template id="cs-app">')[1].split("</template>")[0]
    assert "./static/js/index" in application
    assert page.count("/static/") == application.count("/static/")


def test_the_policy_allows_no_inline_script_but_the_hashed_one() -> None:
    policy = document.content_security_policy(document.page_html(CLINIC, NUMBERS, **FIRST))
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}'", scripts)
    assert "frame-ancestors 'none'" in policy


def test_another_streamlit_index_page_is_refused_loudly() -> None:
    with pytest.raises(document.StreamlitVersionError, match="install the pinned one"):
        document.template("<html><head></head><body></body></html>")


def test_only_our_own_asset_types_are_served() -> None:
    assert {Path(name).suffix for name in document.assets()} <= set(document.TYPES)
    assert "app.css" in document.assets()
