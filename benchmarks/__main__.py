"""`python -m benchmarks NAME`: measure one thing, or `all` of them, each in its own process.

The tables are printed; as JSON they are kept in benchmarks/results/, as pictures in
docs/benchmarks/. `--quick` shows within seconds that a benchmark works, and keeps nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.options import (
    DEFAULT_ARTICLES,
    DEFAULT_BEIR,
    DEFAULT_CONTENT,
    DEFAULT_MINUTES,
    Options,
)
from benchmarks.provenance import Provenance, provenance, told
from benchmarks.result import PICTURES, RESULTS, Result, readable, write
from index.errors import ClinicSearchError, UsageError
from index.store import DEFAULT_BUILT

MODULES: Mapping[str, str] = {
    "search": "benchmarks.search",
    "ingest": "benchmarks.ingest",
    "precision": "benchmarks.precision",
    "start": "benchmarks.start",
    "memory": "benchmarks.memory",
    "page": "benchmarks.page",
    "visitors": "benchmarks.visitors",
    "light": "benchmarks.light",
    "vectors": "benchmarks.vectors",
    "scale": "benchmarks.scale",
    "peers": "benchmarks.peers",
    "soak": "benchmarks.soak",
    "report": "benchmarks.report",
}
"""Each has `measure(options: Options)`, which returns a Result or a list of them."""
ALL = "all"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; return 0, or 1 when something could not be measured."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.what == ALL:
        passed_on = [one for one in arguments if one != ALL]
        return every(MODULES, lambda name: _apart(name, passed_on))
    options = Options(
        built=chosen.built,
        content=chosen.content,
        beir=chosen.beir,
        articles=chosen.articles,
        quick=chosen.quick,
        minutes=chosen.minutes,
    )
    source = provenance(chosen.what, options)
    try:
        found = measured(MODULES[chosen.what], options)
    except ClinicSearchError as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.quick:
        # Written all the same, so that a quick run shows that this works too.
        with tempfile.TemporaryDirectory() as folder:
            show(found, source, results=Path(folder), pictures=Path(folder))
        print("A quick run: these figures mean nothing, and nothing was kept.")
    else:
        show(found, source)
    return 0


def measured(module: str, options: Options) -> list[Result]:
    """Import a benchmark and run it; raises UsageError when it is not part of this copy."""
    try:
        benchmark = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise  # it is there, and what it needs is not
        raise UsageError(
            "This benchmark is not part of this copy of the project.",
            expected=module,
            mend=f"choose another one: {', '.join(MODULES)}",
        ) from error
    found = benchmark.measure(options)
    return [found] if isinstance(found, Result) else list(found)


def show(
    found: Sequence[Result],
    source: Provenance,
    *,
    results: Path = RESULTS,
    pictures: Path = PICTURES,
) -> None:
    """Print what was found, and write it into these folders with where it comes from."""
    for result in found:
        print(readable(result), flush=True)
        write(result, source, results=results, pictures=pictures)


def every(names: Sequence[str] | Mapping[str, str], run: Callable[[str], int]) -> int:
    """Run each by name; one that fails stops no other. Return 1 when any has failed, else 0.

    `run` returns a process's exit code.
    """
    failed = []
    for name in names:
        print(f"== {name} ==", flush=True)
        if run(name):
            failed.append(name)
            print(f"{name} failed (above); the others go on.\n", flush=True)
    if failed:
        print(f"Not measured: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _apart(name: str, passed_on: Sequence[str]) -> int:
    """Run one in a process of its own: nothing that another loaded or warmed is there."""
    command = [sys.executable, "-m", "benchmarks", name, *passed_on]
    done = subprocess.run(command, check=False)  # noqa: S603  this very interpreter
    return done.returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=(*MODULES, ALL), default="search", help="(default: %(default)s)"
    )
    parser.add_argument("--built", type=Path, default=DEFAULT_BUILT, help="what is searched")
    parser.add_argument("--content", type=Path, default=DEFAULT_CONTENT, help="what is ingested")
    parser.add_argument(
        "--beir",
        metavar="DIR",
        type=Path,
        default=DEFAULT_BEIR,
        help="a labelled collection as BEIR lays it out (corpus.jsonl, queries.jsonl,"
        " qrels/test.tsv), for vectors, light and peers; where the default is not there"
        f" ({told(DEFAULT_BEIR)}), they say what they leave out",
    )
    parser.add_argument(
        "--articles",
        metavar="DIR",
        type=Path,
        default=DEFAULT_ARTICLES,
        help="more articles than the clinic's, for ingest and precision; where the default is not"
        f" there ({told(DEFAULT_ARTICLES)}), they do without",
    )
    parser.add_argument("--quick", action="store_true", help="only show that it works")
    parser.add_argument(
        "--minutes", type=float, default=DEFAULT_MINUTES, help="of the soak (%(default)s)"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
