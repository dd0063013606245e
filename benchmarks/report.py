"""`python -m benchmarks report`: docs/benchmarks.md from all that was measured and kept.

The page is written by this command only. What was not measured, and a bar that was not reached, is
said there as well.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from benchmarks.bars import BARS, figure, verdict
from benchmarks.kept import TABLES, Kept, command, read
from benchmarks.result import PICTURES, RESULTS, Cell, Result

if TYPE_CHECKING:
    from benchmarks.options import Options

PAGE = PICTURES.parent / "benchmarks.md"
# A table of more rows is folded away.
_LONG = 30
_NONE = "–"


def measure(options: Options) -> list[Result]:
    """Write the page from what others have measured and kept; return nothing new.

    A quick run only puts it together. Raises UsageError for a result that cannot be read.
    """
    kept = read(RESULTS)
    drawn = {path.stem for path in PICTURES.glob("*.png")}
    text = page(kept, drawn)
    if not options.quick:
        PAGE.write_text(text, encoding="utf-8")
        print(f"docs/{PAGE.name}: {len(kept)} tables")
    for bar in BARS:
        print(f"{verdict(bar, kept)}: {bar.says}", file=sys.stderr)
    return []


def page(kept: Mapping[str, Kept], drawn: Collection[str]) -> str:
    """Return the page as Markdown; `drawn` are the names of tables that have a picture."""
    known = [table for tables in TABLES.values() for table in tables]
    others = sorted(set(kept) - set(known))
    parts = [
        "# Benchmarks",
        "Written by `python -m benchmarks report` from `benchmarks/results/*.json`, never by hand."
        " `make bench` measures everything and takes long; `python -m benchmarks NAME` measures one"
        " thing, or with `--quick` only shows that it works.",
        "Ratios are taken in one run. Times, rates and memory are those of the machine that is"
        " named: compare them with nothing from another one.",
        "`vectors`, `light` and `peers` also use a labelled collection as BEIR lays it out,"
        " `--beir DIR`. Without one they measure the rest and say what they leave out.",
        _measured_on(list(kept.values())),
        "## What was asked for",
        _bars(kept),
    ]
    parts.append(_missing(kept))
    for table in [*known, *others]:
        if table in kept:
            parts += _section(table, kept, table in drawn)
    return "\n\n".join(part for part in parts if part) + "\n"


def _missing(kept: Mapping[str, Kept]) -> str:
    """Say every table that is not there, also one whose benchmark has left others."""
    missing = {name: [t for t in tables if t not in kept] for name, tables in TABLES.items()}
    told = "; ".join(
        f"{', '.join(f'`{table}`' for table in tables)} (`python -m benchmarks {name}`)"
        for name, tables in missing.items()
        if tables
    )
    return f"Tables not measured yet: {told}." if told else ""


def _measured_on(kept: Sequence[Kept]) -> str:
    pairs = sorted({(one.measured, one.machine) for one in kept})
    told = "; ".join(f"{day} with {machine}" for day, machine in pairs)
    return f"Measured on {told}." if told else ""


def _bars(kept: Mapping[str, Kept]) -> str:
    rows: list[Mapping[str, Cell]] = [
        {
            "figure": bar.says,
            "asked for": f"{bar.wanted} {bar.limit:g}",
            "measured": figure(bar, kept),
            "": said if (said := verdict(bar, kept)) == "reached" else f"**{said}**",
            "by": f"`{command(bar.table, kept)}`",
        }
        for bar in BARS
    ]
    return _table(rows)


def _section(name: str, kept: Mapping[str, Kept], has_picture: bool) -> list[str]:
    one = kept[name]
    rows = [{_plain(key): _shown(cell) for key, cell in row.items()} for row in one.rows]
    table = _table(rows)
    if len(rows) > _LONG:
        table = f"<details><summary>{len(rows)} rows</summary>\n\n{table}\n\n</details>"
    return [
        f"## {_plain(one.title)}",
        f"Table `{name}`, measured by `{command(name, kept)}` {one.commit}, {one.measured},"
        f" {one.machine}.",
        table,
        f"![{_plain(one.title)}]({PICTURES.name}/{name}.png)" if has_picture else "",
        "\n".join(f"- {_plain(note)}" for note in one.notes),
    ]


def _table(rows: Sequence[Mapping[str, Cell]]) -> str:
    if not rows:
        return "No rows."
    lines = [list(rows[0]), ["---"] * len(rows[0])]
    lines += [[_shown(cell, marked=True) for cell in row.values()] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(cell: Cell, *, marked: bool = False) -> str:
    """Return a cell as it is read: text that is `marked` is Markdown already."""
    if cell is None:
        return _NONE
    if isinstance(cell, str):
        return cell if marked else _plain(cell)
    if isinstance(cell, int):
        return f"{cell:,}"
    size = abs(cell)
    return f"{cell:,.3f}" if size < 10 else f"{cell:,.2f}" if size < 100 else f"{cell:,.1f}"


def _plain(text: str) -> str:
    """Return a text whose characters mean themselves in a Markdown table, but for `code`."""
    parts = text.replace("|", "\\|").split("`")
    if len(parts) % 2 == 0:  # a backtick that nothing closes
        return "\\`".join(map(_escaped, parts))
    return "`".join(part if i % 2 else _escaped(part) for i, part in enumerate(parts))


def _escaped(text: str) -> str:
    return re.sub(r"([*<\[]|__)", r"\\\1", text)
