"""`python -m index coverage`: reads the published generation and writes the coverage report."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from index.output import write_file

if TYPE_CHECKING:
    from index.coverage.types import Review
    from index.store.record import Generation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table there as well")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page there as well")
    parser.add_argument("--json", action="store_true", help="print all of it as one JSON object")
    parser.add_argument(
        "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as it will be on this day"
    )


def report(
    stored: Generation, reviews: Iterable[Review], options: argparse.Namespace, *, today: date
) -> None:
    """Print the report, and write it into the files that were asked for."""
    from core.files.spreadsheet import csv_bytes
    from index.coverage import report as coverage_report
    from index.coverage.measure import coverage_of
    from index.coverage.next_steps import next_steps
    from index.coverage.tables import CSV_COLUMNS, csv_rows

    coverage = coverage_of(stored, articles=stored.articles, claims=stored.claims, reviews=reviews)
    steps = next_steps(coverage)
    if options.csv:
        _write(options.csv, "--csv", csv_bytes(CSV_COLUMNS, csv_rows(coverage)))
    if options.html:
        page = coverage_report.html(coverage, steps, today=today)
        _write(options.html, "--html", page.encode())
    if options.json:
        record = coverage_report.record(coverage, steps, today=today)
        print(json.dumps(record, default=str, ensure_ascii=False))
    else:
        print(coverage_report.text(coverage, steps, today=today))


def _write(path: Path, option: str, content: bytes) -> None:
    write_file(path, content, "report", fix=f"name another file with {option}")
