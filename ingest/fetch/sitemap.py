"""Reads the addresses in a sitemap (sitemaps.org), as if it were hostile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from core.errors import UsageError
from ingest.fetch.addresses import read_address
from ingest.fetch.http import NotFetchedError, gunzip

# The limit of sitemaps.org for a file.
SITEMAP_BYTES = 50_000_000
_ENTRIES = 50_000
# An index lists sitemaps and no further index; most sites have about a dozen.
_SITEMAPS = 50
_DEPTH = 20
_LOC_CHARS = 10_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The entries of a sitemap, unchecked: pages, or the sitemaps of an index."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


@dataclass(slots=True)
class Listed:
    """The pages that a sitemap and those below it list, and the entries that cannot be used."""

    pages: list[str] = field(default_factory=list)
    unusable: list[tuple[str, str]] = field(default_factory=list)  # address, why


def pages_of(sitemap: str, get: Callable[[str], bytes]) -> Listed:
    """Return the pages that a sitemap or an index of sitemaps lists; `get` reads an address.

    A sitemap or an entry that cannot be used does not stop the others.
    """
    listed = Listed()
    waiting, seen = [(sitemap, 0)], {sitemap}
    while waiting:
        address, depth = waiting.pop(0)
        try:
            found = parse_sitemap(get(address), address)
        except NotFetchedError as error:
            listed.unusable.append((address, error.problem))
            continue
        for text in found.pages:
            _add(text, address, listed.pages, listed)
        below: list[str] = []
        for text in found.sitemaps:
            _add(text, address, below, listed)
        for inner in below:
            if inner in seen:
                continue
            if depth or len(seen) >= _SITEMAPS:
                why = "an index within an index" if depth else f"more than {_SITEMAPS} sitemaps"
                listed.unusable.append((inner, why))
                continue
            seen.add(inner)
            waiting.append((inner, depth + 1))
    return listed


def parse_sitemap(raw: bytes, address: str) -> Sitemap:
    """Read a sitemap or an index of sitemaps, compressed by gzip or not.

    Raises NotFetchedError when it is neither, declares a document type, or is too large.
    """
    if raw.startswith(_GZIP):
        raw = gunzip(raw, SITEMAP_BYTES, address)
    parser: Any = ElementTree.XMLParser(target=_Entries())  # noqa: S314 - it refuses what is bad
    try:
        parser.feed(raw)
        found: Sitemap = parser.close()
    except ElementTree.ParseError as error:
        raise NotFetchedError("not a sitemap, or a damaged one", where=address) from error
    return found


def _add(text: str, sitemap: str, to: list[str], listed: Listed) -> None:
    try:
        to.append(read_address(text, where=sitemap))
    except UsageError:
        listed.unusable.append((text[:200], "not the address of a page"))


class _Entries:
    """Collects the texts of `urlset/url/loc` and `sitemapindex/sitemap/loc`."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._text = ""
        self._found: dict[tuple[str, ...], list[str]] = {
            ("urlset", "url", "loc"): [],
            ("sitemapindex", "sitemap", "loc"): [],
        }

    def doctype(self, *_: object) -> None:
        """Refuse declarations: they can multiply text and read other files."""
        raise NotFetchedError("a sitemap with a document type (DTD)")

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._open.append(tag.rpartition("}")[2])
        self._text = ""
        if len(self._open) > _DEPTH or self._open[0] not in ("urlset", "sitemapindex"):
            raise NotFetchedError("not a sitemap")

    def data(self, text: str) -> None:
        if self._open[-1] == "loc":
            self._text += text
            if len(self._text) > _LOC_CHARS:
                raise NotFetchedError("not a sitemap")

    def end(self, _tag: str) -> None:
        entries = self._found.get(tuple(self._open))
        if entries is not None:
            entries.append(self._text.strip())
            if len(entries) > _ENTRIES:
                raise NotFetchedError(f"a sitemap of more than {_ENTRIES:,} entries")
        self._open.pop()

    def close(self) -> Sitemap:
        pages, sitemaps = self._found.values()
        return Sitemap(tuple(pages), tuple(sitemaps))
