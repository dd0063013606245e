"""The door of the page for staff: a secret in a link, as notebook servers have it.

Who opens the link gets a cookie and is sent on to an address without the secret. A proxy that has
authenticated people sends the secret itself as `Authorization: Bearer ...`.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from core.errors import UsageError
from ui.server import hosts
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Scope

VARIABLE = "CLINIC_STAFF_TOKEN"
PARAMETER = "token"
# Open to all: health checks, and the style of the page that refuses people.
_OPEN = frozenset({"/readyz", "/_stcore/health"})
_OPEN_FOLDER = "/assets/"
_MAKE = f"export {VARIABLE}=$(python -c 'import secrets; print(secrets.token_urlsafe(32))')"
_TOKEN = re.compile(r"[A-Za-z0-9_.~-]{32,200}")


@dataclass(frozen=True, slots=True)
class Door:
    """The secret of the page for staff; `is_chosen` unless it was generated at this start."""

    token: str = field(repr=False)
    is_chosen: bool = False

    def link(self, page: str) -> str:
        """Return the link that lets people in, for the address of the page."""
        return f"{page}?{urlencode({PARAMETER: self.token})}"

    def lets_in(self, scope: Scope) -> bool:
        """Say whether a request asks for something open to all, or has the cookie or the secret."""
        path = scope["path"]
        is_open = scope["type"] == "http" and (path in _OPEN or path.startswith(_OPEN_FOLDER))
        return is_open or self._knows(scope["headers"])

    def entry(self, scope: Scope) -> tuple[tuple[bytes, bytes], ...] | None:
        """Return the headers that set the cookie and redirect to the page without the secret.

        None for every other request, and for a wrong secret.
        """
        if scope["path"] != "/" or scope["method"] not in {"GET", "HEAD"}:
            return None
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in asked if name == PARAMETER]
        if len(given) != 1 or not _same(given[0], self.token):
            return None
        rest = urlencode([(name, value) for name, value in asked if name != PARAMETER])
        return (
            (b"location", f"./?{rest}".rstrip("?").encode()),
            (b"set-cookie", self._cookie(is_secure=scope.get("scheme") == "https").encode()),
            (b"cache-control", b"no-store"),
        )

    @property
    def cookie(self) -> tuple[str, str]:
        """Name and value of the cookie; neither reveals the secret.

        Each secret has its own name, because browsers share cookies between the ports of a machine
        and two pages may run there.
        """
        name, value = (sha256(f"{part}:{self.token}".encode()).hexdigest() for part in "ab")
        return f"clinic-staff-{name[:8]}", value

    def _cookie(self, *, is_secure: bool) -> str:
        name, value = self.cookie
        secure = "; Secure" if is_secure else ""
        return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}"

    def _knows(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        headers = tuple(headers)
        kind, _, secret = (hosts.only(headers, b"authorization") or "").partition(" ")
        if kind.lower() == "bearer" and _same(secret, self.token):
            return True
        name, value = self.cookie
        sent = [cookie.decode("latin-1") for key, cookie in headers if key.lower() == b"cookie"]
        pairs = (pair.strip().partition("=") for pair in ";".join(sent).split(";"))
        return any(key == name and _same(found, value) for key, _, found in pairs)


def _same(given: str, wanted: str) -> bool:
    """Compare in constant time."""
    return compare_digest(given.encode(), wanted.encode())


def current() -> Door | None:
    """Return the door of this process; None on a page for patients.

    Raises UsageError when the chosen secret could be guessed or does not fit into a link.
    """
    return _door(os.environ.get(VARIABLE, "")) if settings.is_for_staff() else None


@cache  # one secret a process, whoever asks first
def _door(chosen: str) -> Door:
    if not chosen:
        return Door(secrets.token_urlsafe(32))
    if not _TOKEN.fullmatch(chosen):
        raise UsageError(
            "The secret of the page for staff cannot be used.",
            where=VARIABLE,
            expected="32 to 200 random letters, digits, - or _",
            found=f"{len(chosen)} characters, not shown here",
            fix=_MAKE,
        )
    return Door(chosen, is_chosen=True)


def check_address(door: Door, host: str) -> None:
    """Refuse to serve staff to other machines with a generated secret.

    Raises UsageError. Over a network the page needs encryption in front of it and a secret that
    the proxy knows too; a secret printed at each start is for the person at this machine.
    """
    if door.is_chosen or is_loopback(host):
        return
    raise UsageError(
        "The page for staff is not served to other machines without a secret that you set.",
        where=f"--host {host}",
        expected="127.0.0.1 with nginx in front (deploy/staff.conf), or a secret of your own",
        found=f"{VARIABLE} is not set",
        fix=_MAKE,
    )


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address to listen on."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_is_printed = False


def print_link(host: str | None = None, port: int | None = None) -> None:
    """Print once how staff get in; without an address, that of Streamlit's settings.

    A chosen secret is not printed, because a service's output is logged.
    Raises UsageError as `check_address` does.
    """
    global _is_printed  # noqa: PLW0603  the launcher prints first; other servers do not print
    if _is_printed or (door := current()) is None:
        return
    if host is None or port is None:
        host, port = _of_streamlit()
    check_address(door, host)
    page = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    if door.is_chosen:
        print(f"Staff get in at {page}?{PARAMETER}=... with the secret in {VARIABLE}.", flush=True)
    else:
        print(f"Staff get in with this link only: {door.link(page)}", flush=True)
    _is_printed = True


def _of_streamlit() -> tuple[str, int]:
    from streamlit import config

    return config.get_option("server.address") or "0.0.0.0", config.get_option("server.port")  # noqa: S104
