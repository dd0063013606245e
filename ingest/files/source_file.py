"""Reads one file of the articles folder, or says why it is skipped.

Nothing outside the folder is read, and nothing that is too large.
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

    Raises ContentError when it leads out of the folder, is no regular file, too large, unreadable,
    or not what its name says.
    """
    check_place(path, root=root)
    suffix = path.suffix.lower()
    limit = FILE_BYTES[suffix]
    try:
        if not path.is_file():
            raise ContentError(
                "This is not a file.",
                where=str(path),
                expected="a file",
                found="something else, or it is gone",
                fix=f"move it out of the folder, {_AGAIN}",
            )
        raw = read_start(path, most=limit)
        size = max(path.stat().st_size, len(raw))
    except OSError as error:
        raise ContentError(
            "This file cannot be opened.",
            where=str(path),
            expected="a file that this user may read",
            found=error.strerror or str(error),
            fix=f"give it read permission, {_AGAIN}",
        ) from error
    if size > limit:
        raise ContentError(
            "This file is too large.",
            where=str(path),
            expected=f"at most {limit // 1_000_000} MB for a {suffix} file",
            found=f"{size / 1_000_000:.0f} MB",
            fix=f"divide it, make its pictures smaller or move it out of the folder, {_AGAIN}",
        )
    if raw.strip():  # the reader reports an empty file later
        check_kind(raw, suffix, str(path))
    return raw


def check_place(path: Path, *, root: Path) -> None:
    """Raise ContentError when a path, or a link in it, leads out of the folder."""
    try:
        real = path.resolve(strict=True)
        inside, found = real.is_relative_to(root.resolve(strict=True)), f"a link to {real}"
    except (OSError, RuntimeError):  # RuntimeError: links in a circle
        inside, found = not path.is_symlink(), "a link to nothing"
    if not inside:
        raise ContentError(
            "This link leads out of the articles folder.",
            where=str(path),
            expected="a file inside the folder",
            found=found,
            fix=f"put the file itself there, or remove the link, {_AGAIN}",
        )
