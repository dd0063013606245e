"""The tables that were measured and kept: which there are, who measures them, reading them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.result import Cell
from index.errors import UsageError

# Who measures which tables, in the order of the page.
TABLES: Mapping[str, tuple[str, ...]] = {
    "search": ("search",),
    "ingest": ("ingest", "ingest_bare"),
    "precision": ("precision",),
    "start": ("start", "start_parts"),
    "memory": ("memory", "libraries"),
    "page": ("page",),
    "visitors": ("visitors", "visitors_memory"),
    "soak": ("soak", "soak_memory"),
    "light": ("light", "light_calibrated", "light_collection", "light_cost"),
    "vectors": ("vectors", "vector_ways", "vector_likeness"),
    "scale": ("scale", "scale_parts", "scale_objects", "scale_files", "scale_making"),
    "peers": ("peers-speed", "peers-weight", "peers-quality"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A table as it lies in benchmarks/results/, with commit and machine in words.

    `command` is None for a table of before it was kept.
    """

    title: str
    command: str | None
    measured: str
    commit: str
    machine: str
    rows: tuple[Mapping[str, Cell], ...]
    notes: tuple[str, ...]


def read(folder: Path) -> dict[str, Kept]:
    """Read every table of a folder, by name; raise UsageError for one that cannot be read."""
    kept = {}
    for path in sorted(folder.glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            machine = told["machine"]
            kept[path.stem] = Kept(
                title=told["title"],
                command=told.get("command"),
                measured=told["measured"],
                commit=_commit(told),
                machine=f"{machine['processors']} processors ({machine['architecture']}),"
                f" Python {machine['python']}",
                rows=tuple(told["rows"]),
                notes=tuple(told["notes"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                "A kept result cannot be read.",
                where=str(path),
                expected="a table that `python -m benchmarks` wrote",
                found=f"{type(error).__name__}: {error}",
                mend=f"python -m benchmarks {measurer(path.stem)}",
            ) from error
    return kept


def _commit(told: Mapping[str, Any]) -> str:
    if not told.get("commit"):
        return "of no recorded commit"
    changed = " with uncommitted changes" if told["uncommitted changes"] else ""
    return f"of commit `{told['commit'][:7]}`{changed}"


def command(table: str, kept: Mapping[str, Kept]) -> str:
    """Return the command that has measured a table or, where that is not known, that would."""
    known = kept[table].command if table in kept else None
    return known or f"python -m benchmarks {measurer(table)}"


def measurer(table: str) -> str:
    """Return the name of the benchmark that measures a table; `all` for one not known here."""
    return next((name for name, tables in TABLES.items() if table in tables), "all")
