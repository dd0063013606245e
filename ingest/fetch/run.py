"""Fetches pages of a site and prints a table of them: `python -m ingest fetch`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UsageError
from ingest.fetch.addresses import host_of, read_address
from ingest.fetch.folder import open_folder, site_folder
from ingest.fetch.http import NotFetchedError
from ingest.fetch.outcomes import Outcome, Row, print_outcomes
from ingest.fetch.pages import Fetcher
from ingest.fetch.site import Site
from ingest.fetch.sitemap import SITEMAP_BYTES, pages_of
from ingest.readers.read import ARTICLES_FOLDER

if TYPE_CHECKING:
    from ingest.build.articles import Progress

_LIST_BYTES = 5_000_000


def fetch_pages(
    pages: Sequence[str],
    *,
    sitemap: str | None,
    other_hosts: Sequence[str],
    content: Path,
    into: Path | None,
    max_pages: int,
    delay: float,
    remove_gone: bool,
    progress: Progress,
) -> None:
    """Fetch the pages of a site and print what became of each.

    Raises UsageError at the start when the options make no sense, ContentError at the end when an
    address was skipped.
    """
    if max_pages < 1:
        raise _wrong("--max-pages", "1 or more", max_pages)
    if not (math.isfinite(delay) and delay >= 0):
        raise _wrong("--delay", "0 or more seconds", delay)
    wanted = [address for text in pages for address in read_addresses(text)]
    start = read_address(sitemap, where="--sitemap") if sitemap else ""
    if not wanted and not start:
        raise UsageError(
            "There is nothing to fetch.",
            expected="addresses, a file of addresses, or --sitemap",
            found="none",
            fix="python -m ingest fetch --sitemap https://www.example.org/sitemap.xml",
        )
    host = host_of(wanted[0] if wanted else start)
    hosts = frozenset((host, *map(_host, other_hosts)))
    articles = content / ARTICLES_FOLDER
    into = into or site_folder(articles)
    site = Site(hosts, delay_s=delay)
    try:
        with open_folder(into) as folder:
            rows: list[Row] = []
            if start:
                listed = pages_of(start, lambda address: _sitemap(site, address))
                rows += [Row(a, Outcome.FAILED, why=why) for a, why in listed.unusable]
                # A withdrawn page is no longer listed: fetch it to see whether it is gone.
                wanted += listed.pages
                wanted += [
                    address
                    for address, record in sorted(folder.records.items())
                    if host_of(address) in hosts and not {address, record.asked} & set(wanted)
                ]
            wanted = list(dict.fromkeys(wanted))
            fetcher = Fetcher(site, folder, articles=articles, remove_gone=remove_gone)
            rows += fetcher.fetch(wanted[:max_pages], progress)
    finally:
        site.close()
    rows += [Row(a, Outcome.FAILED, why="beyond --max-pages") for a in wanted[max_pages:]]
    print_outcomes(rows, into)


def read_addresses(text: str) -> list[str]:
    """Return an address itself, or the addresses in a file: one per line, `#` for comments.

    Raises UsageError with the line when one of them is not an address.
    """
    if "://" in text:
        return [read_address(text)]
    path = Path(text)
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LIST_BYTES + 1)
        lines = raw.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _no_list(path, getattr(error, "strerror", "") or "another kind of file") from error
    if len(raw) > _LIST_BYTES:
        raise _no_list(path, f"more than {_LIST_BYTES // 1_000_000} MB")
    numbered = [(n, line.strip()) for n, line in enumerate(lines, 1)]
    return [
        read_address(line, where=f"{path}, line {n}")
        for n, line in numbered
        if line and not line.startswith("#")
    ]


def _sitemap(site: Site, address: str) -> bytes:
    reply = site.get(address, lambda _: SITEMAP_BYTES).reply
    if reply.status != 200:
        raise NotFetchedError(f"the server answered {reply.status}", where=address)
    return reply.body


def _wrong(option: str, expected: str, found: float) -> UsageError:
    return UsageError(
        "An option has a wrong value.",
        where=option,
        expected=expected,
        found=str(found),
        fix="python -m ingest fetch --help",
    )


def _host(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    return host_of(read_address(address, where="--also-host"))


def _no_list(path: Path, found: str) -> UsageError:
    return UsageError(
        "The list of addresses cannot be read.",
        where=str(path),
        expected="a text file in UTF-8 with one address a line, or an address with https://",
        found=found,
        fix="python -m ingest fetch --help",
    )
