"""The articles of a content folder, each read only when it has changed since it was published.

An article that cannot be taken is reported and stops no other one: its last good version goes on
being served.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import ContentError, SeveralContentErrors
from core.files.regular_file import read_start
from core.types import Article
from ingest.files.limits import SETTINGS_BYTES
from ingest.files.source_file import read_source
from ingest.readers.article_settings import SIDECAR_SUFFIX
from ingest.readers.read import ReadArticle, article_files, read_article

# Shows progress over an iterable of known length: (items, total, what) -> the same items.
Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be taken, by its path below the folder, and why."""

    source: str
    error: ContentError


@dataclass(frozen=True, slots=True)
class ArticlesRead:
    """What the folder holds, in the order of its paths.

    `articles` are those to serve; `unchanged` the ids of those that need not be split again,
    because they are what was published last; `kept` maps ids to the reason why the last version is
    served instead of the file that lies there. `former` maps ids of articles whose files got
    another name to their ids now.
    """

    articles: Sequence[ReadArticle]
    refused: Sequence[Refused] = ()
    unchanged: frozenset[str] = frozenset()
    kept: Mapping[str, ContentError] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)


def read_articles(
    folder: Path,
    progress: Progress,
    *,
    known: Mapping[str, ReadArticle] | None = None,
    same_reader: bool = True,
    former: Mapping[str, str] | None = None,
    labelled: Collection[str] = (),
) -> ArticlesRead:
    """Read the folder's articles, those that `known` holds by their paths only when they changed.

    `known` are articles as they were published last, read anew all the same when it was another
    reader that read them; `former` is what an earlier call returned. An article that lost a section
    of those `labelled` is refused. Raises ContentError when there is no folder, no file, or not one
    article to serve.
    """
    known = known or {}
    files = {path.relative_to(folder).as_posix(): path for path in article_files(folder)}
    taken: dict[str, ReadArticle] = {}
    refused: list[Refused] = []
    for source, path in progress(list(files.items()), len(files), "Reading"):
        last = known.get(source)
        if last and same_reader and _hashes_of(last) == _hashes(path, folder):
            taken[source] = last
            continue
        try:
            read = read_article(path, root=folder)
            if last:
                _check_sections(read.article, last.article, labelled, path)
            taken[source] = read
        except ContentError as error:
            refused.append(Refused(source, error))
    kept = {one.source: one.error for one in refused if one.source in known}
    taken |= {source: known[source] for source in kept}
    refused += _same_ids(taken, known, folder)
    if not taken:
        errors = [one.error for one in refused]
        raise errors[0] if len(errors) == 1 else SeveralContentErrors(errors)
    articles = [taken[source] for source in files if source in taken]
    return ArticlesRead(
        articles=articles,
        refused=sorted(refused, key=lambda one: one.source),
        unchanged=frozenset(
            r.article.id for r in articles if r is known.get(r.article.source) and same_reader
        ),
        kept={known[source].article.id: error for source, error in kept.items()},
        former=_former([r.article for r in articles], known, former or {}),
    )


def _check_sections(now: Article, last: Article, labelled: Collection[str], path: Path) -> None:
    """Raise ContentError when questions are labelled with sections that are there no more.

    What is published, with them, answers these questions until the labels follow.
    """
    there = [section.id for section in now.sections]
    lost = [s.id for s in last.sections if s.id in labelled and s.id not in there]
    if lost:
        raise ContentError(
            "An article has lost sections that answer questions of the bank.",
            where=str(path),
            expected=f"headings that make {', '.join(lost)}",
            found=", ".join(there),
            fix="put the headings back, or give the questions in questions.csv other sections, "
            "then run: python -m ingest",
        )


def _hashes_of(read: ReadArticle) -> tuple[str | None, str | None]:
    return read.article.sha256, read.sidecar_sha256


def _hashes(path: Path, folder: Path) -> tuple[str | None, str | None]:
    """Return the hashes of a file and of its settings, None for a file that has to be read."""
    beside = path.with_suffix(SIDECAR_SUFFIX)
    has_settings = beside.exists() or beside.is_symlink()
    if has_settings and (beside.is_symlink() or not beside.is_file()):
        return None, None
    try:
        file = hashlib.sha256(read_source(path, root=folder)).hexdigest()
        if not has_settings:
            return file, None
        return file, hashlib.sha256(read_start(beside, most=SETTINGS_BYTES)).hexdigest()
    except (ContentError, OSError):
        return None, None  # read_article says what is wrong


def _same_ids(
    taken: dict[str, ReadArticle], known: Mapping[str, ReadArticle], folder: Path
) -> list[Refused]:
    """Take out every article whose id another one has; the one that was published first stays."""
    holder: dict[str, str] = {}
    for source in sorted(taken, key=lambda source: (source not in known, source)):
        holder.setdefault(taken[source].article.id, source)
    refused = []
    for source in sorted(taken):
        article = taken[source].article
        first = holder[article.id]
        if first == source:
            continue
        del taken[source]
        refused.append(
            Refused(
                source,
                ContentError(
                    "Two articles have the same id.",
                    where=f"{folder / first} and {folder / source}",
                    expected="names that still differ in lower case and without accents",
                    found=f"{article.id} twice; the first is served",
                    fix="rename one of the two files, then run: python -m ingest",
                ),
            )
        )
    return refused


def _former(
    articles: Iterable[Article], known: Mapping[str, ReadArticle], former: Mapping[str, str]
) -> dict[str, str]:
    """Return which earlier ids mean which articles: those of files that were only renamed."""
    now = {article.source: article for article in articles}
    ids = {article.id for article in now.values()}
    new = {a.sha256: a.id for source, a in sorted(now.items(), reverse=True) if source not in known}
    renamed = dict(former)
    for source, last in known.items():
        gone = last.article
        if source not in now and gone.sha256 in new:
            target = new[gone.sha256]
            renamed = {old: target if to == gone.id else to for old, to in renamed.items()}
            renamed[gone.id] = target
    return {old: to for old, to in sorted(renamed.items()) if old not in ids and to in ids}
