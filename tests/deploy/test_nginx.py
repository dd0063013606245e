"""deploy/nginx.conf in a real nginx before the real launcher.

Only ports, paths and the name are exchanged: a clinic's webmaster gets what was tried here.
"""

from __future__ import annotations

import gzip
import http.client
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import streamlit
from playwright.sync_api import Browser, expect

from tests.support.pages.browser import Server, opened, ready, search, serving
from tests.support.pages.front import CONFIGURATION, NAME, Front, fitted, fronting, handshake, nginx
from tests.support.pages.visitor import Visitor, without
from tests.support.workers import free_port

# The driver's sockets are closed by its process, after the interpreter looks.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

STATIC = Path(streamlit.__file__).parent / "static" / "static"
SECRET = "xylophonist"
FLOOD = 1_600
PER_ADDRESS = 40
OUR_HEADERS = [
    *("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"),
    *("cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy"),
]


def port_of(server: Server) -> int:
    return int(server.url.rstrip("/").rsplit(":", 1)[1])


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real launcher; without an index, because what nginx does needs no encoder."""
    if nginx() is None:
        without("nginx-light")
    folder = tmp_path_factory.mktemp("behind")
    with serving(folder / "built", folder / "page.log", wait_for=503) as running:
        yield running


@pytest.fixture
def front(behind: Server, tmp_path: Path) -> Iterator[Front]:
    """One nginx a test: what one test has used up of a limit, the next must not miss."""
    with fronting(port_of(behind), tmp_path / "nginx") as running:
        yield running


# -- encryption ------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_the_page_is_served_encrypted_with_modern_protocols_only(front: Front) -> None:
    answer = front.ask()
    assert answer.status == 200
    assert b'<div id="root">' in answer.body
    for version, spoken in (("TLSv1_2", True), ("TLSv1_3", True), ("TLSv1_1", False)):
        assert speaks(front, ssl.TLSVersion[version]) is spoken, version
    # Debian's OpenSSL refuses the old ones whatever nginx says; others may not.
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in CONFIGURATION.read_text(encoding="utf-8")


def speaks(front: Front, version: ssl.TLSVersion) -> bool:
    context = ssl.create_default_context(cafile=str(front.folder / "fullchain.pem"))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # or this client would refuse the old ones itself
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", front.https), timeout=20) as raw:
        try:
            context.wrap_socket(raw, server_hostname=NAME).close()
        except ssl.SSLError:
            return False
    return True


@pytest.mark.parametrize(
    "path", ["/", f"/?q={SECRET}", f"/{SECRET}?q={SECRET}", f"/%0d%0aSet-Cookie:%20a={SECRET}"]
)
def test_plain_http_only_leads_to_the_encrypted_start_page(front: Front, path: str) -> None:
    answer = front.ask(path, plain=True)
    assert (answer.status, answer.all("location")) == (301, [front.url])
    assert SECRET not in str(answer.headers)
    assert answer.all("strict-transport-security") == []


def test_another_name_gets_neither_the_page_nor_a_redirect_to_itself(front: Front) -> None:
    assert front.ask(name="evil.example").status == 421
    assert front.ask(name="evil.example", plain=True).all("location") == [front.url]


# -- what passes through ---------------------------------------------------------------------------


PATHS = [
    *("/", "/notices", "/plain", "/plain/article", "/assets/app.css", "/readyz"),
    *("/nowhere", "/_stcore/metrics", "/api/search"),
]


@pytest.mark.parametrize("path", PATHS)
def test_the_pages_security_headers_arrive_once_each(
    front: Front, behind: Server, path: str
) -> None:
    answer = front.ask(path)
    try:
        direct = urllib.request.urlopen(behind.url + path[1:], timeout=5)
    except urllib.error.HTTPError as error:
        direct = error
    with direct:
        assert answer.status == direct.status
        for name in OUR_HEADERS:
            assert answer.all(name) == direct.headers.get_all(name)
            assert len(answer.all(name)) == 1
    assert answer.all("strict-transport-security") == ["max-age=31536000"]
    assert answer.all("server") == ["nginx"]
    assert answer.all("set-cookie") == []


def test_big_static_files_are_compressed_and_fonts_are_not_compressed_again(front: Front) -> None:
    script = max((STATIC / "js").glob("*.js"), key=lambda path: path.stat().st_size)
    answer = front.ask(f"/static/js/{script.name}", accept_encoding="gzip")
    assert answer.all("content-encoding") == ["gzip"]
    assert gzip.decompress(answer.body) == script.read_bytes()
    assert front.ask(f"/static/js/{script.name}").body == script.read_bytes()
    assert len(answer.body) < script.stat().st_size / 2.5
    assert "accept-encoding" in ",".join(answer.all("vary")).lower()
    assert "immutable" in answer.all("cache-control")[0]
    document = front.ask("/", accept_encoding="gzip")
    assert document.all("content-encoding") == ["gzip"]
    font = next((STATIC / "media").glob("*.woff2"))
    assert front.ask(f"/static/media/{font.name}", accept_encoding="gzip").body == font.read_bytes()


def test_the_websocket_works_for_the_own_page_and_for_no_other(front: Front) -> None:
    assert front.visit() == 101
    for foreign in ("https://evil.example", "null", f"http://{NAME}", "https://localhost"):
        assert front.visit(origin=foreign) == 403, foreign


def test_a_quiet_websocket_outlives_the_servers_signs_of_life() -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    location = text.partition("location = /_stcore/stream {")[2].partition("}")[0]
    assert "proxy_read_timeout 90s;" in location  # the server pings every 30 seconds


def test_nothing_but_short_requests_gets_in(front: Front) -> None:
    assert front.ask(method="POST", body=b"x" * 2000).status == 413
    assert front.ask(method="POST", body=b"x").status == 405
    assert front.ask(f"/?q={'x' * 3000}").status == 414
    assert front.ask(f"/?q={'x' * 9000}").status == 414
    assert front.ask(x_much="x" * 9000).status in {400, 494}


def test_searches_without_javascript_pass_and_are_neither_written_nor_logged(
    front: Front, behind: Server
) -> None:
    form = "application/x-www-form-urlencoded"
    question = f"q={SECRET}+{'neck+' * 9_000}".encode()  # more than nginx keeps in memory by itself
    answer = front.ask("/plain", method="POST", body=question, content_type=form)
    assert answer.status == 200
    assert SECRET.encode() in answer.body
    assert answer.all("cache-control") == ["no-store"]
    too_long = front.ask("/plain", method="POST", body=b"q=" + b"x" * 66_000, content_type=form)
    assert too_long.status == 413
    body_written = front.folder / "body"
    assert [path for path in body_written.rglob("*") if path.is_file()] == []
    assert " POST /plain 200 " in front.access_log()
    assert front.files_with(SECRET) == []
    assert SECRET not in behind.written()


def chunked(path: str, body: bytes, extension: bytes = b"") -> bytes:
    """Return a request whose body comes in pieces of one byte."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    pieces = b"".join(b"1%s\r\n%c\r\n" % (extension, one) for one in body)
    return head.encode() + pieces + b"0\r\n\r\n"


