"""Reads a TOML file that the clinic edits: missing is allowed, broken is an error in words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ContentError
from core.files.regular_file import read_regular
from core.files.value_limits import check_limits

# The notices, the largest of these files, have an eighth of it.
MOST_BYTES = 2_000_000
# "a.b.c" is a key of three parts. Reading one of n parts takes n x n steps.
_MOST_PARTS = 50
_LONG_KEY = re.compile(
    rb"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}" % _MOST_PARTS
)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file in UTF-8: where it lies, and what every error about it says is wrong and to do.

    A file of more than `most` bytes is not read.
    """

    path: Path
    problem: str
    fix: str
    most: int = MOST_BYTES

    def read(self) -> dict[str, Any] | None:
        """Return what the file holds, None when there is no such file; raise as `parse` does."""
        raw = self.read_bytes()
        return None if raw is None else self.parse(raw)

    def read_bytes(self) -> bytes | None:
        """Return the file's bytes, None when there is no such file; ContentError if unreadable."""
        try:
            return read_regular(self.path, most=self.most)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    def parse(self, raw: bytes) -> dict[str, Any]:
        """Return what the bytes of the file hold; ContentError when they are not TOML."""
        try:
            return _values(raw)
        except RecursionError as error:
            raise self._unusable("values too deep within each other") from error
        except ValueError as error:  # no TOML, no UTF-8, or a number longer than Python reads
            raise self._unusable(str(error)) from error

    def wrong(self, place: str, expected: str, found: str) -> ContentError:
        """Make the error for something in the file; `place` names it, "" is the whole file."""
        where = ", ".join(filter(None, (str(self.path), place)))
        return ContentError(self.problem, where=where, expected=expected, found=found, fix=self.fix)

    def _unusable(self, found: str) -> ContentError:
        return self.wrong("", "a TOML file in UTF-8", found)


def _values(raw: bytes) -> dict[str, Any]:
    if _LONG_KEY.search(raw):
        raise ValueError(f"a name of more than {_MOST_PARTS} parts")
    values = tomllib.loads(raw.decode("utf-8-sig"))
    check_limits(values)
    return values
