"""The files of the articles folder: articles, settings beside them, and what is neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from core.errors import ContentError
from ingest.files.file_kinds import ENDINGS
from ingest.readers.article_settings import SIDECAR_SUFFIX

KNOWN = ", ".join(ENDINGS)
_AGAIN = "then run: python -m ingest"
# Files that word processors put beside a document while someone has it open.
_LOCKS = ("~$", ".~")
# What pages are made of, or show, beside their text.
_ASIDE = frozenset(
    """.png .jpg .jpeg .jfif .gif .svg .webp .avif .bmp .ico .tif .tiff .heic .psd .ai .eps
    .css .scss .less .js .mjs .map .json .xml .rss .webmanifest .woff .woff2 .ttf .otf .eot
    .mp3 .m4a .wav .ogg .mp4 .m4v .mov .avi .webm .vtt .srt""".split()
)
# What systems leave in every folder that somebody has opened.
_SYSTEM = frozenset({"desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r", "__macosx"})


def article_files(articles: Path) -> list[Path]:
    """Return the articles below a folder in a stable order, also those that cannot be read.

    Hidden files, settings, pictures, and files of systems are none; nor is a link to one of them.
    Raises ContentError when there is no folder, or no article in it.
    """
    if not articles.is_dir():
        raise ContentError(
            "The articles folder does not exist.",
            where=str(articles),
            expected=f"a folder with at least one article ({KNOWN})",
            found="a file" if articles.exists() else "nothing",
            fix=f"put an article there, {_AGAIN} (or name another folder with --content)",
        )
    files = [p for p in _files(articles) if p.suffix.lower() != SIDECAR_SUFFIX and not _is_aside(p)]
    if not files:
        raise ContentError(
            "The articles folder is empty.",
            where=str(articles),
            expected=f"at least one article ({KNOWN})",
            found="no article",
            fix=f"put an article there, {_AGAIN}",
        )
    return files


def files_aside(articles: Path) -> Mapping[str, int]:
    """Count the files beside articles that are none and need no reader, by ending or name."""
    aside = (path for path in _files(articles) if _is_aside(path))
    return dict(sorted(Counter(path.suffix.lower() or path.name for path in aside).items()))


def orphans(articles: Path) -> list[str]:
    """Return the sidecars without an article, as paths below the folder, in order.

    They are warnings and no errors: nothing may stop an editor from removing an article.
    """
    files = _files(articles)
    served = {path.with_suffix(SIDECAR_SUFFIX) for path in files if path.suffix.lower() in ENDINGS}
    return [
        path.relative_to(articles).as_posix()
        for path in files
        if path.suffix.lower() == SIDECAR_SUFFIX and path not in served
    ]


def _is_aside(path: Path) -> bool:
    names = {part.casefold() for part in (path.name, path.parent.name)}
    return path.suffix.lower() in _ASIDE or not names.isdisjoint(_SYSTEM)


def _files(articles: Path) -> list[Path]:
    """Return the files below a folder in a stable order, without hidden ones.

    Links that lead out of the folder, or nowhere, are among them: every article that is skipped
    must be reported. A link to a file or folder inside is not: it is found there already.
    """
    files: list[Path] = []
    links: list[Path] = []
    for path in articles.rglob("*"):
        if any(part.startswith((".", *_LOCKS)) for part in path.relative_to(articles).parts):
            continue
        if path.is_symlink():
            links.append(path)
        elif path.is_file():
            files.append(path)
    if links:
        root = articles.resolve()
        real = {root / path.relative_to(articles) for path in files}
        files += [path for path in links if not _is_found_inside(path, root, real)]
    return sorted(files, key=lambda path: path.relative_to(articles).as_posix())


def _is_found_inside(path: Path, root: Path, files: set[Path]) -> bool:
    """Say whether a link leads to a folder inside the root, or to one of these files."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # to nothing, or in a circle
        return False
    return target in files or (target.is_dir() and target.is_relative_to(root))
