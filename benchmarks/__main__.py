"""`python -m benchmarks NAME`: measure one thing, or `all`, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from benchmarks.harness.options import Options
from benchmarks.harness.report import report, save, source
from benchmarks.harness.result import Result
from core.errors import ClinicSearchError

MEASURES = (
    *("search", "ingest", "edit", "start", "memory", "page", "first_visit", "visitors"),
    *("abuse", "scale", "articles", "peers", "soak"),
)
"""Modules of this package; each has `measure(options: Options) -> Result`."""
ALL = "all"
_PATH = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command(help=__doc__)
@click.argument("what", type=click.Choice((*MEASURES, ALL)), default="search")
@click.option("--built", type=_PATH, default=Options().built, help="The index to search.")
@click.option("--content", type=_PATH, default=Options().content, help="What to ingest.")
@click.option("--articles", type=_FOLDER, help="A folder of further articles to ingest.")
@click.option("--beir", type=_FOLDER, help="A labelled collection in BEIR layout, for peers.")
@click.option("--quick", is_flag=True, help="Only show within seconds that it works.")
@click.option("--minutes", default=Options().minutes, show_default=True, help="Of the soak.")
@click.option("--save", "is_saved", is_flag=True, help="Write benchmarks/results/NAME.md.")
def main(what: str, is_saved: bool, **settings: Any) -> None:
    """Measure, print, and save with --save."""
    options = Options(**settings)
    if is_saved and options.quick:
        raise click.UsageError("The figures of a quick run mean nothing: leave out --save.")
    arguments = sys.argv[1:]
    if what == ALL:
        raise SystemExit(measure_all([word for word in arguments if word != ALL]))
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


def measure_all(arguments: Sequence[str]) -> int:
    """Run every measure in a new process, also after a failure; return 1 if any failed, else 0."""
    failed = []
    for name in MEASURES:
        click.echo(f"== {name} ==")
        command = [sys.executable, "-m", "benchmarks", name, *arguments]
        if subprocess.run(command, check=False).returncode:  # noqa: S603  this very interpreter
            failed.append(name)
    if failed:
        click.echo(f"Not measured: {', '.join(failed)}.", err=True)
    return 1 if failed else 0


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
