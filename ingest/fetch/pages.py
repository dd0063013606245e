"""Saves pages of the clinic's own site among the articles, when they are new or have changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ContentError
from ingest.fetch.folder import Folder, Record, sha256
from ingest.fetch.http import NotFetchedError, Response
from ingest.fetch.outcomes import SAVED, Outcome, Row
from ingest.fetch.saver import Saver
from ingest.fetch.site import Fetched, Site
from ingest.files.file_kinds import check_kind
from ingest.files.limits import FILE_BYTES

if TYPE_CHECKING:
    from ingest.build.articles import Progress

_SUFFIXES = {"text/html": ".html", "application/pdf": ".pdf"}
_GONE = frozenset((404, 410))
# Encodings that servers name; some of Python's other "encodings" are programs.
_CHARSETS = re.compile(
    r"windows-\d+|iso-8859-\d+|us-ascii|latin-?1|utf-?(?:8|16(?:[lb]e)?)|koi8-[ru]|shift_jis"
    r"|euc-(?:jp|kr)|gb(?:2312|k|18030)|big5",
    re.IGNORECASE,
)
# Browsers read these as Windows-1252.
_WINDOWS = frozenset(("iso-8859-1", "us-ascii", "latin1", "latin-1"))
_MARK = b"\xef\xbb\xbf"


class Fetcher:
    """Fetches pages of a site into a folder; no file gets the id of another article."""

    def __init__(
        self, site: Site, folder: Folder, *, articles: Path, remove_gone: bool = False
    ) -> None:
        self._site = site
        self._folder = folder
        self._saver = Saver(folder, articles=articles)
        self._remove_gone = remove_gone
        self._seen: dict[str, str] = {}  # the files of this run's pages, by address

    def fetch(self, addresses: Iterable[str], progress: Progress) -> list[Row]:
        """Fetch every page; one that fails stops no other."""
        wanted = list(dict.fromkeys(addresses))
        return [self.page(address) for address in progress(wanted, len(wanted), "Fetching")]

    def page(self, address: str) -> Row:
        """Fetch one page and save it if it is new or has changed."""
        try:
            return self._page(address)
        except NotFetchedError as error:
            return Row(address, Outcome.FAILED, why=error.problem)

    def _page(self, address: str) -> Row:
        known, record = self._known(address)
        if record and sha256(self._folder.body(record)) == record.sha256:
            found = self._site.get(address, _limit, _conditions(record))
            if found.reply.status == 304 and found.address == known:
                return self._unchanged(address, known, record.file)
            if found.reply.status == 304:  # of a page other than the saved one
                found = self._site.get(address, _limit)
        else:
            found = self._site.get(address, _limit)
        if found.reply.status in _GONE:
            # A redirect may be gone while the page itself is not.
            return self._gone(known, found) if known == address else self._page(known)
        if found.reply.status != 200:
            raise NotFetchedError(f"the server answered {found.reply.status}", where=address)
        if found.address in self._seen:
            return Row(address, Outcome.SAME, self._seen[found.address])
        return self._save(address, found)

    def _unchanged(self, address: str, page: str, file: str) -> Row:
        is_again = page in self._seen
        self._seen[page] = file
        return Row(address, Outcome.SAME if is_again else Outcome.UNCHANGED, file)

    def _known(self, address: str) -> tuple[str, Record | None]:
        """Return the page that an address led to last time, or the address itself."""
        records = self._folder.records
        if address in records:
            return address, records[address]
        return next(
            ((page, record) for page, record in records.items() if record.asked == address),
            (address, None),
        )

    def _save(self, address: str, found: Fetched) -> Row:
        suffix = _SUFFIXES[found.reply.content_type]
        body = in_utf8(found.reply) if suffix == ".html" else found.reply.body
        _check(body, suffix, found.address)
        headers = found.reply.headers
        row = self._saver.save(
            found.address,
            body,
            suffix,
            asked=address,
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
        )
        if row.outcome in SAVED:
            self._seen[found.address] = row.file
        return row

    def _gone(self, address: str, found: Fetched) -> Row:
        record = self._folder.records.get(address)
        why = f"the server answered {found.reply.status}"
        if record and self._remove_gone:
            self._folder.remove(address)
            return Row(address, Outcome.REMOVED, record.file, why=why)
        return Row(address, Outcome.GONE, record.file if record else "", why=why)


def in_utf8(reply: Response) -> bytes:
    """Return a page as it is, or in UTF-8 when the server names its encoding.

    The file must be readable by itself: the reader does not see the server's headers.
    """
    message = Message()
    message["content-type"] = reply.headers.get("content-type", "")
    charset = str(message.get_param("charset", "")).strip().lower()
    if charset in ("utf-8", "utf8") or not _CHARSETS.fullmatch(charset):
        return reply.body
    try:
        text = reply.body.decode("cp1252" if charset in _WINDOWS else charset)
    except (UnicodeDecodeError, LookupError):
        return reply.body  # the reader reports what is wrong
    return _MARK + text.removeprefix("\ufeff").encode()


def _limit(content_type: str) -> int:
    if content_type not in _SUFFIXES:
        raise NotFetchedError(f"neither a web page nor a PDF: {content_type or 'no type stated'}")
    return FILE_BYTES[_SUFFIXES[content_type]]


def _check(body: bytes, suffix: str, address: str) -> None:
    if not body.strip():
        raise NotFetchedError("empty", where=address)
    try:
        check_kind(body, suffix, address)
    except ContentError as error:
        raise NotFetchedError(f"{error.found}, not {error.expected}", where=address) from error


def _conditions(record: Record) -> dict[str, str]:
    stated = {"if-none-match": record.etag, "if-modified-since": record.last_modified}
    return {name: value for name, value in stated.items() if value}
