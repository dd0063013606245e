"""`python -m benchmarks NAME`: measure one thing, or `all`, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from benchmarks.harness.options import Options
from benchmarks.harness.report import report, save, source
from benchmarks.harness.result import Result
from core.errors import ClinicSearchError

MEASURES = (
    *("search", "ingest", "start", "memory", "page", "visitors"),
    *("abuse", "scale", "peers", "soak"),
)
"""Modules of this package; each has `measure(options: Options) -> Result`."""
ALL = "all"
_FOLDER = click.Path(path_type=Path)
_THERE = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command(help=__doc__)
@click.argument("what", type=click.Choice((*MEASURES, ALL)), default="search")
@click.option("--built", type=_FOLDER, default=Options().built, help="The index that is searched.")
@click.option("--content", type=_FOLDER, default=Options().content, help="What is ingested.")
@click.option("--articles", type=_THERE, help="A folder of further articles to ingest.")
@click.option("--beir", type=_THERE, help="A labelled collection in BEIR layout, for peers.")
@click.option("--quick", is_flag=True, help="Only show within seconds that it works.")
@click.option("--minutes", default=Options().minutes, show_default=True, help="Of the soak.")
@click.option("--save", "is_saved", is_flag=True, help="Write benchmarks/results/NAME.md.")
def main(what: str, is_saved: bool, **given: Any) -> None:
    """Measure, print, and save where that was asked for."""
    options = Options(**given)
    if is_saved and options.quick:
        raise click.UsageError("The figures of a quick run mean nothing: leave out --save.")
    arguments = sys.argv[1:]
    if what == ALL:
        others = [word for word in arguments if word != ALL]
        raise SystemExit(every(MEASURES, lambda name: _run_alone(name, others)))
    origin = source(arguments)
    try:
        result: Result = import_module(f"benchmarks.{what}").measure(options)
    except ClinicSearchError as error:
        raise click.ClickException(str(error)) from error
    text = report(what, result)
    click.echo(text)
    if options.quick:
        click.echo("\nA quick run: these figures mean nothing.")
    elif is_saved:
        click.echo(f"\nSaved: benchmarks/results/{save(what, text, result, origin).name}")


def every(names: Sequence[str], run: Callable[[str], int]) -> int:
    """Run each by name, also after a failure; return 1 when any has failed, else 0.

    `run` returns a process's exit code.
    """
    failed = []
    for name in names:
        click.echo(f"== {name} ==")
        if run(name):
            failed.append(name)
    if failed:
        click.echo(f"Not measured: {', '.join(failed)}.", err=True)
    return 1 if failed else 0


def _run_alone(name: str, arguments: Sequence[str]) -> int:
    """Measure in a new process: nothing that another measure loaded or warmed is there."""
    command = [sys.executable, "-m", "benchmarks", name, *arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603  this very interpreter


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
