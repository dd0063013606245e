"""A file becomes an Article: one reader a format, all ending in the same structure."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import ContentError
from index.types import Article
from ingest.markdown import parse_markdown
from ingest.outline import ParsedText
from ingest.plain_text import parse_plain_text
from ingest.slugs import slug

# Raised when the same file would be read differently: it is part of a generation's id.
READER_VERSION = 1
_AGAIN = "then run: python -m ingest"
# Characters that nobody sees but that change how a page is drawn, or stop it from being drawn.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article and what an editor should know about how it was read."""

    article: Article
    warnings: tuple[str, ...]


def article_files(articles: Path) -> list[Path]:
    """Return the files below the articles folder in a stable order; hidden ones are left out."""
    if not articles.is_dir():
        raise ContentError(
            "The folder with the articles does not exist.",
            where=str(articles),
            expected="a folder with at least one article (.txt or .md)",
            found="a file" if articles.exists() else "nothing",
            mend=f"put an article there, {_AGAIN} (or name another folder with --content)",
        )
    files = [
        path
        for path in articles.rglob("*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(articles).parts)
    ]
    if not files:
        raise ContentError(
            "The folder with the articles is empty.",
            where=str(articles),
            expected="at least one article (.txt or .md)",
            found="no file",
            mend=f"put an article there, {_AGAIN}",
        )
    return sorted(files, key=lambda path: path.relative_to(articles).as_posix())


def read_article(path: Path, *, root: Path) -> ReadArticle:
    """Read one file below `root` as an article.

    Raises ContentError when there is no reader for its format, when it cannot be read, is not
    UTF-8, or holds no text.
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
    parsed = parse(text, slug(path.stem), _title_of(path))
    article = Article(
        id=slug(path.stem),
        title=parsed.title,
        text=parsed.text,
        sections=parsed.sections,
        source=source,
        sha256=hashlib.sha256(raw).hexdigest(),
        provenance=parsed.provenance,
    )
    if not article.sections:
        raise ContentError(
            "An article has a title and nothing else.",
            where=str(path),
            expected="at least one paragraph",
            found=repr(parsed.title),
            mend=f"write the article or remove the file, {_AGAIN}",
        )
    return ReadArticle(article, (*warnings, *(f"{source}: {w}" for w in parsed.warnings)))


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
    kept = "".join(
        c for c in text if c in "\n\t" or not (c in _BIDI or unicodedata.category(c) == "Cc")
    )
    dropped = len(text) - len(kept)
    return kept, [f"{name}: {dropped} invisible control characters left out"] * bool(dropped)


_PARSERS: dict[str, Callable[[str, str, str], ParsedText]] = {
    ".txt": parse_plain_text,
    ".md": parse_markdown,
}
