"""Make two records comparable: what is random, dated or rounded differently becomes equal."""

from __future__ import annotations

import difflib
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

DIGITS = 5
_WIDTH = 200
_PATTERNS = (
    (r"(?m)^.*missing ScriptRunContext.*\n", ""),  # Streamlit's driver, in threads of ours
    (r"\b[0-9a-f]{64}\b", "<sha256>"),
    (r"\b[0-9a-f]{16}\b", "<generation>"),
    (r"(?<=sha256 )[0-9a-f]{12}\b", "<sha256>"),
    (r"'sha256-[A-Za-z0-9+/=]+'", "'sha256-<hash>'"),
    (r"\bsearch=[0-9a-f]{8}\b", "search=<name>"),
    (r"(?<=\|)[0-9a-f]{8}(?=\|)", "<name>"),
    (r"(?<=data-token=\")[0-9]+-[0-9a-f]{8}", "<token>"),
    (r"(?<=\bv=)[0-9a-f]+", "<version>"),
    (r"(?<=127\.0\.0\.1:)[0-9]+|(?<=localhost:)[0-9]+", "<port>"),
    (r"\b[0-9]{1,2} [^\W\d_]+ 20[0-9]{2}, [0-9]{2}:[0-9]{2}\b", "<moment>"),
    (r"\b[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?", "<time>"),
    (r"\b[0-9]+(?:\.[0-9]+)? ?(?:s|ms|seconds)\b", "<seconds>"),
)
_FLOAT = re.compile(r"(?<![0-9.])-?[0-9]+\.[0-9]{6,}(?:e-?[0-9]+)?")
_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")
_REAL_DAY = date.today().isoformat()  # before `fixed_day` has it say another
_SHOWN = 40
"""So many lines of each difference are printed."""


def normalized(text: str, paths: Mapping[str, str]) -> str:
    """Replace paths by names, and what differs from run to run by what it is."""
    for path in sorted(paths, key=len, reverse=True):
        text = text.replace(path, paths[path])
    text = text.replace(_REAL_DAY, "<today>")
    for pattern, name in _PATTERNS:
        text = re.sub(pattern, name, text)
    return _FLOAT.sub(lambda number: f"{float(number[0]):.{DIGITS}f}", text)


def rounded(value: Any, digits: int) -> Any:
    """Round every float of a JSON value."""
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, dict):
        return {key: rounded(held, digits) for key, held in value.items()}
    return [rounded(held, digits) for held in value] if isinstance(value, list) else value


def pretty(lines: str) -> str:
    """Return JSON objects, one on each line, in a form whose differences can be read."""
    if not lines.strip():
        return lines
    values = [json.loads(line) for line in lines.splitlines()]
    return "".join(
        f"{json.dumps(rounded(value, DIGITS), ensure_ascii=False, indent=1)}\n" for value in values
    )


def differences(before: Path, after: Path, part: str) -> Iterator[str]:
    """Yield a short unified diff of each file of a part that two records do not have alike."""
    names = {
        path.relative_to(folder)
        for folder in (before, after)
        for path in (folder / part).rglob("*.*")
        if path.is_file()
    }
    for name in sorted(names):
        old, new = _lines(before / name), _lines(after / name)
        if not alike(old, new):
            yield diff(old, new, str(name))


def diff(old: list[str], new: list[str], name: str) -> str:
    """Return the first lines of a unified diff."""
    old, new = (_wrapped(lines) for lines in (old, new))
    lines = list(difflib.unified_diff(old, new, f"before/{name}", f"after/{name}", "", "", 1, ""))
    more = [f"... {len(lines) - _SHOWN} more lines"] if len(lines) > _SHOWN else []
    return "\n".join([*lines[:_SHOWN], *more, ""])


def _wrapped(lines: list[str]) -> list[str]:
    return [part for line in lines for part in textwrap.wrap(line, _WIDTH) or [""]]


def alike(old: list[str], new: list[str], *, within: float = 1.5 * 10**-DIGITS) -> bool:
    """Say whether lines are equal but for so small differences of their numbers."""
    pairs = zip(old, new, strict=False)
    return len(old) == len(new) and all(a == b or _alike(a, b, within) for a, b in pairs)


def _alike(old: str, new: str, within: float) -> bool:
    if _NUMBER.sub("", old) != _NUMBER.sub("", new):
        return False
    pairs = zip(_NUMBER.findall(old), _NUMBER.findall(new), strict=True)
    return all(abs(float(a) - float(b)) <= within for a, b in pairs)


def _lines(path: Path) -> list[str]:
    """Return the lines of a file, normalized as now: the record may be older than a pattern."""
    return normalized(path.read_text(encoding="utf-8"), {}).splitlines() if path.is_file() else []
