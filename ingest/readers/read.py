"""Reads a file as an Article: one reader for each format, one structure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from core.errors import ContentError
from core.findings import Finding
from core.text.characters import strip_control_characters
from core.types import Article, Provenance, Span
from ingest.files.article_ids import article_ids, name_of
from ingest.files.encoding import decode
from ingest.files.file_kinds import ENDINGS, fix_of
from ingest.files.folder import KNOWN
from ingest.files.sandbox import parse_in_sandbox
from ingest.files.source_file import check_place, read_source
from ingest.readers.article_settings import (
    SIDECAR_SUFFIX,
    Settings,
    Sidecar,
    check_stated_once,
    read_sidecar,
)
from ingest.readers.blocks import check_length
from ingest.readers.markdown.front_matter import FrontMatter, read_front_matter
from ingest.readers.markdown.publication import check_place_in_site, first_day
from ingest.readers.ocr import Ocr
from ingest.readers.outline import LeftOut, ParsedText
from ingest.readers.plain_text import parse_plain_text
from ingest.readers.proportions import check_proportions

# Increased when the same file would be read differently, also because of another version of a
# library: it is part of a generation's id.
READER_VERSION = 7
ARTICLES_FOLDER = "articles"
_AGAIN = "then run: python -m ingest"
_NO_TITLE = "no title found"
_PAGES = frozenset({".htm", ".html"})
_TEXTS = _PAGES | {".txt", ".md", ".csv"}


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article, and the warnings about how it was read.

    `sidecar_sha256` is the hash of the settings beside it, None when there are none. `left_out` is
    what the file has and the article has not, `headline` as in ParsedText. `first_day` is the day
    from which it is published, None when it does not say. None of these is known of an article that
    was published before. `pictures` are the parts of the article's text that were read from
    pictures.
    """

    article: Article
    warnings: tuple[Finding, ...]
    sidecar_sha256: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    headline: str = ""
    first_day: date | None = None
    pictures: tuple[Span, ...] = ()


def orphan_warning(source: str) -> Finding:
    """Return the warning about settings that belong to no article."""
    name = Path(source).stem
    problem = f"no article {name} ({KNOWN}) is beside these settings; rename or remove the file"
    return Finding("warning", "read", problem, source=content_path(source), where=source)


def content_path(source: str) -> str:
    """Return the path below the content folder of a file, given its path below the articles."""
    return f"{ARTICLES_FOLDER}/{source}"


def read_article(
    path: Path, *, root: Path, article_id: str = "", ocr: Ocr | None = None
) -> ReadArticle:
    """Read one file below `root` as an article; without an id it has that of its path alone.

    Its settings come from its top or from a sidecar; a title there replaces the one in the text,
    and changes no section. A document's own properties fill in what a sidecar does not state. `ocr`
    reads pages of a PDF that are pictures. Raises ContentError when the format is unknown, the file
    cannot be read, is not what its name says, is too large or has no text, and when its settings
    cannot be used; NoArticleError when it says that it is no article, such as a draft.
    """
    source = path.relative_to(root).as_posix()
    suffix = path.suffix.lower()
    check_place(path, root=root)
    if suffix not in ENDINGS:
        raise ContentError(
            "This kind of file cannot be read.",
            where=str(path),
            expected=f"one of {KNOWN}",
            found=path.suffix or "a name without an ending",
            fix=f"{fix_of(suffix)} or move it out of the folder, {_AGAIN}",
        )
    raw = read_source(path, root=root)
    text, warnings = _decode_text(raw, path) if suffix in _TEXTS else ("", [])
    if suffix in _TEXTS and not any(c.isalnum() for c in text):
        raise _empty(path, f"{len(raw)} bytes without a word")
    check_place_in_site(source, str(path))
    # Read here as well as in the parser, so that an error names the file.
    is_source = suffix == ".md" or (suffix in _PAGES and text.startswith("---\n"))
    front = read_front_matter(text, str(path)) if is_source else FrontMatter()
    sidecar = _read_sidecar_of(path, front.settings, root)
    title = sidecar.settings.title if sidecar else ""
    article_id = article_id or article_ids([source])[source]
    parsed = _parse(raw, text, path, article_id, title or _title_of(source), ocr)
    article = Article(
        id=article_id,
        title=title or parsed.title,
        text=parsed.text,
        sections=parsed.sections,
        source=source,
        sha256=hashlib.sha256(raw).hexdigest(),
        provenance=_merge_provenance(parsed.provenance, sidecar, of_itself=suffix != ".md"),
        pages=parsed.pages,
    )
    if not article.sections:
        if any(w.startswith(_NO_TITLE) for w in parsed.warnings):
            raise _empty(path, "no text")
        raise ContentError(
            "This article has a title and no text.",
            where=str(path),
            expected="at least one paragraph",
            found=repr(parsed.title),
            fix=f"write the article or remove the file, {_AGAIN}",
        )
    # A missing title in the text does not matter when the sidecar has one.
    found = [w for w in parsed.warnings if not (title and w.startswith(_NO_TITLE))]
    remark = Finding("warning", "read", "", content_path(source), article.id, where=source)
    found += [*front.warnings, *(sidecar.settings.warnings if sidecar else ())]
    findings = tuple(replace(remark, problem=problem) for problem in (*warnings, *found))
    return ReadArticle(
        article,
        findings,
        sidecar.sha256 if sidecar else None,
        parsed.left_out,
        parsed.headline,
        first_day(front.values, path.stem) if is_source else None,
        parsed.pictures,
    )


