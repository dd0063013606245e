"""Which names the page answers to and which pages may connect to it: strict Host and Origin.

A website whose name resolves to this machine (DNS rebinding) sends its own name as Host and as
Origin, so that the two agree. Only a list of names tells such a website from ours.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from core.errors import UsageError
from ui.server.log_filter import OncePerMinute

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Headers = Iterable[tuple[bytes, bytes]]

LONGEST = 300
_NAME = r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?"
_HOST = re.compile(rf"({_NAME}|\[[0-9a-f:.]+\])(\.?)(?::[0-9]{{1,5}})?")
_ORIGIN = re.compile(r"https?://([^/]+)")
_LOCALHOST = "localhost"
REFUSED = (
    "Requests for another name are refused (421). Add the name with --name or CLINIC_NAMES."
    " This line is logged once a minute at most, without the name."
)

_log = logging.getLogger("clinic.ui.hosts")
_log.addFilter(OncePerMinute())


def name_of(host: str) -> str | None:
    """Return the name in a Host header, lower case, without its port; None if it is not a host.

    An IPv6 address keeps its brackets. A user, a path or an empty name is not a host.
    """
    found = _HOST.fullmatch(host.lower()) if host.isascii() and len(host) <= LONGEST else None
    if found is None or ".." in host:
        return None
    name, dot = found.groups()
    if name.startswith("["):
        return name if is_address(name) and not dot else None
    return name


def is_address(name: str) -> bool:
    """Say whether a name is an IP address as browsers write it, IPv6 in brackets."""
    try:
        version = ip_address(name.removeprefix("[").removesuffix("]")).version
    except ValueError:
        return False
    return (version == 6) == name.startswith("[")


def host_of(origin: str) -> str | None:
    """Return name and port of an Origin as in a Host header; None if it is not an origin.

    Not parsed by `urlsplit`, which raises for some of what a visitor may send.
    """
    found = _ORIGIN.fullmatch(origin.lower())
    return found[1] if found and name_of(found[1]) else None


def is_same(origin: str, host: str) -> bool:
    """Say whether a page of this site asks: its origin and the request name the same host."""
    asking = host_of(origin)
    return asking is not None and asking == host.lower()


def only(headers: Headers, name: bytes) -> str | None:
    """Return a header that was sent exactly once, else None."""
    values = [value for key, value in headers if key.lower() == name]
    return values[0].decode("latin-1") if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that the page answers to, and further origins from which a page may connect.

    `localhost`, names below it and IP addresses always count: nobody can register the former, and
    a browser at an IP address has looked up no name.
    """

    names: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    def answers_to(self, headers: Headers) -> bool:
        """Say whether a request names this page in exactly one Host header."""
        name = name_of(only(headers, b"host") or "")
        if name is None:
            return False
        is_local = name == _LOCALHOST or name.endswith(f".{_LOCALHOST}")
        is_ours = is_local or is_address(name) or name in self.names
        if not is_ours:
            _log.warning(REFUSED)
        return is_ours

    def may_connect(self, headers: Headers) -> bool:
        """Say whether a page of ours opens a websocket; browsers always send an origin then."""
        headers = tuple(headers)
        if not self.answers_to(headers):
            return False
        origin, host = only(headers, b"origin"), only(headers, b"host")
        if origin is None or host is None:
            return False
        return origin.lower() in self.origins or is_same(origin, host)


def hosts(names: Sequence[str], origins: Sequence[str] = ()) -> Hosts:
    """Check the names and origins that the page was started with; an origin's name counts too.

    Raises UsageError for a name or origin that no browser sends, because it would never match.
    """
    for origin in origins:
        if host_of(origin) is None:
            raise _unusable(origin, "CLINIC_ORIGINS", "an origin such as https://www.example.org")
    allowed = {_checked(name) for name in names}
    allowed |= {name for origin in origins if (name := name_of(host_of(origin) or ""))}
    return Hosts(frozenset(allowed), frozenset(origin.lower() for origin in origins))


def _checked(name: str) -> str:
    try:
        written = name.encode("idna").decode()  # as browsers send a name such as müller.example
    except UnicodeError:
        written = ""
    checked = name_of(written)
    if checked is None or len(checked) < len(written.removesuffix(".")):
        raise _unusable(name, "--name or CLINIC_NAMES", "a name such as search.clinic.example")
    return checked


def _unusable(found: str, where: str, expected: str) -> UsageError:
    return UsageError(
        "The page cannot answer to this name.",
        where=where,
        expected=f"{expected}, without a path",
        found=found,
        fix="python -m ui --name search.clinic.example",
    )
