"""`python -m benchmarks report`: docs/benchmarks.md from all that was measured and kept.

The page is written by this command only. What was not measured, and a bar that was not reached, is
said there as well.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks.result import PICTURES, RESULTS, Cell, Result
from index.errors import UsageError

if TYPE_CHECKING:
    from benchmarks.options import Options

PAGE = PICTURES.parent / "benchmarks.md"
# Who measures which tables, in the order of the page.
TABLES: Mapping[str, tuple[str, ...]] = {
    "search": ("search",),
    "ingest": ("ingest",),
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
# A table of more rows is folded away.
_LONG = 30
_NONE = "–"
_Wanted = Literal["at most", "less than", "at least"]


@dataclass(frozen=True, slots=True)
class Bar:
    """What issue 7 asks of one figure: the one in `column` of the row that has all of `row`."""

    says: str
    table: str
    row: Mapping[str, Cell]
    column: str
    wanted: _Wanted
    limit: float


@dataclass(frozen=True, slots=True)
class Kept:
    """A table as it lies in benchmarks/results/, with the day and the machine in words."""

    title: str
    measured: str
    machine: str
    rows: tuple[Mapping[str, Cell], ...]
    notes: tuple[str, ...]


_Row = Mapping[str, Cell]
_ANSWER: _Row = {"until": "python -m index search: first answer"}
_PAINTED: _Row = {"until": "the page: first results painted"}
_PAGE: _Row = {"process": "the page, after 20 searches"}
_RATIO: _Row = {"what": "ratio, pairwise"}
_BEIR: _Row = {"search": "txtai", "collection": "beir"}
_BANK: _Row = {"search": "txtai", "collection": "article"}
_CLOCK: _Row = {"what": "throughput ratio by the clock"}
_SHORT: _Row = {"way": "short forms first", "views": 1_000_000}
_WHOLE: _Row = {"views": 1_000_000}
_PACED: _Row = {"load": "each every 5 s", "visitors": 100, "search": "real"}
_BUSY: _Row = {"load": "again at once", "visitors": 100, "search": "real"}
_START, _TXTAI = "start of a process to ", "txtai's hybrid search to ours, time of a query, "
_MILLION, _CROWD = "a million views: ", "100 visitors every 5 s: "
BARS = (
    Bar(_START + "its first answer, s", "start", _ANSWER, "median s", "at most", 2.5),
    Bar(_START + "results in a browser, s", "start", _PAINTED, "median s", "at most", 2.5),
    Bar("resident memory of the page, MB", "memory", _PAGE, "RSS MB", "less than", 350),
    Bar("whole search to bare encoding, p50", "search", _RATIO, "p50", "at most", 1.5),
    Bar(_TXTAI + "labelled collection", "peers-speed", _BEIR, "query / ours", "at least", 2),
    Bar(_TXTAI + "the clinic's article", "peers-speed", _BANK, "query / ours", "at least", 2),
    Bar("ingest to bare encoding, texts/s", "ingest", _CLOCK, "figure", "at least", 0.95),
    Bar(_MILLION + "recall@10", "vectors", _SHORT, "recall@10", "at least", 0.99),
    Bar(_MILLION + "the nearest, p50 ms", "vectors", _SHORT, "search_p50_ms", "less than", 10),
    Bar(_MILLION + "without encoding, p50 ms", "scale", _WHOLE, "search_p50_ms", "less than", 10),
    Bar(_CROWD + "p50 ms", "visitors", _PACED, "p50 ms", "less than", 40),
    Bar(_CROWD + "p95 ms", "visitors", _PACED, "p95 ms", "less than", 150),
    Bar(_CROWD + "errors", "visitors", _PACED, "errors", "at most", 0),
    Bar("100 busy visitors: searches/s", "visitors", _BUSY, "searches/s", "at least", 80),
)


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


def read(folder: Path) -> dict[str, Kept]:
    """Read every table of a folder, by name; raise UsageError for one that cannot be read."""
    kept = {}
    for path in sorted(folder.glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            machine = told["machine"]
            kept[path.stem] = Kept(
                title=told["title"],
                measured=told["measured"],
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


def measurer(table: str) -> str:
    """Return the name of the benchmark that measures a table; `all` for one not known here."""
    return next((name for name, tables in TABLES.items() if table in tables), "all")


def figure(bar: Bar, kept: Mapping[str, Kept]) -> Cell:
    """Return the figure that a bar is about, None where it was not measured."""
    rows = kept[bar.table].rows if bar.table in kept else ()
    return next((r.get(bar.column) for r in rows if bar.row.items() <= r.items()), None)


def verdict(bar: Bar, kept: Mapping[str, Kept]) -> str:
    """Say whether a bar was reached, by the figure as it was measured, not as it is shown."""
    found = figure(bar, kept)
    if not isinstance(found, int | float):
        return "no such figure" if bar.table in kept else "not measured"
    return "reached" if _reached(bar, found) else "NOT reached"


def _reached(bar: Bar, found: float) -> bool:
    return {
        "at most": found <= bar.limit,
        "less than": found < bar.limit,
        "at least": found >= bar.limit,
    }[bar.wanted]


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
        _measured_on(list(kept.values())),
        "## What was asked for",
        _bars(kept),
    ]
    missing = [name for name, tables in TABLES.items() if not set(tables) & set(kept)]
    if missing:
        commands = ", ".join(f"`python -m benchmarks {name}`" for name in missing)
        parts.append(f"Not measured yet: {commands}.")
    for table in [*known, *others]:
        if table in kept:
            parts += _section(table, kept[table], table in drawn)
    return "\n\n".join(part for part in parts if part) + "\n"


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
            "by": f"`python -m benchmarks {measurer(bar.table)}`",
        }
        for bar in BARS
    ]
    return _table(rows)


def _section(name: str, one: Kept, has_picture: bool) -> list[str]:
    rows = [{_plain(key): _shown(cell) for key, cell in row.items()} for row in one.rows]
    table = _table(rows)
    if len(rows) > _LONG:
        table = f"<details><summary>{len(rows)} rows</summary>\n\n{table}\n\n</details>"
    return [
        f"## {_plain(one.title)}",
        f"`python -m benchmarks {measurer(name)}`, {one.measured}, {one.machine}.",
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
