"""The folder of fetched pages, and the record of each page."""

from __future__ import annotations

import hashlib
import json
import os.path
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from core.errors import ContentError, UsageError
from core.files.atomic import lock, replace
from core.files.regular_file import read_regular
from core.files.toml_file import TomlFile
from core.text.slugs import slug
from ingest.files.article_ids import article_ids, name_of
from ingest.files.limits import FILE_BYTES
from ingest.readers.article_settings import SIDECAR_SUFFIX

# Hidden, so that no reader reads them as articles.
STATE = ".fetched.json"
_LOCK = ".fetched.lock"
_PAGES = "pages"
_SITE = "site"
_SUFFIXES = (".html", ".pdf")
_SIDECAR_HEAD = (
    "# Where this page comes from. Settings may be added or changed; fetching leaves this file as\n"
    "# it is from then on.\n"
)


@dataclass(frozen=True, slots=True)
class Record:
    """A page as it was last saved: its file's name and hash, and the server's validators.

    `asked` is the requested address, which may have been redirected.
    """

    file: str
    sha256: str
    asked: str
    etag: str = ""
    last_modified: str = ""

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return Path(self.file).stem


class Folder:
    """The saved pages of one folder; `records` by address, unordered."""

    def __init__(self, path: Path, records: Mapping[str, Record]) -> None:
        self.path = path
        self.records = dict(records)

    def used_ids(self, articles: Path) -> set[str]:
        """Return the ids of all articles below a folder and of all recorded pages.

        The names that articles have without their folders are among them: another article of such
        a name would change their ids.
        """
        below = [path.relative_to(articles).as_posix() for path in articles.rglob("*")]
        sources = [*below, *(path.name for path in self.path.glob("*"))]
        names = {slug(name_of(source)) for source in sources}
        return {*names, *article_ids(sources).values(), *(r.stem for r in self.records.values())}

    def body(self, record: Record) -> bytes | None:
        """Return the file of a page, None when it is missing or cannot be read."""
        try:
            return read_regular(self.path / record.file, most=max(FILE_BYTES.values()))
        except OSError:
            return None

    def save(self, address: str, record: Record, body: bytes) -> None:
        """Write a page, its sidecar and its record, each of them atomically."""
        before = self.records.get(address)
        beside = (self.path / record.file).with_suffix(SIDECAR_SUFFIX)
        if not os.path.lexists(beside):  # never overwrite what an editor wrote
            replace(beside, sidecar_text(address).encode())
        replace(self.path / record.file, body)
        self.remember(address, record)
        if before and before.file != record.file:  # a page that has become a PDF, say
            (self.path / before.file).unlink(missing_ok=True)

    def remember(self, address: str, record: Record) -> None:
        """Write the record of a page, unless it is written already."""
        if self.records.get(address) != record:
            self.records[address] = record
            self._write_state()

    def remove(self, address: str) -> None:
        """Remove a page that is gone, and its sidecar unless an editor has changed it."""
        record = self.records.pop(address)
        (self.path / record.file).unlink(missing_ok=True)
        beside = (self.path / record.file).with_suffix(SIDECAR_SUFFIX)
        if _is_own(beside, address):
            beside.unlink()
        self._write_state()

    def _write_state(self) -> None:
        pages = {address: asdict(record) for address, record in sorted(self.records.items())}
        text = json.dumps({_PAGES: pages}, indent=1, ensure_ascii=False)
        replace(self.path / STATE, text.encode() + b"\n")


def site_folder(articles: Path) -> Path:
    """Return the folder of the pages of the clinic's own site."""
    return articles / _SITE


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """Create and lock the folder, and yield it with its records.

    Raises UsageError when another command holds the lock or the folder cannot be written to,
    ContentError when the records cannot be read.
    """
    busy = UsageError(
        "Another command is saving pages in this folder.",
        where=str(path),
        fix="wait until it has finished, then run the command again",
    )
    try:
        with lock(path / _LOCK, busy):
            yield Folder(path, _read_state(path))
    except OSError as error:
        raise unwritable(path, error) from error


def sha256(body: bytes | None) -> str:
    """Return the hash of a file, "" for None."""
    return "" if body is None else hashlib.sha256(body).hexdigest()


def sidecar_text(address: str) -> str:
    """Return the sidecar that states the source of a page."""
    return f"{_SIDECAR_HEAD}sources = [{json.dumps(address)}]\n"


def unwritable(path: Path, error: OSError) -> UsageError:
    """Return the error for a folder that cannot be written to."""
    return UsageError(
        "The pages could not be saved; earlier ones are unchanged.",
        where=str(error.filename or path),
        expected="a folder that can be written to, with room on its disk",
        found=error.strerror or str(error),
        fix="free disk space or give write permission, then run the command again",
    )


def _read_state(path: Path) -> dict[str, Record]:
    """Return the records; a lost file of records is rebuilt from the sidecars."""
    try:
        raw = read_regular(path / STATE)
    except FileNotFoundError:
        return dict(_from_sidecars(path))
    try:
        state = json.loads(raw)
        return {str(address): _record(values) for address, values in state[_PAGES].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ContentError(
            "The record of fetched pages cannot be read.",
            where=str(path / STATE),
            expected="the file as fetch wrote it",
            found=f"{type(error).__name__}: {error}"[:200],
            fix="remove the file, then run the command again: it fetches every page",
        ) from error


def _record(values: dict[str, Any]) -> Record:
    record = Record(**values)
    if not all(isinstance(getattr(record, f.name), str) for f in fields(record)):
        raise TypeError("a value that is no text")
    # This path is written and removed: it must be inside the folder and not hidden.
    name = record.file
    if Path(name).suffix not in _SUFFIXES or name.startswith(".") or set(name) & set("/\\:\0"):
        raise ValueError(f"the file name {name!r}")
    return record


def _from_sidecars(path: Path) -> Iterator[tuple[str, Record]]:
    for beside in sorted(path.glob(f"*{SIDECAR_SUFFIX}")):
        with suppress(OSError, ContentError, KeyError, IndexError, TypeError):
            values = TomlFile(beside, "A sidecar cannot be read.", "").read() or {}
            address = values["sources"][0]
            files = [f for s in _SUFFIXES if (f := beside.with_suffix(s)).is_file()]
            if _is_own(beside, address) and files:
                yield address, Record(files[0].name, sha256(files[0].read_bytes()), address)


def _is_own(beside: Path, address: str) -> bool:
    try:
        return read_regular(beside) == sidecar_text(address).encode()
    except OSError:
        return False
