"""The bytes of one file of the articles folder, or an error that says why they are not taken.

Nothing outside the folder is read, and nothing that is too large to be an article.
"""

from __future__ import annotations

from pathlib import Path

from core.errors import ContentError
from core.files.regular_file import read_start
from ingest.files.file_kinds import check_kind
from ingest.files.limits import FILE_BYTES

_AGAIN = "then run: python -m ingest"


def read_source(path: Path, *, root: Path) -> bytes:
    """Read a file below `root` whose format is known.

    Raises ContentError when it is a link to somewhere else, no file, larger than an article of its
    format can be, unreadable, or not what its name says.
    """
    check_place(path, root=root)
    suffix = path.suffix.lower()
    limit = FILE_BYTES[suffix]
    try:
        if not path.is_file():
            raise ContentError(
                "An article is not a file.",
                where=str(path),
                expected="a file",
                found="something else, or nothing any more",
                fix=f"move it out of the folder, {_AGAIN}",
            )
        raw = read_start(path, most=limit)
        size = max(path.stat().st_size, len(raw))
    except OSError as error:
        raise ContentError(
            "An article cannot be read.",
            where=str(path),
            expected="a file that this user may read",
            found=error.strerror or str(error),
            fix=f"give it read permission, {_AGAIN}",
        ) from error
    if size > limit:
        raise ContentError(
            "An article is too large.",
            where=str(path),
            expected=f"at most {limit // 1_000_000} MB in a file {suffix}",
            found=f"{size / 1_000_000:.0f} MB",
            fix=f"divide it, make its pictures smaller or move it out of the folder, {_AGAIN}",
        )
    if raw.strip():  # an empty file is nothing else; that it is empty is said later
        check_kind(raw, suffix, str(path))
    return raw


def check_place(path: Path, *, root: Path) -> None:
    """Raise ContentError when a path leads out of the folder, by itself or by a link on its way."""
    try:
        inside = path.resolve(strict=True).is_relative_to(root.resolve(strict=True))
        found = f"a link to {path.resolve()}"
    except (OSError, RuntimeError):  # RuntimeError: links in a circle
        inside, found = not path.is_symlink(), "a link to nothing"
    if not inside:
        raise ContentError(
            "A link leads out of the folder with the articles.",
            where=str(path),
            expected="a file inside the folder",
            found=found,
            fix=f"put the file itself there, or remove the link, {_AGAIN}",
        )
