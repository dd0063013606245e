"""Read the patterns of this folder, which are written over several lines."""

from __future__ import annotations

import re

_LINE = re.compile(r"^(\|) |^  ")


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of which a line with "| " begins a choice and any other continues one."""
    lines = pattern.strip("\n").splitlines()
    return re.compile("".join(_LINE.sub(r"\1", line, count=1) for line in lines))
