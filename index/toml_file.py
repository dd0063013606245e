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
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentError(
            problem,
            where=str(path),
            expected="a TOML file in UTF-8",
            found=str(error),
            mend=mend,
        ) from error
