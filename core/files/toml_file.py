"""A TOML file that the clinic edits: it may be missing; broken, it is a plain error."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ContentError
from core.files.regular_file import read_regular
from core.files.value_limits import check_limits

# Eight times the size of the notices, the largest of these files.
MAX_BYTES = 2_000_000
# "a.b.c" is a key of three parts. Reading one of n parts takes n x n steps.
_MAX_PARTS = 50
_LONG_KEY = re.compile(
    rb"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}" % _MAX_PARTS
)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file in UTF-8, with the problem and the fix of every error about it.

    A file of more than `most` bytes is an error.
    """

    path: Path
    problem: str
    fix: str
    most: int = MAX_BYTES

    def read(self) -> dict[str, Any] | None:
        """Return the file's values, None for no file; raise as `parse` does."""
        raw = self.read_bytes()
        return None if raw is None else self.parse(raw)

    def read_bytes(self) -> bytes | None:
        """Return the file's bytes, None for no file; raise ContentError when unreadable."""
        try:
            return read_regular(self.path, most=self.most)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    def parse(self, raw: bytes) -> dict[str, Any]:
        """Return the values in the file's bytes; raise ContentError when they are not TOML."""
        if _LONG_KEY.search(raw):
            raise self._unusable(f"a name of more than {_MAX_PARTS} parts")
        try:
            values = tomllib.loads(raw.decode("utf-8-sig"))
            check_limits(values)
        except RecursionError as error:
            raise self._unusable("values nested too deep") from error
        except ValueError as error:  # no TOML, no UTF-8, or a number longer than Python reads
            raise self._unusable(str(error)) from error
        return values

    def wrong(self, place: str, expected: str, found: str) -> ContentError:
        """Return the error for a place in the file; "" is the whole file."""
        where = ", ".join(filter(None, (str(self.path), place)))
        return ContentError(self.problem, where=where, expected=expected, found=found, fix=self.fix)

    def _unusable(self, found: str) -> ContentError:
        return self.wrong("", "a TOML file in UTF-8", found)
