"""A file becomes an Article: one reader a format, all ending in the same structure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import ContentError
from index.types import Article
from ingest.characters import without_steering
from ingest.front_matter import read_front_matter
from ingest.markdown import parse_markdown
from ingest.outline import ParsedText
from ingest.plain_text import parse_plain_text
from ingest.provenance import SIDECAR_SUFFIX, Settings, check_one_place, read_sidecar
from ingest.slugs import slug

# Raised when the same file would be read differently: it is part of a generation's id.
READER_VERSION = 2
_AGAIN = "then run: python -m ingest"
_NO_TITLE = "no title found"


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article and what an editor should know about how it was read.

    `sidecar_sha256` is the hash of the settings beside it, None when there are none.
    """

    article: Article
    warnings: tuple[str, ...]
    sidecar_sha256: str | None = None


def article_files(articles: Path) -> list[Path]:
    """Return the articles below the folder in a stable order, without hidden files and sidecars."""
    if not articles.is_dir():
        raise ContentError(
            "The folder with the articles does not exist.",
            where=str(articles),
            expected="a folder with at least one article (.txt or .md)",
            found="a file" if articles.exists() else "nothing",
            mend=f"put an article there, {_AGAIN} (or name another folder with --content)",
        )
    files = [path for path in _files(articles) if path.suffix.lower() != SIDECAR_SUFFIX]
    if not files:
        raise ContentError(
            "The folder with the articles is empty.",
            where=str(articles),
            expected="at least one article (.txt or .md)",
            found="no article",
            mend=f"put an article there, {_AGAIN}",
        )
    return files


def orphans(articles: Path) -> list[str]:
    """Return the sidecars without an article beside them, as paths below the folder, in order.

    They are no errors: the sidecar of an article that was taken out may be left behind, and
    nothing may stand in the way of taking an article out.
    """
    files = _files(articles)
    served = {path.with_suffix(SIDECAR_SUFFIX) for path in files if path.suffix.lower() in _PARSERS}
    return [
        path.relative_to(articles).as_posix()
        for path in files
        if path.suffix.lower() == SIDECAR_SUFFIX and path not in served
    ]


def orphan_warning(source: str) -> str:
    """Tell the editor about settings that belong to no article."""
    names = " or ".join(Path(source).stem + ending for ending in sorted(_PARSERS))
    return f"{source}: no article {names} stands beside these settings; rename or remove the file"


def _files(articles: Path) -> list[Path]:
    """Return the files below a folder in a stable order; hidden ones are left out."""
    files = [
        path
        for path in articles.rglob("*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(articles).parts)
    ]
    return sorted(files, key=lambda path: path.relative_to(articles).as_posix())


def read_article(path: Path, *, root: Path) -> ReadArticle:
    """Read one file below `root` as an article.

    Its settings come from its head or from a sidecar; a title there goes before the one in the
    text, and changes no section. Raises ContentError when there is no reader for its format, when
    it cannot be read, is not UTF-8, or holds no text, and when its settings cannot be used.
    """
    source = path.relative_to(root).as_posix()
    parse = _PARSERS.get(path.suffix.lower())
    if parse is None:
        raise ContentError(
            "There is no reader for this kind of file.",
            where=str(path),
            expected=f"one of {', '.join(sorted(_PARSERS))}",
            found=path.suffix or "a name without an ending",
            mend=f"save it as plain text (.txt or .md) or move it out of the folder, {_AGAIN}",
        )
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ContentError(
            "An article cannot be read.",
            where=str(path),
            expected="a file that this user may read",
            found=error.strerror or str(error),
            mend=f"give it read permission, {_AGAIN}",
        ) from error
    text, warnings = _clean(_decode(raw, path), source)
    if not any(c.isalnum() for c in text):
        raise ContentError(
            "An article is empty.",
            where=str(path),
            expected="a title and at least one paragraph",
            found=f"{len(raw)} bytes without a word",
            mend=f"write the article or remove the file, {_AGAIN}",
        )
    # Read here as well as in the parser, so that an error names the file.
    is_markdown = path.suffix.lower() == ".md"
    head, slips = read_front_matter(text, str(path)) if is_markdown else (Settings(), ())
    beside = path.with_suffix(SIDECAR_SUFFIX)
    sidecar = read_sidecar(beside)
    if sidecar:
        check_one_place(head, sidecar.settings, path, beside)
    title = sidecar.settings.title if sidecar else ""
    parsed = parse(text, slug(path.stem), title or _title_of(path))
    article = Article(
        id=slug(path.stem),
        title=title or parsed.title,
        text=parsed.text,
        sections=parsed.sections,
        source=source,
        sha256=hashlib.sha256(raw).hexdigest(),
        provenance=sidecar.settings.provenance if sidecar else parsed.provenance,
    )
    if not article.sections:
        raise ContentError(
            "An article has a title and nothing else.",
            where=str(path),
            expected="at least one paragraph",
            found=repr(parsed.title),
            mend=f"write the article or remove the file, {_AGAIN}",
        )
    # That the text has no title is no matter when the sidecar has one.
    found = [w for w in parsed.warnings if not (title and w.startswith(_NO_TITLE))]
    told = (*warnings, *(f"{source}: {warning}" for warning in (*found, *slips)))
    return ReadArticle(article, told, sidecar.sha256 if sidecar else None)


def _title_of(path: Path) -> str:
    """Return a title for an article that states none: its file's name in words."""
    return path.stem.replace("-", " ").replace("_", " ").strip().capitalize()


def _decode(raw: bytes, path: Path) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContentError(
            "An article is not written in UTF-8.",
            where=f"{path}, line {line}",
            expected="text in the encoding UTF-8",
            found=f"the byte 0x{raw[error.start]:02x}",
            mend=f"open it in an editor, save it with encoding UTF-8, {_AGAIN}",
        ) from error


def _clean(text: str, name: str) -> tuple[str, list[str]]:
    """Return the text with plain line ends and without characters that only steer a display."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = without_steering(text)
    dropped = len(text) - len(kept)
    return kept, [f"{name}: {dropped} invisible control characters left out"] * bool(dropped)


_PARSERS: dict[str, Callable[[str, str, str], ParsedText]] = {
    ".txt": parse_plain_text,
    ".md": parse_markdown,
}
