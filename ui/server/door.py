"""The door of the page for staff: a secret in the link, as notebook servers have it.

Whoever opens the link gets a cookie, and the secret leaves the address at once. A proxy that has
asked people who they are sends the secret itself, as `Authorization: Bearer ...`.
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
# A monitor may ask how the page is, and what a refused person reads has its style.
_OPEN = frozenset({"/readyz", "/_stcore/health"})
_OPEN_FOLDER = "/assets/"
_MAKE = f"export {VARIABLE}=$(python -c 'import secrets; print(secrets.token_urlsafe(32))')"
_TOKEN = re.compile(r"[A-Za-z0-9_.~-]{32,200}")


@dataclass(frozen=True, slots=True)
class Door:
    """The secret of the page for staff. `is_chosen` unless it was made for this start alone."""

    token: str = field(repr=False)
    is_chosen: bool = False

    def link(self, page: str) -> str:
        """Return the address that lets somebody in, for the address of the page."""
        return f"{page}?{urlencode({PARAMETER: self.token})}"

    def lets_in(self, scope: Scope) -> bool:
        """Say whether a request is open to all, or comes from somebody who has the secret."""
        path = scope["path"]
        is_open = scope["type"] == "http" and (path in _OPEN or path.startswith(_OPEN_FOLDER))
        return is_open or self._knows(scope["headers"])

    def entry(self, scope: Scope) -> tuple[tuple[bytes, bytes], ...] | None:
        """Return the headers that let the opener of the link in, and lead to the page without it.

        None for every other request, and for a wrong secret.
        """
        if scope["path"] != "/" or scope["method"] not in {"GET", "HEAD"}:
            return None
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in asked if name == PARAMETER]
        if len(given) != 1 or not _same(given[0], self.token):
            return None
        kept = urlencode([(name, value) for name, value in asked if name != PARAMETER])
        return (
            (b"location", f"./?{kept}".rstrip("?").encode()),
            (b"set-cookie", self._cookie(is_secure=scope.get("scheme") == "https").encode()),
            (b"cache-control", b"no-store"),
        )

    @property
    def cookie(self) -> tuple[str, str]:
        """Name and value of the cookie, neither of which tells the secret.

        Another secret's has another name: a browser does not keep cookies apart by port, and two
        pages may run on one machine.
        """
        name, value = (sha256(f"{part}:{self.token}".encode()).hexdigest() for part in "ab")
        return f"clinic-staff-{name[:8]}", value

    def _cookie(self, *, is_secure: bool) -> str:
        name, value = self.cookie
        secure = "; Secure" if is_secure else ""
        return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}"

    def _knows(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        headers = tuple(headers)
        told = hosts.only(headers, b"authorization") or ""
        kind, _, secret = told.partition(" ")
        if kind.lower() == "bearer" and _same(secret, self.token):
            return True
        name, value = self.cookie
        sent = [cookie.decode("latin-1") for key, cookie in headers if key.lower() == b"cookie"]
        pairs = (one.strip().partition("=") for one in ";".join(sent).split(";"))
        return any(key == name and _same(found, value) for key, _, found in pairs)


def _same(given: str, wanted: str) -> bool:
    """Compare in a time that says nothing about where the two differ."""
    return compare_digest(given.encode(), wanted.encode())


def current() -> Door | None:
    """Return the door of this process; None where the page is for patients.

    Raises UsageError when the secret that was chosen could be guessed, or does not fit into a link.
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
            expected="32 to 200 letters, digits, - or _, made by chance",
            found=f"{len(chosen)} characters, not shown here",
            fix=_MAKE,
        )
    return Door(chosen, is_chosen=True)


def check_address(door: Door, host: str) -> None:
    """Refuse to serve staff to other machines by a secret that nobody has chosen.

    Raises UsageError. Over a network the page needs encryption in front of it, and a secret that
    the proxy knows too; one that is printed at each start is for the person at this machine.
    """
    if door.is_chosen or is_loopback(host):
        return
    raise UsageError(
        "The page for staff is not served to other machines without a secret of its own.",
        where=f"--host {host}",
        expected="127.0.0.1, with nginx in front of it (deploy/staff.conf); or a secret of yours",
        found=f"{VARIABLE} is not set",
        fix=_MAKE,
    )


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches an address to listen on."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_said = False


def print_link(host: str | None = None, port: int | None = None) -> None:
    """Print once how staff get in; without an address, that of Streamlit's own settings.

    A secret that was chosen is not printed: what is printed is kept in a service's log.
    Raises UsageError where `check_address` does.
    """
    global _said  # noqa: PLW0603  the launcher knows the address, any other server only we do
    if _said or (door := current()) is None:
        return
    if host is None or port is None:
        host, port = _of_streamlit()
    check_address(door, host)
    page = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    if door.is_chosen:
        print(f"Staff get in at {page}?{PARAMETER}=... with the secret in {VARIABLE}.", flush=True)
    else:
        print(f"Staff get in by this link only: {door.link(page)}", flush=True)
    _said = True


def _of_streamlit() -> tuple[str, int]:
    from streamlit import config

    return config.get_option("server.address") or "0.0.0.0", config.get_option("server.port")  # noqa: S104
