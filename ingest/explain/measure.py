"""Counts the words of each file against its article, at ingest: nothing may vanish silently."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from core.errors import ContentError
from core.findings import Finding
from core.types import Article
from index.store.manifest import ArticleRecord, WordCount
from ingest.build.articles import ArticlesRead, Progress
from ingest.explain.words import LEAST_KEPT, account, texts_of
from ingest.files.encoding import decode
from ingest.files.file_kinds import PAGE, PLAIN, TABLE, WANTED
from ingest.files.sandbox import look_in_sandbox
from ingest.files.source_file import read_source
from ingest.readers.read import ReadArticle, content_path

COMMAND = "python -m ingest --explain"


def count_words(
    read: ArticlesRead, folder: Path, progress: Progress, before: Mapping[str, ArticleRecord]
) -> dict[str, WordCount | None]:
    """Return the count of each article's words by its id; `before` are the last ingest's records.

    Files that have not changed since are not read again, where they were counted. None for an
    article whose file cannot be read in this second way, or that is kept instead of its new file.
    """
    known = {id_: record.words for id_, record in before.items()}
    counts = {id_: known.get(id_) for id_ in read.unchanged | read.kept}
    new = [
        r for r in read.articles if r.article.id not in read.kept and not counts.get(r.article.id)
    ]
    for r in progress(new, len(new), "Counting words"):
        counts[r.article.id] = _count(r, folder)
    return counts


def own_text_of(path: Path, *, root: Path) -> str:
    """Return the visible text of a file below `root`, read without its reader.

    Raises ContentError when the file cannot be read.
    """
    raw, suffix = read_source(path, root=root), path.suffix.lower()
    if WANTED[suffix] in (PLAIN, PAGE, TABLE):
        text = decode(raw, str(path), is_page=WANTED[suffix] == PAGE).text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if suffix == ".txt":
            return text
        raw = text.encode()
    own: str = look_in_sandbox(raw, suffix, "text")
    return own


def warnings_of(article: Article, count: WordCount | None) -> list[Finding]:
    """Return the warning about an article that has too few of its file's words, if it has."""
    if count is None:
        problem = "its words could not be compared with those of the file"
    elif count.share_kept < LEAST_KEPT:
        problem = (
            f"{count.lost} of the file's {count.kept + count.lost} words are missing in the article"
            f" ({count.percent_kept} kept), such as {', '.join(f'“{w}”' for w in count.examples)}"
        )
    else:
        return []
    source = content_path(article.source)
    problem += f"; see {COMMAND} {shlex.quote(source)}"
    return [Finding("warning", "words", problem, source, article.id, where=article.source)]


def _count(read: ReadArticle, folder: Path) -> WordCount | None:
    try:
        own = own_text_of(folder / read.article.source, root=folder)
    except ContentError:
        return None
    return account(own, texts_of(read.article), [part.text for part in read.left_out]).count
