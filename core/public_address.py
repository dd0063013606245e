"""The address under which patients open the page: for paper, citations and shares."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

EXPECTED = (
    "the https:// address under which patients open the page, such as"
    " https://search.clinic.example or https://www.clinic.example/search,"
    " and not an address of this computer"
)
_ADDRESS = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?",
    re.IGNORECASE,
)


def public_address(written: str) -> str:
    """Return an address with one slash at its end; empty for one that patients cannot open.

    That is one with a user, a query, a fragment or a folder that leads upwards, and one that only
    this computer can open.
    """
    if not _ADDRESS.fullmatch(written):
        return ""
    parts = urlsplit(written)
    if any(not folder.strip(".") for folder in parts.path.strip("/").split("/") if folder):
        return ""
    try:
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:  # a port above 65535
        return ""
    if port == 0 or host == "localhost" or host.endswith(".localhost") or _is_own(host):
        return ""
    return f"{written.rstrip('/')}/"


def _is_own(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:  # a name
        return False
    return address.is_loopback or address.is_unspecified
