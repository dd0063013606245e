"""A file with one question a line, for the commands that answer many."""

from __future__ import annotations

import sys
from pathlib import Path

from core.errors import UsageError


def read_questions(file: Path) -> list[str]:
    """Return the lines of a UTF-8 file, or of standard input for "-".

    Empty lines are kept, so that line i of the output belongs to line i of the file. Raises
    UsageError when the file cannot be read.
    """
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "The file of questions cannot be read.",
            where=str(file),
            expected="text in UTF-8, one question a line",
            found=str(getattr(error, "strerror", None) or "another encoding"),
            fix="correct the name or save the file as UTF-8",
        ) from error
    return text.removesuffix("\n").split("\n") if text else []
