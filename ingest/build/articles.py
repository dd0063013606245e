"""The articles of a content folder, each read only when it has changed since it was published.

A file that cannot be read is reported and stops no other: the previous version of the article stays
online. One that is no article on purpose is left out with a warning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import ContentError, NoArticleError
from core.files.csv_table import raise_all
from core.files.regular_file import read_start
from core.findings import Finding, finding_of
from core.ids import slug_of
from core.types import Article
from ingest.files.article_ids import article_ids
from ingest.files.folder import article_files
from ingest.files.limits import SETTINGS_BYTES
from ingest.files.source_file import read_source
from ingest.overlaps.copies import find_copies
from ingest.readers.article_settings import SIDECAR_SUFFIX
from ingest.readers.markdown.publication import check_day
from ingest.readers.ocr import Ocr
from ingest.readers.read import ReadArticle, content_path, read_article
from ingest.readers.site_titles import give_own_titles

# Shows progress over an iterable of known length: (items, total, what) -> the same items.
Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class ArticlesRead:
    """What the folder holds, in the order of its paths.

    `articles` are those to serve; `unchanged` the ids of those that need not be split again,
    because they are what was published last. `skipped` says which files were not read and why; a
    finding that names an article leaves the previous version of it among `articles`.
    `renamed_from` maps the ids that articles had before their files got other names, and those of
    copies, to the present ones. `copies` maps files that say the same as others to those. `ocr` is
    the version of Tesseract with which PDFs may have been read, "" for none.
    """

    articles: Sequence[ReadArticle]
    skipped: Sequence[Finding] = ()
    unchanged: frozenset[str] = frozenset()
    renamed_from: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    ocr: str = ""

    @property
    def kept(self) -> frozenset[str]:
        """The ids of the articles whose previous version is served instead of their new file."""
        return frozenset(finding.article for finding in self.skipped if finding.article)


def read_articles(
    folder: Path,
    progress: Progress,
    *,
    known: Mapping[str, ReadArticle] | None = None,
    same_reader: bool = True,
    renamed_from: Mapping[str, str] | None = None,
    labelled: Collection[str] = (),
    ocr: Ocr | None = None,
    known_ocr: str = "",
) -> ArticlesRead:
    """Read the folder's articles, those that `known` holds by their paths only when they changed.

    `known` are articles as they were published last, read again unless `same_reader` read them;
    `renamed_from` is what an earlier call returned. An article that lost one of the `labelled`
    sections is skipped. `ocr` reads pages of PDFs that are pictures, `known_ocr` is the version of
    it with which the known ones were read: with another, all PDFs are read again. Raises
    ContentError when there is no folder, no file, or no article to serve.
    """
    known = known or {}
    files = {path.relative_to(folder).as_posix(): path for path in article_files(folder)}
    ids = article_ids(files)
    version = ocr.version if ocr else ""
    usable = {
        source: last
        for source, last in known.items()
        if same_reader
        and last.article.id == ids.get(source)
        and (version == known_ocr or not may_be_picture(source))
    }

    def read(source: str) -> ReadArticle:
        return read_article(files[source], root=folder, article_id=ids[source], ocr=ocr)

    articles: dict[str, ReadArticle] = {}
    errors: dict[str, ContentError] = {}
    for source, path in progress(list(files.items()), len(files), "Reading"):
        if source in usable and _hashes_of(usable[source]) == _hashes(path, folder):
            articles[source] = usable[source]
            continue
        try:
            articles[source] = _checked(read(source), known.get(source), labelled, path)
        except ContentError as error:
            errors[source] = error
    kept = {
        source: known[source]
        for source, error in errors.items()
        if source in known and not isinstance(error, NoArticleError)
    }
    kept_ids = {source: last.article.id for source, last in kept.items()}
    articles |= kept
    give_own_titles(articles, known, read)
    errors |= _same_ids(articles, known, folder)
    if not articles:
        raise_all(list(errors.values()))
    copies = find_copies(articles, known)
    served = [articles[source] for source in files if source in articles and source not in copies]
    ids_of_copies = {articles[a].article.id: articles[b].article.id for a, b in copies.items()}
    return ArticlesRead(
        articles=served,
        skipped=[
            finding_of(error, content_path(source), kept_ids.get(source, ""))
            for source, error in sorted(errors.items())
        ],
        unchanged=frozenset(
            r.article.id for r in served if r is known.get(r.article.source) and same_reader
        ),
        renamed_from=_renamed_from(
            [r.article for r in served], known, {**(renamed_from or {}), **ids_of_copies}
        ),
        copies=copies,
        ocr=version,
    )


def may_be_picture(source: str) -> bool:
    """Say whether pages of a file may be pictures of text, by its name."""
    return source.lower().endswith(".pdf")


def _checked(
    read: ReadArticle, last: ReadArticle | None, labelled: Collection[str], path: Path
) -> ReadArticle:
    """Return an article that may be published today; raise ContentError for any other."""
    check_day(read.first_day, date.today(), str(path))
    if last:
        _check_sections(read.article, last.article, labelled, path)
    return read


def _check_sections(now: Article, last: Article, labelled: Collection[str], path: Path) -> None:
    """Raise ContentError when questions are labelled with sections that are there no more.

    What is published, with them, answers these questions until the labels follow.
    """
    there = [section.id for section in now.sections]
    slugs = set(map(slug_of, there))
    lost = [s.id for s in last.sections if s.id in labelled and slug_of(s.id) not in slugs]
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
    articles: dict[str, ReadArticle], known: Mapping[str, ReadArticle], folder: Path
) -> dict[str, ContentError]:
    """Remove every article whose id another has, and say so; the first to be published stays."""
    holder: dict[str, str] = {}
    for source in sorted(articles, key=lambda source: (source not in known, source)):
        holder.setdefault(articles[source].article.id, source)
    errors = {}
    for source in sorted(articles):
        id_ = articles[source].article.id
        first = holder[id_]
        if first == source:
            continue
        del articles[source]
        errors[source] = ContentError(
            "Two articles have the same id.",
            where=f"{folder / first} and {folder / source}",
            expected="names that differ in more than their endings, capitals and accents",
            found=f"{id_} twice; the first is served",
            fix="rename one of the two files, then run: python -m ingest",
        )
    return errors


def _renamed_from(
    articles: Iterable[Article], known: Mapping[str, ReadArticle], renamed_from: Mapping[str, str]
) -> dict[str, str]:
    """Return which earlier ids mean which articles: those of files that were only renamed."""
    now = {article.source: article for article in articles}
    ids = {article.id for article in now.values()}
    new = {a.sha256: a.id for source, a in sorted(now.items(), reverse=True) if source not in known}
    renamed = dict(renamed_from)
    for source, last in known.items():
        gone = last.article
        target = now[source].id if source in now else new.get(gone.sha256, gone.id)
        if target != gone.id:
            renamed = {old: target if to == gone.id else to for old, to in renamed.items()}
            renamed[gone.id] = target
    return {old: to for old, to in sorted(renamed.items()) if old not in ids and to in ids}
