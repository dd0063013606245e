"""Addresses of pages: their canonical form, their host, and the names of their files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from urllib.parse import quote, unquote, unquote_plus, urljoin, urlsplit

from core.errors import UsageError
from core.text.slugs import slug
from ingest.files.article_ids import without_page_names

_SCHEMES = {"http": 80, "https": 443}
_LENGTH = 2000
# Never in an address: parsers drop some of them silently, so two programs see two addresses.
_NEVER = re.compile(r"[\x00-\x20\x7f\\]")
_SAFE = "/%:@!$&'()*+,;=~"
_ENDING = re.compile(r"\.(?:x?html?|php\d?|aspx?|jsp|cgi|pdf)\Z", re.IGNORECASE)
# Letters of four bytes, a hash and an ending still fit into the 255 bytes of a file's name.
_STEM_CHARS = 60


def read_address(text: str, *, where: str | None = None) -> str:
    """Return the canonical form of a page's address, without the part after `#`.

    Raises UsageError when it is not a web address, or contains a name and password.
    """
    plain = text.strip()
    try:
        parts = urlsplit(plain)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:
        raise _refused(plain, where) from error
    if (
        parts.scheme not in _SCHEMES
        or not host
        or "@" in parts.netloc
        or len(plain) > _LENGTH
        or _NEVER.search(plain)
    ):
        raise _refused(plain, where)
    host = f"[{host}]" if ":" in host else host
    place = host if port in (None, _SCHEMES[parts.scheme]) else f"{host}:{port}"
    root = f"{parts.scheme}://{place}/"
    path = urljoin(root, "/" + quote(parts.path, safe=_SAFE).lstrip("/"))  # resolves ".."
    query = quote(parts.query, safe=_SAFE + "?")
    return f"{path}?{query}" if query else path


def host_of(address: str) -> str:
    """Return the host of an address, with a port that is not the default."""
    return urlsplit(address).netloc


def stem_of(address: str) -> str:
    """Return a readable name for the file of a page, from its path and query; never empty.

    It is the id that the same page has in a saved site (`ingest/files/article_ids.py`), with all
    its folders.
    """
    parts = urlsplit(address)
    path = _ENDING.sub("", unquote(parts.path).rstrip("/"))
    words = " ".join([*without_page_names(path.split("/")), unquote_plus(parts.query)])
    if not any(c.isalnum() for c in words):
        return "home"
    return slug(words)[:_STEM_CHARS].strip("-")


def free_stem(address: str, used: Collection[str]) -> str:
    """Return the name for a page's file, with a hash of the address when it is already used."""
    stem = stem_of(address)
    if stem not in used:
        return stem
    return f"{stem}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def _refused(text: str, where: str | None) -> UsageError:
    return UsageError(
        "This is not the address of a page.",
        where=where,
        expected="an address that begins with https:// or http://, without a name or password",
        found=repr(text[:200]),
        fix="copy the address from the browser's address bar",
    )
