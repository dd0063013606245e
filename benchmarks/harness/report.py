"""A result as Markdown: printed always, written to benchmarks/results/ with `--save`."""

from __future__ import annotations

import math
import os
import platform
import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.harness.options import ROOT
from benchmarks.harness.result import Cell, Result, Table
from benchmarks.harness.targets import TARGETS, verdict
from evaluation.report import git

RESULTS = ROOT / "benchmarks" / "results"
PICTURES = ROOT / "docs" / "benchmarks"
# A measure writes these itself: they change nothing of what is measured.
_WRITTEN = (":(exclude)benchmarks/results", ":(exclude)docs")


def report(name: str, result: Result) -> str:
    """Return the targets of a measure with their verdicts, and its tables with their notes."""
    tables = [_targets(name, result), *result.tables]
    return "\n\n".join(
        "\n\n".join(filter(None, (f"## {table.title}", markdown(table), _listed(table.notes))))
        for table in tables
        if table.rows
    )


def save(name: str, text: str, result: Result, origin: str) -> Path:
    """Write a report to `NAME.md`, and its picture if it has one; return the report's file."""
    path = RESULTS / f"{name}.md"
    path.write_text(f"# {name}\n\n{origin}\n\n{text}\n", encoding="utf-8")
    if result.draw is not None:
        from matplotlib.figure import Figure

        sheet = Figure(figsize=(8, 4), layout="constrained")
        result.draw(sheet)
        sheet.savefig(PICTURES / f"{name}.webp", dpi=100)
    return path


def source(arguments: Sequence[str], root: Path = ROOT) -> str:
    """Return a sentence that names command, date, commit and machine; call it before measuring.

    The command has only the last part of an absolute path: no folder of this machine.
    """
    words = [Path(word).name if Path(word).is_absolute() else word for word in arguments]
    command = shlex.join(["python", "-m", "benchmarks", *words])
    machine = f"{os.cpu_count()} processors ({platform.machine()})"
    return (
        f"`{command}`, {date.today().isoformat()}, {_commit(root)}, {machine},"
        f" Python {platform.python_version()}."
    )


def markdown(table: Table) -> str:
    """Return a table as aligned Markdown, which a terminal shows as well."""
    lines = [list(table.columns), *([shown(cell) for cell in row] for row in table.rows)]
    widths = [max(3, *(len(line[i]) for line in lines)) for i in range(len(table.columns))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |"
        for line in lines
    )


def shown(cell: Cell) -> str:
    """Return a cell with about three digits; a dash for what was not measured."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return "–"
    if isinstance(cell, str | int):
        return cell if isinstance(cell, str) else f"{cell:,}"
    size = abs(cell)
    return f"{cell:,.3f}" if size < 10 else f"{cell:,.2f}" if size < 100 else f"{cell:,.1f}"


def _targets(name: str, result: Result) -> Table:
    """Judge the figures as they were measured, not as they are shown."""
    rows = []
    for target in TARGETS:
        if target.measure == name:
            found = result.figures.get(target.figure)
            limit = f"{target.wanted} {target.limit:g}"
            rows.append((target.figure, limit, found, verdict(target, found)))
    return Table("Targets", ("figure", "asked for", "measured", "verdict"), tuple(rows))


def _listed(notes: Sequence[str]) -> str:
    return "\n".join(f"- {note}" for note in notes)


def _commit(root: Path) -> str:
    top, _, head = git(root, "rev-parse", "--show-toplevel", "HEAD").partition("\n")
    if not head or Path(top) != root.resolve():  # or a copy inside of another checkout
        return "no known commit"
    status = git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", *_WRITTEN)
    return f"commit {head[:7]}" + (" with uncommitted changes" if status else "")
