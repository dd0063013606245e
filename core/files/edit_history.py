"""Earlier versions of an edited file: `.history/NAME/NUMBER-DIGEST` beside it.

A version holds the text before an edit. DIGEST is that of the text after the edit; `-new` behind it
says that there was no file before. A version whose own text has that digest belongs to an edit that
was never made, or was undone. `-outside` marks what another program saved during an edit.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from core.files.atomic import TEMPORARY

HISTORY = ".history"
KEPT = 10
NEW = "-new"
_OUTSIDE = "-outside"
_NAME = re.compile(r"\d{6}-([0-9a-f]{16})(-new)?")
_OURS = re.compile(rf"{re.escape(TEMPORARY)}|\d{{6}}-[0-9a-f]{{16}}")


def digest(raw: bytes) -> str:
    """Return the digest of a text for the name of a version."""
    return hashlib.sha256(raw).hexdigest()[:16]


def became(version: Path) -> str:
    """Return the digest of the file after the edit of this version."""
    return version.name[7:23]


def folder(path: Path) -> Path:
    """Return the folder of a file's versions."""
    return path.parent / HISTORY / path.name


def versions(path: Path) -> list[Path]:
    """Return the versions of the edits that were made, oldest first."""
    found = folder(path).iterdir() if folder(path).is_dir() else ()
    return sorted(v for v in found if _NAME.fullmatch(v.name) and _was_made(v))


def next_version(path: Path, new: bytes, *, is_new: bool) -> Path:
    """Return the path for the version after all others."""
    numbers = [int(found.name[:6]) for found in folder(path).glob("[0-9]" * 6 + "-*")]
    name = f"{max(numbers, default=0) + 1:06d}-{digest(new)}"
    return folder(path) / (f"{name}{NEW}" if is_new else name)


def outside(version: Path) -> Path:
    """Return the path for what another program saved while this version was written."""
    return version.with_name(f"{version.name}{_OUTSIDE}")


def clear(path: Path) -> None:
    """Remove all but the last KEPT versions, and files that killed edits left behind."""
    ours = [found for found in folder(path).iterdir() if _OURS.match(found.name)]
    others = sorted(found for found in ours if found.name.endswith(_OUTSIDE))
    for found in {*ours} - {*versions(path)[-KEPT:], *others[-KEPT:]}:
        with suppress(OSError):
            found.unlink()


def _was_made(version: Path) -> bool:
    try:
        return version.name.endswith(NEW) or digest(version.read_bytes()) != became(version)
    except OSError:  # undone at this moment
        return False
