"""Runs Debian's nginx with the shipped configuration on free ports, and speaks to it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.workers import free_port

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
STAFF_CONFIGURATION = ROOT / "deploy" / "staff.conf"
NAME = "clinic.localhost"
SOCKET = "/_stcore/stream"

# What Debian's own nginx.conf says around the file, and a log that would take everything.
AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log {level};
events {{ worker_connections {connections}; }}
http {{
    sendfile on;
    tcp_nopush on;
    {types}
    default_type application/octet-stream;
    access_log {folder}/everybody.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/clinic.conf;
}}
"""


def nginx() -> str | None:
    """Return Debian's nginx, which lies outside of an ordinary user's PATH; None without it."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def certify(folder: Path) -> None:
    """Put a certificate that nobody trusts, for the name under test, into a folder."""
    for name, content in _certificate().items():
        (folder / name).write_bytes(content)


@cache
def _certificate() -> dict[str, bytes]:
    about = f"-subj /CN={NAME} -addext subjectAltName=DNS:{NAME} -days 2"
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout privkey.pem"
    command = f"openssl req -x509 {key} {about} -out fullchain.pem"
    with tempfile.TemporaryDirectory() as made:
        subprocess.run(command.split(), cwd=made, check=True, capture_output=True)
        return {path.name: path.read_bytes() for path in Path(made).iterdir()}


@dataclass
class Answer:
    """What came back: the headers as they stood, each as often as it was sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class Front:
    """A running nginx: its ports, and the folder in which everything lies that it writes."""

    http: int
    https: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    opened: list[socket.socket] = field(default_factory=list)
    certificate: tuple[Path, Path] | None = None

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.https}/"

    def stop(self) -> None:
        """End nginx: only then has it written all that it is going to write."""
        while self.opened:
            self.opened.pop().close()
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)  # finish what is begun, and log it
            self.process.wait(60)
            self.process = None

    def access_log(self) -> str:
        self.stop()
        return (self.folder / "access.log").read_text(errors="replace")

    def files_with(self, word: str) -> list[str]:
        """Stop, and name every file below nginx's folder that holds a word."""
        self.stop()
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.name for path in files if word.encode() in path.read_bytes())

    def tls(self, source: str = "127.0.0.1", name: str = NAME) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.check_hostname = name == NAME
        if self.certificate is not None:
            context.load_cert_chain(*self.certificate)
        raw = socket.create_connection(
            ("127.0.0.1", self.https), timeout=20, source_address=(source, 0)
        )
        return context.wrap_socket(raw, server_hostname=name)

    def ask(
        self,
        path: str = "/",
        *,
        method: str = "GET",
        name: str = NAME,
        plain: bool = False,
        source: str = "127.0.0.1",
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Ask once over a connection of its own; `a_b` in a header's name stands for `a-b`."""
        port = self.http if plain else self.https
        connection = http.client.HTTPConnection(name, port, timeout=20)
        if plain:
            connection.sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        else:
            connection.sock = self.tls(source, name)
        try:
            sent = {key.replace("_", "-"): value for key, value in headers.items()}
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def raw(self, request: bytes, *, plain: bool = False) -> bytes:
        """Send bytes as they are and return the beginning of the answer."""
        http = ("127.0.0.1", self.http)
        with socket.create_connection(http, timeout=20) if plain else self.tls() as sock:
            sock.sendall(request)
            return sock.recv(4096)

    def visit(
        self,
        *,
        origin: str | None = None,
        source: str = "127.0.0.1",
        query: str = "",
        more: str = "",
    ) -> int:
        """Open the page's websocket, leave it open, and return the status of the handshake."""
        sock = self.tls(source)
        self.opened.append(sock)
        return handshake(sock, f"{NAME}:{self.https}", origin or self.url.rstrip("/"), query, more)


def handshake(sock: socket.socket, host: str, origin: str, query: str = "", more: str = "") -> int:
    """Ask for a websocket, with further header lines, and return the status of the answer."""
    sock.sendall(
        f"GET {SOCKET}{query} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer and (more_bytes := sock.recv(4096)):
        answer += more_bytes
    return int(answer.split(b" ", 2)[1])


def fitted(folder: Path, http_port: int, https_port: int, upstream: int) -> str:
    """Return the shipped configuration with other ports, paths and name, and nothing else new."""
    return _exchanged(
        CONFIGURATION,
        ("server 127.0.0.1:8501;", f"server 127.0.0.1:{upstream};", 1),
        ("listen 80;", f"listen 127.0.0.1:{http_port};", 1),
        ("listen [::]:80;", f"listen [::1]:{http_port};", 1),
        ("listen 443 ssl", f"listen 127.0.0.1:{https_port} ssl", 1),
        ("listen [::]:443 ssl", f"listen [::1]:{https_port} ssl", 1),
        ("https://$server_name/;", f"https://$server_name:{https_port}/;", 1),
        ("/etc/letsencrypt/live/search.clinic.example/", f"{folder}/", 2),
        ("server_name search.clinic.example;", f"server_name {NAME};", 2),
        ("/var/log/nginx/clinic-search.log", f"{folder}/access.log", 2),
        ("root /var/www/html;", f"root {folder}/www;", 1),
    )


def fitted_for_staff(folder: Path, http_port: int, https_port: int, upstream: int) -> str:
    """Return the shipped configuration of the page for staff, fitted in the same way."""
    return _exchanged(
        STAFF_CONFIGURATION,
        ("server 127.0.0.1:8502;", f"server 127.0.0.1:{upstream};", 1),
        ("listen 443 ssl", f"listen 127.0.0.1:{https_port} ssl", 1),
        ("listen [::]:443 ssl", f"listen [::1]:{https_port} ssl", 1),
        ("/etc/letsencrypt/live/staff.clinic.example/", f"{folder}/", 2),
        ("server_name staff.clinic.example;", f"server_name {NAME};", 1),
        ("/var/log/nginx/clinic-staff.log", f"{folder}/access.log", 1),
        ("auth_basic_user_file /etc/nginx/", f"auth_basic_user_file {folder}/", 1),
        ("ssl_client_certificate /etc/nginx/", f"ssl_client_certificate {folder}/", 1),
        ("include /etc/nginx/", f"include {folder}/", 1),
    )


def _exchanged(file: Path, *pieces: tuple[str, str, int]) -> str:
    text = file.read_text(encoding="utf-8")
    for old, new, times in pieces:
        assert text.count(old) == times, f"{old} stands {text.count(old)} times in {file}"
        text = text.replace(old, new)
    has_ipv6 = socket.has_ipv6 and Path("/proc/net/if_inet6").exists()
    return text if has_ipv6 else without_ipv6(text)


def without_ipv6(text: str) -> str:
    """Return a configuration that listens to IPv4 alone."""
    return re.sub(r"listen \[::1\].*", "", text)


@contextmanager
def fronting(
    upstream: int,
    folder: Path,
    *,
    connections: int = 768,
    change: tuple[str, str] | None = None,
    fit: Callable[[Path, int, int, int], str] = fitted,
) -> Iterator[Front]:
    """Run nginx in front of a port; `change` replaces a piece of its text, for controls."""
    program = nginx()
    assert program is not None
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "www").mkdir()
    certify(folder)
    front = Front(free_port(), free_port(), folder)
    text = fit(folder, front.http, front.https, upstream)
    if change:
        assert change[0] in text
        text = text.replace(*change)
    (folder / "clinic.conf").write_text(text, encoding="utf-8")
    types = "include /etc/nginx/mime.types;" if Path("/etc/nginx/mime.types").exists() else ""
    # Its workers read the names and passwords of staff, in a folder that is the test's alone.
    user = "user root;" if os.geteuid() == 0 else ""
    around = AROUND.format(
        folder=folder, types=types, connections=connections, level="info", user=user
    )
    (folder / "nginx.conf").write_text(around, encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with (folder / "started.log").open("wb") as out:
        front.process = process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 60
        while not (folder / "nginx.pid").exists() or not _answers(front):
            if process.poll() is not None or time.monotonic() > deadline:
                said = "".join(path.read_text() for path in sorted(folder.glob("*.log")))
                raise RuntimeError(f"nginx did not start:\n{said[-3000:]}")
            time.sleep(0.05)
        yield front
    finally:
        front.stop()


def _answers(front: Front) -> bool:
    try:
        socket.create_connection(("127.0.0.1", front.https), timeout=20).close()
    except OSError:
        return False
    return True
