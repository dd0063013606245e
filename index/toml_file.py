"""Reads a TOML file that the clinic edits: missing is allowed, broken is an error in words."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from index.errors import ContentError


def read_toml(path: Path, *, problem: str, mend: str) -> dict[str, Any] | None:
    """Return what a TOML file in UTF-8 holds, None when there is no such file.

    Raises ContentError with this problem and this mend when it cannot be read or is not TOML.
    """
    raw = read_bytes(path, problem=problem, mend=mend)
    return None if raw is None else parse_toml(raw, path, problem=problem, mend=mend)


def read_bytes(path: Path, *, problem: str, mend: str) -> bytes | None:
    """Return a file's bytes, None when there is no such file; ContentError when unreadable."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error, problem, mend) from error


def parse_toml(raw: bytes, path: Path, *, problem: str, mend: str) -> dict[str, Any]:
    """Return what the bytes of the TOML file at `path` hold; ContentError when they are none."""
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(path, error, problem, mend) from error


def _unusable(path: Path, error: Exception, problem: str, mend: str) -> ContentError:
    return ContentError(
        problem,
        where=str(path),
        expected="a TOML file in UTF-8",
        found=str(error),
        mend=mend,
    )
