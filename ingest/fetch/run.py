"""What `python -m ingest fetch` does: from its options to saved pages and a table of them."""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ContentError, UsageError
from ingest.fetch.addresses import host_of, read_address
from ingest.fetch.folder import opened
from ingest.fetch.http import NotFetchedError
from ingest.fetch.pages import Fetcher, Outcome, Row
from ingest.fetch.site import Site
from ingest.fetch.sitemap import SITEMAP_BYTES, pages_of
from ingest.readers.read import ARTICLES_FOLDER

if TYPE_CHECKING:
    from ingest.build.articles import Progress

_FOLDER = "site"
_LIST_BYTES = 5_000_000
_WELL = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.SAME, Outcome.REMOVED)


def run_fetch(options: argparse.Namespace, progress: Progress) -> None:
    """Fetch what the options ask for and print what became of it.

    Raises ContentError at the end when an address was not taken, UsageError at the start when
    the command cannot work.
    """
    _check(options)
    pages = [address for text in options.pages for address in read_addresses(text)]
    sitemap = read_address(options.sitemap, where="--sitemap") if options.sitemap else ""
    if not pages and not sitemap:
        raise UsageError(
            "There is nothing to fetch.",
            expected="addresses, a file of addresses, or --sitemap",
            found="none",
            fix="python -m ingest fetch --sitemap https://www.example.org/sitemap.xml",
        )
    host = host_of(pages[0] if pages else sitemap)
    hosts = frozenset((host, *map(_host, options.also_host)))
    articles = options.content / ARTICLES_FOLDER
    into = options.into or articles / _FOLDER
    site = Site(hosts, delay_s=options.delay)
    try:
        with opened(into) as folder:
            rows: list[Row] = []
            if sitemap:
                listed = pages_of(sitemap, lambda address: _sitemap(site, address))
                rows += [Row(a, Outcome.FAILED, why=why) for a, why in listed.unusable]
                # A page that was withdrawn is no longer listed: whether it is gone must be asked.
                pages += listed.pages
                pages += [
                    address
                    for address, record in sorted(folder.records.items())
                    if host_of(address) in hosts and not {address, record.asked} & set(pages)
                ]
            pages = list(dict.fromkeys(pages))
            fetcher = Fetcher(site, folder, articles=articles, remove_gone=options.remove_gone)
            rows += fetcher.fetch(pages[: options.max_pages], progress)
    finally:
        site.close()
    rows += [Row(a, Outcome.FAILED, why="beyond --max-pages") for a in pages[options.max_pages :]]
    _tell(rows, into)


def read_addresses(text: str) -> list[str]:
    """Return an address itself, or those of a file: one a line, apart from blanks and # notes.

    Raises UsageError, naming the line, when one of them is none.
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


def _tell(rows: Sequence[Row], into: Path) -> None:
    import pandas as pd

    table = pd.DataFrame(
        [
            (row.outcome.value, f"{row.size:,}" if row.size else "", row.file, row.address)
            for row in rows
        ],
        columns=["outcome", "bytes", "file", "address"],
    )
    print(table.to_string(index=False))
    counts = Counter(row.outcome for row in rows)
    counted = ", ".join(f"{counts[o]} {o.value}" for o in Outcome if counts[o])
    print(f"{into}: {counted}.")
    if counts[Outcome.NEW] or counts[Outcome.CHANGED] or counts[Outcome.REMOVED]:
        print("To search them, run: python -m ingest")
    bad = [row for row in rows if row.outcome not in _WELL]
    for row in bad:
        print(f"{row.outcome.value}: {row.address}: {row.why}", file=sys.stderr)
    if bad:
        raise ContentError(
            f"{len(bad)} of {len(rows)} addresses were not taken; the others were.",
            fix="look at each above"
            + (
                "; --remove-gone removes the files of pages that are gone"
                if any(row.outcome is Outcome.GONE and row.file for row in rows)
                else ""
            ),
        )


def _check(options: argparse.Namespace) -> None:
    if options.max_pages < 1:
        raise _wrong("--max-pages", "1 or more", options.max_pages)
    if not (math.isfinite(options.delay) and options.delay >= 0):
        raise _wrong("--delay", "0 or more seconds", options.delay)


def _wrong(option: str, expected: str, found: float) -> UsageError:
    return UsageError(
        "The command cannot work like this.",
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
