"""The page that shows how an article was read: the file beside what became of its words.

`python -m ingest --explain` makes it in a process of its own, because a page that serves patients
needs no readers.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from ui.editor.addresses import READING
from ui.editor.runs import Runs, explain_command
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.reviews import ReviewRow
    from index.store.manifest import Manifest, WordCount

ARTICLE = "article"
# As long as a file may take to be read, thrice: its text, its own text and its pictures.
_WITHIN_S = 300
_WAIT_S = 30
_RUNS = Runs("python -m ingest --explain FILE")
_turn = Lock()


class ReadingRow(NamedTuple):
    """An article, the link to how it was read, and what became of its words, None if unknown."""

    article: str
    title: str
    link: str
    words: WordCount | None


def reading_rows(articles: Iterable[ReviewRow], manifest: Manifest | None) -> list[ReadingRow]:
    """Return the articles, those that have lost most of their words first."""
    records = manifest.articles if manifest else {}
    rows = [
        ReadingRow(
            *(row.article, row.title, f".{READING}?{ARTICLE}={quote(row.article)}"),
            words=records[row.article].words if row.article in records else None,
        )
        for row in articles
    ]
    return sorted(rows, key=lambda row: (row.words.share_kept if row.words else 0, row.article))


def made_page(source: str) -> tuple[str, str]:
    """Return the page about a file, named by its path below the articles, or else what went wrong.

    One at a time. Raises PublishError when the command cannot start, TimeoutError when others take
    too long.
    """
    if not _turn.acquire(timeout=_WAIT_S):
        raise TimeoutError
    try:
        with TemporaryDirectory(prefix="clinic-reading-") as folder:
            page = Path(folder) / "page.html"
            place = settings.from_environment()
            _RUNS.start(explain_command(place.content, place.built, source, page))
            run = _RUNS.finished(within_s=_WITHIN_S)
            made = page.read_text(encoding="utf-8") if page.is_file() else ""
            return made, run.written if run else ""
    finally:
        _turn.release()