def _parse(
    raw: bytes, text: str, path: Path, article_id: str, title: str, ocr: Ocr | None
) -> ParsedText:
    """Parse a file, plain text here and other formats in the sandbox, and check the result."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".txt":
            check_length(text)
            parsed = parse_plain_text(text, article_id, title)
        else:
            given = text.encode() if suffix in _TEXTS else raw
            parsed = parse_in_sandbox(given, suffix, article_id, title, ocr)
        check_proportions(parsed, title)
    except ContentError as error:
        raise type(error)(
            error.problem,
            where=f"{path}, {error.where}" if error.where else str(path),
            expected=error.expected,
            found=error.found,
            fix=error.fix,
        ) from error
    return parsed


def _read_sidecar_of(path: Path, head: Settings, root: Path) -> Sidecar | None:
    beside = path.with_suffix(SIDECAR_SUFFIX)
    if beside.is_symlink():
        check_place(beside, root=root)
    sidecar = read_sidecar(beside)
    if sidecar:
        check_stated_once(head, sidecar.settings, path, beside)
    return sidecar


def _merge_provenance(own: Provenance, sidecar: Sidecar | None, *, of_itself: bool) -> Provenance:
    """Return the sidecar's provenance, completed from the document's own."""
    if not sidecar:
        return own
    beside = sidecar.settings.provenance
    if not of_itself:
        return beside
    is_reviewed = beside.reviewer or beside.reviewed or beside.next_review
    reviewed = beside if is_reviewed else own  # never a mixture of both
    return replace(
        beside,
        author=beside.author or own.author,
        reviewer=reviewed.reviewer,
        reviewed=reviewed.reviewed,
        next_review=reviewed.next_review,
    )


def _title_of(source: str) -> str:
    """Return the file's name in words, for an article without a title."""
    return name_of(source).replace("-", " ").replace("_", " ").strip().capitalize()


def _decode_text(raw: bytes, path: Path) -> tuple[str, list[str]]:
    """Return the text with plain line ends and without control characters, and warnings."""
    decoded = decode(raw, str(path), is_page=path.suffix.lower() in _PAGES)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = strip_control_characters(text)
    dropped = len(text) - len(kept)
    warned = [f"{dropped} invisible control characters left out"] * bool(dropped)
    return kept, [*decoded.warnings, *warned]


def _empty(path: Path, found: str) -> ContentError:
    return ContentError(
        "This article is empty.",
        where=str(path),
        expected="a title and at least one paragraph",
        found=found,
        fix=f"write the article or remove the file, {_AGAIN}",
    )