@pytest.mark.parametrize("path", ["/plain", "/api/search", "/", "/nowhere"])
@pytest.mark.parametrize("extension", [b"", b";" + b"x" * 500])
def test_what_comes_in_pieces_of_unknown_length_is_refused_before_it_fills_a_file(
    front: Front, path: str, extension: bytes
) -> None:
    pieces = chunked(path, b"q=my+neck+" * 60, extension)
    assert front.raw(pieces).startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize("size", [1, 20_000, 63_000, 65_530])
def test_a_search_never_lies_in_a_file_of_nginx(behind: Server, tmp_path: Path, size: int) -> None:
    logged = ("$upstream_status';", "$upstream_status [$request_body_file]';")
    with fronting(port_of(behind), tmp_path / "nginx", change=logged) as front:
        form = "application/x-www-form-urlencoded"
        front.ask("/plain", method="POST", body=b"q=" + b"x" * size, content_type=form)
        front.raw(chunked("/plain", b"q=" + b"x" * size))
        lines = [line for line in front.access_log().splitlines() if " POST " in line]
        assert len(lines) == 2
        assert all(line.endswith("[-]") for line in lines), lines


def test_programs_get_nothing_unless_the_clinic_turned_that_on(
    front: Front, tmp_path: Path
) -> None:
    body = f'{{"query": "{SECRET}"}}'.encode()
    told = {"method": "POST", "body": body, "content_type": "application/json"}
    assert front.ask("/api/search", **told).status == 404  # type: ignore[arg-type]
    turned_on = {"CLINIC_API": "1"}
    log = tmp_path / "page.log"
    fewer = ("zone=clinic_search_programs burst=60", "zone=clinic_search_programs burst=2")
    with (
        serving(tmp_path / "built", log, wait_for=503, environment=turned_on) as running,
        fronting(port_of(running), tmp_path / "second", change=fewer) as second,
        ThreadPoolExecutor(8) as pool,
    ):
        answer = second.ask("/api/search", **told)  # type: ignore[arg-type]
        assert answer.status == 503  # there is no index
        assert b'"purpose"' in answer.body
        asked = [pool.submit(second.ask, "/api/search", **told) for _ in range(40)]  # type: ignore[arg-type]
        assert {one.result().status for one in asked} == {503, 429}
        assert " POST /api/search 503 " in second.access_log()
        assert second.files_with(SECRET) == []
        assert SECRET not in running.written()


