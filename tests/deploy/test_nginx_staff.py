"""deploy/staff.conf in a real nginx before the real page for staff: who gets in, who does not."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.deploy.test_nginx import SECRET, chunked, port_of
from tests.support.pages.browser import DOOR, STAFF, Server, answer, opened, serving
from tests.support.pages.front import NAME, Front, fitted_for_staff, fronting, handshake, nginx
from tests.support.pages.visitor import Visitor, without
from ui.languages import text

# The driver's sockets are closed by its process, after the interpreter looks.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

PAGES = ["/", "/notices", "/staff/claims.csv", "/_stcore/health", "/assets/app.css", "/readyz"]
BASIC = (
    '    auth_basic           "Staff";\n    auth_basic_user_file {folder}/clinic-staff.htpasswd;\n'
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real launcher for staff; without an index, because who gets in does not depend on it."""
    if nginx() is None:
        without("nginx-light")
    folder = tmp_path_factory.mktemp("staff")
    with serving(folder / "built", folder / "page.log", wait_for=503, environment=STAFF) as running:
        yield running


def prepared(folder: Path) -> Path:
    """Write what the steps of deploy/README.md put beside the configuration."""
    folder.mkdir()
    line = f'proxy_set_header Authorization "Bearer {DOOR.token}";\n'
    (folder / "clinic-staff.token").write_text(line)
    hashed = openssl("passwd", "-apr1", "good password", folder=folder).strip()
    (folder / "clinic-staff.htpasswd").write_text(f"anna:{hashed}\n")
    return folder


def openssl(*arguments: str, folder: Path) -> str:
    return subprocess.run(
        ["openssl", *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def login(name: str = "anna", password: str = "good password") -> str:
    return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


@pytest.fixture
def front(page: Server, tmp_path: Path) -> Iterator[Front]:
    with fronting(port_of(page), prepared(tmp_path / "nginx"), fit=fitted_for_staff) as running:
        yield running


def socket_status(front: Front, more: str = "") -> int:
    sock = front.tls()
    front.opened.append(sock)
    return handshake(sock, f"{NAME}:{front.https}", front.url.rstrip("/"), more=more)


def test_without_a_password_nothing_answers(front: Front) -> None:
    cookie = "=".join(DOOR.cookie)
    for path in PAGES:
        assert front.ask(path).status == 401
        assert front.ask(path, authorization=login(password="wrong")).status == 401
        assert front.ask(path, authorization=f"Bearer {DOOR.token}").status == 401
        assert front.ask(path, cookie=cookie).status == 401
    assert front.ask(f"/?token={DOOR.token}").status == 401
    assert socket_status(front) == 401
    assert socket_status(front, f"Authorization: {login(name='eve')}\r\n") == 401


def test_with_the_password_the_page_its_tables_and_the_websocket_answer(front: Front) -> None:
    known = login()
    for path in PAGES:
        assert front.ask(path, authorization=known).status in {200, 503}, path
    document = front.ask("/", authorization=known).body
    assert b"view=staff" in document
    assert DOOR.token.encode() not in document
    assert socket_status(front, f"Authorization: {known}\r\n") == 101
    assert front.ask("/", name="evil.example", authorization=known).status == 421


def test_another_website_cannot_connect_with_the_password_of_a_visitor(front: Front) -> None:
    sock = front.tls()
    front.opened.append(sock)
    more = f"Authorization: {login()}\r\n"
    assert handshake(sock, f"{NAME}:{front.https}", "https://evil.example", more=more) == 403


def test_whoever_reaches_the_page_without_nginx_stays_outside(page: Server) -> None:
    assert answer(page.url) == 403
    assert answer(page.url, Authorization=login()) == 403


def test_nothing_that_staff_type_is_logged_or_written(front: Front, page: Server) -> None:
    form = "application/x-www-form-urlencoded"
    body = f"q={SECRET}+{'neck+' * 9_000}".encode()
    sent = front.ask("/plain", method="POST", body=body, content_type=form, authorization=login())
    assert sent.status == 200
    front.ask(f"/?q={SECRET}", authorization=login())
    front.ask(f"/assets/{SECRET}")
    raw = chunked("/plain", SECRET.encode())
    assert front.raw(raw).startswith(b"HTTP/1.1 4")
    assert " anna - POST 200 " in front.access_log()
    assert front.files_with(SECRET) == []
    assert SECRET not in page.written()
    assert front.files_with(DOOR.token) == ["clinic-staff.token"]


def certified(folder: Path) -> tuple[Path, Path]:
    """Make an authority and a certificate of it; return that of somebody and its key."""
    ca = ["-newkey", "rsa:2048", "-nodes", "-days", "2"]
    openssl("req", "-x509", *ca, "-subj", "/CN=Clinic", "-keyout", "ca.key",
            "-out", "clinic-staff-ca.pem", folder=folder)  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Anna", "-keyout", "anna.key",
            "-out", "anna.csr", folder=folder)  # fmt: skip
    openssl("x509", "-req", "-in", "anna.csr", "-CA", "clinic-staff-ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-out", "anna.pem", folder=folder)  # fmt: skip
    return folder / "anna.pem", folder / "anna.key"


def by_certificate(folder: Path, http: int, https: int, upstream: int) -> str:
    """Do what the comment in the file says: the other two lines."""
    made = fitted_for_staff(folder, http, https, upstream)
    basic = BASIC.format(folder=folder)
    assert made.count(basic) == 1
    assert made.count("    #ssl_") == 2
    return made.replace(basic, "").replace("    #ssl_", "    ssl_")


def test_with_certificates_instead_only_those_of_the_clinic_get_in(
    page: Server, tmp_path: Path
) -> None:
    folder = prepared(tmp_path / "nginx")
    known = certified(folder)
    (tmp_path / "others").mkdir()
    foreign = certified(tmp_path / "others")
    with fronting(port_of(page), folder, fit=by_certificate) as front:
        for certificate, status, socket in (
            (None, 400, 400),
            (foreign, 400, 400),
            (known, 200, 101),
        ):
            front.certificate = certificate
            assert front.ask("/").status == status
            assert front.ask("/notices", authorization=login()).status == status
            assert socket_status(front) == socket
        assert "CN=Anna GET 200 " in front.access_log()


@pytest.mark.browser
def test_a_browser_asks_for_the_password_and_then_the_page_works(
    browser: Browser, page: Server, tmp_path: Path
) -> None:
    folder = prepared(tmp_path / "nginx")
    with fronting(port_of(page), folder, fit=fitted_for_staff) as front:
        password = {"username": "anna", "password": "good password"}
        visitor = Visitor(browser, front.url, ignore_https_errors=True, http_credentials=password)
        opened(visitor.page, "?view=staff")
        expect(visitor.page.locator("#cs-title")).to_have_text([text.EDITOR_TITLE])
        visitor.context.close()
        assert visitor.wrong == []
