"""Write a result as a record, as a file and as tables for the terminal."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.files.atomic import replace
from core.places import IS_CHECKOUT, ROOT

if TYPE_CHECKING:
    from core.types import EncoderInfo

# The folders whose code and content a figure depends on.
_MEASURED = ("content", "core", "evaluation", "index", "ingest", "safety")


def heading(
    *, command: str, encoder: EncoderInfo, generation: str, protocol: str
) -> dict[str, Any]:
    """Return how a result was made: commit, day, model, command, generation and protocol.

    The day has to be in the record, because a copy or a checkout changes the date of the file.
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
    """Write a result as JSON that can be compared with another line by line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, f"{as_json(record)}\n".encode())


def as_json(record: Mapping[str, Any]) -> str:
    """Return a result as JSON: figures with 4 decimal places, null for a figure without value."""
    return json.dumps(_rounded(record), indent=1, ensure_ascii=False, allow_nan=False)


def as_text(record: Mapping[str, Any]) -> str:
    """Return a result as tables for a terminal."""
    parts = [
        about(record),
        ", ".join(f"{count} {kind}" for kind, count in record["counts"].items()),
        _estimates("figure", record["metrics"]),
        *(_groups(name, record.get(f"per_{name}")) for name in ("section", "route", "kind")),
    ]
    if "robustness" in record:
        robust = record["robustness"]
        typos = {name: robust[name] for name in ("typo_hit@3", "typo_loss_of_hit@3")}
        parts.append(_estimates("one typo a question", typos))
        parts.append(_estimates("same outcome after", robust["same_outcome"]))
    parts.append(_estimates("fused minus part", record.get("differences")))
    parts.append(_ablation(record.get("ablation")))
    if record.get("misses"):
        parts.append("\n".join(["misses", *map(_miss, record["misses"])]))
    return "\n\n".join(filter(None, parts))


def sentences_as_text(record: Mapping[str, Any]) -> str:
    """Return a result of marked sentences as tables for a terminal, with what went wrong."""
    wrong = [
        f"  {one['group']}: {one['question']}\n      {one['outcome']}"
        f"{', filled' if one['is_answer'] else ''}, {one['passage']}: {one['marked']!r}"
        for one in record["wrong"]
    ]
    parts = [about(record), _estimates("figure", record["metrics"])]
    return "\n\n".join([*parts, "\n".join(["wrong", *wrong])])


def about(record: Mapping[str, Any]) -> str:
    """Return the protocol, the model and the commit of a result."""
    return f"{record['protocol']}\nmodel {record['model']['name']}, commit {record['commit']}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows under their heads: the first column to the left, all others to the right."""
    grid = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(wide) if at else cell.ljust(wide)
            for at, (cell, wide) in enumerate(zip(row, widths, strict=True))
        )
        for row in grid
    )


def with_interval(estimate: Mapping[str, float], sign: str = "") -> str:
    """Return a mean with its interval; with the sign "+" as a difference."""
    mean, low, high = (f"{estimate[name]:{sign}.3f}" for name in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _estimates(title: str, estimates: Mapping[str, Mapping[str, float]] | None) -> str:
    if not estimates:
        return ""
    rows = [(name, with_interval(found), str(found["n"])) for name, found in estimates.items()]
    return table([title, "mean (95 % interval)", "n"], rows)


def _groups(title: str, groups: Mapping[str, Mapping[str, Any]] | None) -> str:
    if not groups:
        return ""
    figures = [name for name in next(iter(groups.values())) if name != "n"]
    rows = [
        (group, str(row["n"]), *(f"{row[name]['mean']:.3f}" for name in figures))
        for group, row in groups.items()
    ]
    return table([title, "n", *figures], rows)


def _ablation(parts: Sequence[Mapping[str, Any]] | None) -> str:
    if not parts:
        return ""
    figures = list(parts[0]["loss"])
    rows = [
        (part["name"], *(with_interval(part["loss"][name], "+") for name in figures))
        for part in parts
    ]
    return table(["lost without", *figures], rows)


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
    """Return the commit of the code, with "+" for uncommitted changes; None without git."""
    if not IS_CHECKOUT:  # git would find the repository of somebody else
        return None
    commit = git(ROOT, "rev-parse", "HEAD")
    changed = git(ROOT, "status", "--porcelain", "--", *_MEASURED, ":!evaluation/results")
    return commit[:12] + ("+" if changed else "") if commit else None


def git(root: Path, *arguments: str) -> str:
    """Return the output of git in a folder; nothing where git is missing or refuses."""
    command = ["git", "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  whichever git this machine has
            command, cwd=root, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.rstrip("\n")