def test_when_the_page_is_down_help_is_not(tmp_path: Path) -> None:
    if nginx() is None:
        without("nginx-light")
    with fronting(free_port(), tmp_path / "nginx") as front:
        answer = front.ask()
        assert answer.status == 503
        assert b"In an emergency call 999" in answer.body
        assert answer.all("content-type") == ["text/plain; charset=utf-8"]
        assert answer.all("strict-transport-security") == ["max-age=31536000"]


# -- limits ----------------------------------------------------------------------------------------


def ask_often(front: Front, path: str, times: int, more: str = "") -> list[int]:
    """Ask over one connection, which is as fast as a flood needs to be; return the answers."""
    request = f"GET {path} HTTP/1.1\r\nHost: {NAME}:{front.https}\r\n{more}\r\n".encode()
    found: list[int] = []
    with front.tls() as sock, sock.makefile("rb") as answers:
        for _ in range(times):
            sock.sendall(request)
            found.append(int(answers.readline().split(b" ")[1]))
            length = 0
            while (line := answers.readline().strip().lower()) != b"":
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            answers.read(length)
    return found


def flood(front: Front, path: str, times: int = FLOOD) -> list[int]:
    with ThreadPoolExecutor(4) as pool:
        parts = [pool.submit(ask_often, front, path, times // 4) for _ in range(4)]
        return [status for part in parts for status in part.result()]


def test_a_flood_is_refused_ten_first_visits_at_once_and_other_visitors_are_not(
    front: Front,
) -> None:
    statuses = flood(front, "/_stcore/health")
    assert set(statuses) == {200, 429}
    assert statuses.count(200) > 10 * 90
    assert statuses.count(429) > 100
    invented = ask_often(front, "/_stcore/health", 100, "X-Forwarded-For: 192.0.2.7\r\n")
    assert 429 in invented
    assert front.ask(source="127.0.0.2").status == 200


def test_one_visitor_cannot_take_all_places_and_the_page_sees_who_is_who(front: Front) -> None:
    """Were X-Forwarded-For not passed on and believed, the page's own limit would hit everybody."""
    invented = [f"X-Forwarded-For: 192.0.2.{number}\r\n" for number in range(PER_ADDRESS + 1)]
    statuses = [front.visit(more=line) for line in invented]
    assert statuses == [101] * PER_ADDRESS + [429]
    assert [front.visit(source="127.0.0.2") for _ in range(3)] == [101] * 3


def test_the_pages_own_limit_counts_what_nginx_says_and_not_what_a_visitor_says(
    behind: Server, tmp_path: Path
) -> None:
    change = ("limit_conn clinic_search_sockets 40;", "limit_conn clinic_search_sockets 100;")
    with fronting(port_of(behind), tmp_path / "nginx", change=change) as front:
        invented = [f"X-Forwarded-For: 192.0.2.{number}\r\n" for number in range(PER_ADDRESS + 1)]
        statuses = [front.visit(more=line) for line in invented]
        assert statuses == [101] * PER_ADDRESS + [403]
        assert front.visit(source="127.0.0.2") == 101


def test_a_network_of_ipv6_addresses_is_one_visitor_and_no_log_names_a_whole_address(
    behind: Server, tmp_path: Path
) -> None:
    """A visitor with IPv6 has 256 networks; here nginx takes the visitor's from X-Test."""
    change = ("server_tokens off;", "set_real_ip_from 127.0.0.1; real_ip_header X-Test;")
    with fronting(port_of(behind), tmp_path / "nginx", change=change) as front:
        site = "2001:db8:a0a:a"  # 0x0a is the end of a line, which patterns may stumble over
        lines = [f"X-Test: {site}{number:02x}::1\r\n" for number in range(1, PER_ADDRESS + 2)]
        assert [front.visit(more=line) for line in lines] == [101] * PER_ADDRESS + [429]
        assert front.visit(more="X-Test: 2001:db8:a0a:b01::1\r\n") == 101
        assert front.visit(more="X-Test: 203.0.113.77\r\n") == 101
        log = front.access_log()
        assert " 2001:db8:: GET /_stcore/stream 101 " in log
        assert " 203.0.113.0 GET /_stcore/stream 101 " in log
        assert "a0a" not in log
        assert "113.77" not in log  # ".77" may be a part of a duration


@pytest.mark.parametrize(
    ("arguments", "environment", "last"),
    [
        ([], {}, 101),
        (["--proxy", "192.0.2.1"], {}, 403),
        (["--proxy", ""], {"FORWARDED_ALLOW_IPS": "*"}, 403),
        ([], {"CLINIC_PROXIES": ""}, 403),
        ([], {"CLINIC_PROXIES": "10.0.0.1 127.0.0.0/8"}, 101),
    ],
    ids=["usual", "another-proxy", "none", "none-by-environment", "network-by-environment"],
)
def test_only_a_trusted_proxy_is_believed_about_who_connects(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], last: int
) -> None:
    """41 visitors by X-Forwarded-For are one visitor when the sender is not trusted."""
    log = tmp_path / "page.log"
    told = {"arguments": arguments, "environment": environment}
    with serving(tmp_path / "built", log, wait_for=503, **told) as running, ExitStack() as held:
        host = running.url.rstrip("/").removeprefix("http://")
        statuses = []
        for number in range(PER_ADDRESS + 1):
            sock = socket.create_connection(("127.0.0.1", port_of(running)), timeout=20)
            line = f"X-Forwarded-For: 192.0.2.{number}\r\n"
            statuses.append(handshake(held.enter_context(sock), host, f"http://{host}", more=line))
    assert statuses == [101] * PER_ADDRESS + [last]


# -- logs ------------------------------------------------------------------------------------------


def ask_in_every_way(front: Front) -> None:
    """Put the secret wherever a request can hold it."""
    for plain in (False, True):
        front.ask(f"/?q={SECRET}+neck", plain=plain)
        front.ask(f"/{SECRET}", plain=plain)
        front.ask(f"/%3Fq={SECRET}", plain=plain)
        front.ask(f"/static/js/none.js?q={SECRET}", plain=plain)
        for folder in ("assets", "static", "static/js", "static/css", "static/media"):
            front.ask(f"/{folder}/{SECRET}-my-knee", plain=plain)
            front.ask(f"/{folder}/{SECRET}.js", plain=plain, if_none_match="*")
            front.ask(f"/{folder}/{SECRET}.js", plain=plain, range="bytes=0-1")
        front.ask("/", plain=plain, referer=f"https://x.example/?q={SECRET}", user_agent=SECRET)
        front.ask(f"/?q={SECRET}", plain=plain, name="evil.example")
        front.ask(f"/?q={SECRET}{'x' * 9000}", plain=plain)
        front.ask("/", plain=plain, cookie=SECRET, x_forwarded_for=SECRET, x_big=SECRET * 900)
        front.ask("/", method="POST", body=f"q={SECRET}".encode() * 200, plain=plain)
        front.ask("/", method="POST", body=f"q={SECRET}".encode(), plain=plain)
        for path in ("/plain", "/api/search", f"/plain/{SECRET}"):
            front.ask(path, method="POST", body=f"q={SECRET}".encode() * 99, plain=plain)
        front.ask(f"/.well-known/acme-challenge/{SECRET}?{SECRET}", plain=plain)
        front.raw(f"GET /?q={SECRET} HTTP/1.0\r\n\r\n".encode(), plain=plain)
        front.raw(f"GET /?q={SECRET} {SECRET}\r\n\r\n".encode(), plain=plain)
        front.raw(f"GET /?q={SECRET} HTTP/1.1\r\nHost: a b\r\n\r\n".encode(), plain=plain)
        front.raw(f"GET /../../?q={SECRET} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode(), plain=plain)
    front.visit(query=f"?q={SECRET}")
    front.visit(query=f"?q={SECRET}", origin=f"https://{SECRET}.example")


def test_no_log_holds_the_question_whatever_is_asked(front: Front, behind: Server) -> None:
    ask_in_every_way(front)
    assert " GET / 200 " in front.access_log()
    assert "(another address) 404" in front.access_log()
    assert "(a file that was not sent) 404" in front.access_log()
    assert front.files_with(SECRET) == []
    assert SECRET not in behind.written()


def test_the_log_names_the_files_that_were_sent(front: Front) -> None:
    font = next((STATIC / "media").glob("*.woff2")).name
    front.ask("/assets/app.css")
    front.ask(f"/static/media/{font}")
    log = front.access_log()
    assert " GET /assets/app.css 200 " in log
    assert f" GET /static/media/{font} 200 " in log


def test_no_log_holds_the_question_when_the_page_is_down(tmp_path: Path) -> None:
    if nginx() is None:
        without("nginx-light")
    with fronting(free_port(), tmp_path / "nginx") as front:
        ask_in_every_way(front)
        assert " GET / 503 " in front.access_log()
        assert front.files_with(SECRET) == []


def test_no_log_holds_the_question_when_a_flood_is_refused(front: Front) -> None:
    assert 429 in flood(front, f"/readyz?q={SECRET}")
    statuses = [front.visit(query=f"?q={SECRET}", source="127.0.0.2") for _ in range(50)]
    assert 429 in statuses
    assert " GET /readyz 429 " in front.access_log()
    assert " GET /_stcore/stream 429 " in front.access_log()
    assert front.files_with(SECRET) == []


def test_no_log_holds_the_question_when_nginx_has_no_connection_left(
    behind: Server, tmp_path: Path
) -> None:
    """This one is logged as an alert, the last level but one."""
    with fronting(port_of(behind), tmp_path / "nginx", connections=8) as front:
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(_ask_patiently, front, f"/?q={SECRET}") for _ in range(80)]
            for one in asked:
                one.result()
        assert "worker_connections are not enough" in (front.folder / "error.log").read_text()
        assert front.files_with(SECRET) == []


def _ask_patiently(front: Front, path: str) -> None:
    with suppress(OSError, http.client.HTTPException):  # what a visitor meets then matters not here
        front.ask(path)


@pytest.mark.parametrize(
    ("change", "provoke"),
    [
        (("error_log  /dev/null emerg;", "error_log {folder}/found.log error;"), flood),
        (("access.log clinic_search;", "found.log;"), Front.ask),
    ],
)
def test_the_search_through_the_logs_finds_what_usual_settings_would_write(
    behind: Server, tmp_path: Path, change: tuple[str, str], provoke: Callable[[Front, str], object]
) -> None:
    """The control: with nginx's ordinary logs the tests above would fail."""
    folder = tmp_path / "nginx"
    changed = (change[0], change[1].format(folder=folder))
    with fronting(port_of(behind), folder, change=changed) as front:
        provoke(front, f"/readyz?q={SECRET}")
        assert front.files_with(SECRET) == ["found.log"]


# -- the file in its surroundings ------------------------------------------------------------------


def test_debians_own_configuration_takes_the_file_in(tmp_path: Path) -> None:
    program, around = nginx(), Path("/etc/nginx/nginx.conf")
    if program is None or not around.exists():
        without("nginx-light")
    with fronting(free_port(), tmp_path / "made") as front:  # for its certificate
        text = fitted(front.folder, free_port(), free_port(), free_port())
    (tmp_path / "clinic.conf").write_text(text)
    debians = around.read_text().replace(
        "include /etc/nginx/sites-enabled/*;", f"include {tmp_path}/clinic.conf;"
    )
    assert "clinic.conf" in debians
    (tmp_path / "nginx.conf").write_text(
        debians.replace("/run/nginx.pid", f"{tmp_path}/pid").replace(
            "/var/log/nginx", str(tmp_path)
        )
    )
    done = subprocess.run(
        [str(program), "-t", "-c", str(tmp_path / "nginx.conf"), "-e", "stderr"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr
    assert "[emerg]" not in done.stderr


@pytest.mark.browser
@pytest.mark.model
def test_the_whole_page_works_through_nginx_in_a_real_browser(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    if nginx() is None:
        without("nginx-light")
    with fronting(port_of(server), tmp_path / "nginx") as front:
        visitor = Visitor(browser, front.url, ignore_https_errors=True)
        loaded: list[int] = []
        visitor.context.on(
            "requestfinished", lambda request: loaded.append(request.sizes()["responseBodySize"])
        )
        page = visitor.page
        opened(page)
        ready(page)
        first_visit = (len(loaded), sum(loaded))
        search(page, f"is anything injected? {SECRET}")
        expect(page.locator("mark").first).to_contain_text("no medicine will be injected")
        assert visitor.asked.count(f"{front.url.replace('https', 'wss')}_stcore/stream") == 1
        visitor.context.close()
        assert visitor.wrong == []
        assert first_visit[0] > 60
        assert first_visit[1] < 1_400_000  # 2.8 MB without nginx
        assert " 429 " not in front.access_log()
        assert front.files_with(SECRET) == []
