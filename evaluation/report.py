"""A result as a record, as a file and as a table for the terminal."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.atomic import replace

if TYPE_CHECKING:
    from index.types import EncoderInfo

_WIDE = 34
# What a figure depends on.
_MEASURED = ("content", "evaluation", "index", "ingest", "safety")


def heading(
    *, command: str, encoder: EncoderInfo, generation: str, protocol: str
) -> dict[str, Any]:
    """Return what a figure means nothing without: commit, day, model, command, protocol and so on.

    The day has to be in the file: a copy or a checkout gives the file itself another date.
    """
    return {
        "commit": _commit(),
        "date": date.today().isoformat(),
        "model": {"name": encoder.name, "sha256": encoder.sha256},
        "command": command,
        "generation": generation,
        "protocol": protocol,
    }


def write_result(record: Mapping[str, Any], path: Path) -> None:
    """Write a result as JSON that can be compared line by line with another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, f"{as_json(record)}\n".encode())


def as_json(record: Mapping[str, Any]) -> str:
    """Return a result as JSON; what could not be measured is null, and figures have 4 places."""
    return json.dumps(_rounded(record), indent=1, ensure_ascii=False, allow_nan=False)


def as_text(record: Mapping[str, Any]) -> str:
    """Return a result as tables for a terminal."""
    parts = [f"{record['protocol']}\nmodel {record['model']['name']}, commit {record['commit']}"]
    counts = ", ".join(f"{count} {kind}" for kind, count in record["counts"].items())
    parts.append(counts)
    parts.append(_estimates("figure", record["metrics"]))
    for name, title in (
        ("per_section", "section"),
        ("per_route", "route"),
        ("per_kind", "kind"),
    ):
        if record.get(name):
            parts.append(_groups(title, record[name]))
    if "robustness" in record:
        robust = record["robustness"]
        typos = {name: robust[name] for name in ("typo_hit@3", "typo_loss_of_hit@3")}
        parts.append(_estimates("one typo a question", typos))
        parts.append(_estimates("same outcome after", robust["same_outcome"]))
    if record.get("differences"):
        parts.append(_estimates("fused minus part", record["differences"]))
    if record.get("ablation"):
        parts.append(_ablation(record["ablation"]))
    if record.get("misses"):
        parts.append("\n".join(["misses", *map(_miss, record["misses"])]))
    return "\n\n".join(parts)


def _estimates(title: str, estimates: Mapping[str, Mapping[str, float]]) -> str:
    lines = [f"{title:<{_WIDE}} {'mean':>6}   95 % interval      n"]
    lines += [
        f"{name:<{_WIDE}} {one['mean']:6.3f}   {one['low']:.3f} to {one['high']:.3f}  {one['n']:5d}"
        for name, one in estimates.items()
    ]
    return "\n".join(lines)


def _groups(title: str, groups: Mapping[str, Mapping[str, Any]]) -> str:
    columns = [name for name in next(iter(groups.values())) if name != "n"]
    wide = max(len(title), *map(len, groups))
    lines = [f"{title:<{wide}} {'n':>4} " + " ".join(f"{name:>11}" for name in columns)]
    for group, row in groups.items():
        figures = " ".join(f"{row[name]['mean']:11.3f}" for name in columns)
        lines.append(f"{group:<{wide}} {row['n']:4d} {figures}")
    return "\n".join(lines)


def _ablation(rows: Sequence[Mapping[str, Any]]) -> str:
    losses = list(rows[0]["loss"])
    lines = [f"{'lost without':<30} " + " ".join(f"{name:>23}" for name in losses)]
    for row in rows:
        cells = (_interval(row["loss"][name]) for name in losses)
        lines.append(f"{row['name']:<30} " + " ".join(f"{cell:>23}" for cell in cells))
    return "\n".join(lines)


def _interval(one: Mapping[str, float]) -> str:
    return f"{one['mean']:+.3f} ({one['low']:+.3f} {one['high']:+.3f})"


def _miss(miss: Mapping[str, Any]) -> str:
    expected = miss["expected"]
    wanted = expected if isinstance(expected, str) else " | ".join(expected)
    return (
        f"  {miss['what']}, {miss['times']} of {miss['of']}: {miss['question']}\n"
        f"      wanted {wanted}; first {miss['first']}, {miss['outcome']}"
        f" ({miss['probability']:.2f}), route {miss['route']}"
    )


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_rounded(inner) for inner in value]
    return value


def _commit() -> str | None:
    """Return the commit of the code, with "+" when that is not all of it; None without git."""
    try:
        commit = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--", *_MEASURED, ":!evaluation/results")
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit[:12] + ("+" if changed else "")


def _git(*arguments: str) -> str:
    root = Path(__file__).parent.parent
    done = subprocess.run(  # noqa: S603 - no text from outside
        ["git", "--no-optional-locks", *arguments],  # noqa: S607
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
