"""Reads a TOML file that the clinic edits: missing is allowed, broken is an error in words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from index.errors import ContentError
from index.plain_values import check_values
from index.regular_file import read_regular

# The notices, the largest of these files, have an eighth of it.
MOST_BYTES = 2_000_000
# "a.b.c" is a key of three parts. Reading one of n parts takes n x n steps.
_MOST_PARTS = 50
_LONG_KEY = re.compile(
    rb"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}" % _MOST_PARTS
)


def read_toml(path: Path, *, problem: str, mend: str) -> dict[str, Any] | None:
    """Return what a TOML file in UTF-8 holds, None when there is no such file.

    Raises ContentError with this problem and this mend when it cannot be read or is not TOML.
    """
    raw = read_bytes(path, problem=problem, mend=mend)
    return None if raw is None else parse_toml(raw, path, problem=problem, mend=mend)


def read_bytes(path: Path, *, problem: str, mend: str, most: int = MOST_BYTES) -> bytes | None:
    """Return a file's bytes, None when there is no such file; ContentError when unreadable."""
    try:
        return read_regular(path, most=most)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error.strerror or str(error), problem, mend) from error


def parse_toml(raw: bytes, path: Path, *, problem: str, mend: str) -> dict[str, Any]:
    """Return what the bytes of the TOML file at `path` hold; ContentError when they are none."""
    try:
        return _values(raw)
    except RecursionError as error:
        raise _unusable(path, "values too deep within each other", problem, mend) from error
    except ValueError as error:  # no TOML, no UTF-8, or a number longer than Python reads
        raise _unusable(path, str(error), problem, mend) from error


def _values(raw: bytes) -> dict[str, Any]:
    if _LONG_KEY.search(raw):
        raise ValueError(f"a name of more than {_MOST_PARTS} parts")
    values = tomllib.loads(raw.decode("utf-8-sig"))
    check_values(values)
    return values


def _unusable(path: Path, found: str, problem: str, mend: str) -> ContentError:
    return ContentError(
        problem,
        where=str(path),
        expected="a TOML file in UTF-8",
        found=found,
        mend=mend,
    )
