"""Record what the product puts out, and compare it later: the golden outputs.

    python -m tests.support.golden record FOLDER [--articles FOLDER] [--only NAME ...]
    python -m tests.support.golden compare FOLDER [--articles FOLDER] [--only NAME ...]
    python -m tests.support.golden save [FOLDER] [--built BUILT] [--only NAME ...]

`record` writes one file for each output, `compare` records again into a temporary folder, prints
how each file differs and exits with 1 where any does; both take a few minutes. `save` writes the
short record that tests/project/test_golden.py reads.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.support.golden.process import fixed_day, import_ahead, run_module
from tests.support.golden.record import PARTS, SLOW, record
from tests.support.golden.short import FOLDER, SHORT, write_short
from tests.support.golden.text import differences


def save(folder: Path, built: Path | None, only: Sequence[str]) -> None:
    """Write the short record; without an index, of one that is built for it."""
    import_ahead()
    with tempfile.TemporaryDirectory(prefix="golden-") as temporary, fixed_day():
        work = Path(temporary).resolve()
        if built is None:
            built = work / "built"
            run_module("ingest", "--content", "content", "--built", str(built))
        write_short(folder.resolve(), work, built.resolve(), only)


def compare(folder: Path, *, articles: Path | None, only: Sequence[str]) -> int:
    """Record again, print what differs from a record, and return how many files do."""
    with tempfile.TemporaryDirectory() as temporary:
        now = Path(temporary) / "now"
        record(now, articles=articles, only=only)
        parts = [name for name in only or PARTS if articles or name != "articles"]
        found = [one for name in parts for one in differences(folder, now, name)]
    for difference in found:
        print(difference)
    print(f"{len(found)} files differ." if found else "Nothing differs.")
    return len(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, compare or save; return 1 where something differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.golden", description=__doc__)
    parser.add_argument("command", choices=["record", "compare", "save"])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--articles", type=Path, help="more articles, such as ../shared/field")
    parser.add_argument("--only", nargs="+", choices={*PARTS, *SLOW, *SHORT}, default=[])
    parser.add_argument("--built", type=Path, help="an index of content/, for `save`")
    chosen = parser.parse_args(arguments)
    if chosen.command == "save":
        save(chosen.folder or FOLDER, chosen.built, chosen.only)
        return 0
    if chosen.folder is None:
        parser.error("record and compare need a folder")
    if chosen.command == "record":
        record(chosen.folder, articles=chosen.articles, only=chosen.only)
        return 0
    return 1 if compare(chosen.folder, articles=chosen.articles, only=chosen.only) else 0


if __name__ == "__main__":
    sys.exit(main())
