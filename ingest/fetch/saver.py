"""Saves a page among the articles, unless that would lose what is there."""

from __future__ import annotations

from pathlib import Path

from ingest.fetch.addresses import free_stem
from ingest.fetch.folder import Folder, Record, sha256
from ingest.fetch.outcomes import Outcome, Row


class Saver:
    """Saves pages into a folder; no file gets the id of another article.

    A file that was changed by hand since it was saved is never overwritten.
    """

    def __init__(self, folder: Folder, *, articles: Path) -> None:
        self._folder = folder
        self._used_ids = folder.used_ids(articles)

    def save(
        self,
        address: str,
        body: bytes,
        suffix: str,
        *,
        asked: str,
        name: str = "",
        etag: str = "",
        last_modified: str = "",
    ) -> Row:
        """Save a page if it is new or has changed; a new file is named after `name`, an address."""
        old = self._folder.records.get(address)
        there = self._folder.body(old) if old else None
        if old and there is not None and there != body and sha256(there) != old.sha256:
            why = "the page on the site has changed too; remove the file, then run this again"
            return Row(asked, Outcome.EDITED, old.file, why=why)
        stem = old.stem if old else free_stem(name or address, self._used_ids)
        if not old and stem in self._used_ids:
            return Row(asked, Outcome.FAILED, why=f"another article has its name, {stem}")
        self._used_ids.add(stem)
        record = Record(f"{stem}{suffix}", sha256(body), asked, etag, last_modified)
        if there == body:
            self._folder.remember(address, record)
            return Row(asked, Outcome.UNCHANGED, record.file, len(body))
        self._folder.save(address, record, body)
        outcome = Outcome.NEW if there is None else Outcome.CHANGED
        return Row(asked, outcome, record.file, len(body))
