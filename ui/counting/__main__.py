"""`python -m ui.counting`: show what was counted, week by week."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence

import click

from core.command_line import run
from core.errors import UsageError
from ui.counting.counts import COLUMNS, FILE_NAME, read_counts, shown_counts
from ui.service import settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts; return 0, or 1 when they cannot be read."""
    return run(cli, arguments, program="python -m ui.counting")


@click.command()
def cli() -> None:
    """Show what was counted, week by week."""
    file = settings.from_environment().built / FILE_NAME
    try:
        rows = shown_counts(read_counts(file.parent))
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(
            "The counts cannot be read.",
            where=str(file),
            found=str(error),
            fix="correct the file, or remove it to begin counting again",
        ) from error
    for row in (COLUMNS, *rows):
        print(*row, sep=",")


if __name__ == "__main__":
    sys.exit(main())
