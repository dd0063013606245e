"""`python -m index`: search, inspect and roll back the published index; reviews and coverage."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from core.command_line import content_option, run
from core.errors import UsageError
from core.files.question_list import read_questions
from core.files.spreadsheet import csv_bytes
from core.ids import article_of, present_id
from index.output import passage_text, response_record, response_text, table_text, write_file
from index.reviews import ReviewRow, due_within, review_rows
from index.search.pipeline import DEFAULT_K, search
from index.store.generations import (
    DEFAULT_BUILT,
    OpenIndex,
    open_index,
    read_current,
    read_pointers,
    roll_back,
    writing,
)
from safety.notices.fallback import notices_of
from safety.notices.finder import NoticeFinder, notice_records


def _path(name: str, text: str, default: Path | None = None) -> Callable[[Any], Any]:
    kind = click.Path(path_type=Path)
    return click.option(name, type=kind, default=default, show_default=True, help=text)


def _day(_context: click.Context, _option: click.Parameter, day: datetime | None) -> date:
    return day.date() if day else date.today()


_built = _path("--built", "Where the index is.", DEFAULT_BUILT)
_today = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    callback=_day,
    help="The report as it will be on this day.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 after an error, or 2 after a wrong option."""
    return run(cli, arguments, program="python -m index")


@click.group()
def cli() -> None:
    """Search, inspect and roll back the published index."""


@cli.command("search")
@click.argument("question", required=False)
@_path("--file", "A file with one question a line ('-': stdin).")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object a line.")
@click.option(
    "-k",
    type=click.IntRange(min=1),
    default=DEFAULT_K,
    show_default=True,
    help="How many passages.",
)
@content_option("The clinic's folder, for its notices.")
@_built
def search_command(
    question: str | None, file: Path | None, is_json: bool, k: int, content: Path, built: Path
) -> None:
    """Answer a question, or every line of a file."""
    if (question is None) == (file is None):
        raise UsageError(
            "Either a question or a file of questions is needed.",
            fix='python -m index search "my neck is stiff"',
        )
    # Checked before the model is loaded, which takes seconds.
    questions = read_questions(file) if file else [question or ""]
    index = open_index(built)
    finder = _finder(content, index)
    for asked in questions:
        response = search(index, asked, k=k)
        notices = notice_records(finder.find(asked, index.encoder.encode))
        if is_json:
            record = response_record(response, notices)
            print(json.dumps(record, ensure_ascii=False), flush=True)
        else:
            print(response_text(response, notices))


def _finder(content: Path, index: OpenIndex) -> NoticeFinder:
    """Return both detectors of urgent-symptom notices, as the page uses them."""
    flags = notices_of(content)
    return NoticeFinder(flags, index.notices.refit(flags, index.encoder))


@cli.command()
@_built
def status(built: Path) -> None:
    """Print what is published, from what, and whether its files are intact."""
    index = open_index(built)
    print(f"generation  {index.generation}, sound")
    now = read_pointers(built)
    if now.current == index.generation:
        print(f"previous    {now.previous or 'none'}")
    else:  # what follows is of the generation above
        print(f"published   {now.current} meanwhile; run the command again to look at that one")
    print(f"encoder     {index.manifest.encoder.name}, sha256 {index.manifest.encoder.sha256[:12]}")
    print(f"embedded    in {index.manifest.precision}")
    method = ", ".join(f"{name} {value}" for name, value in index.manifest.vectors.items())
    print(f"search      {method}")
    for name, count in index.manifest.counts.items():
        print(f"{name:<11} {count}")
    for article in index.manifest.kept:
        print(f"kept        {article}: its new file was skipped, the previous version stays online")
    for problem in index.manifest.problems:
        print(f"problem     {problem}")
    for warning in index.manifest.warnings:
        print(f"warning     {warning}")


@cli.command()
@click.argument("wanted", metavar="ID")
@_built
def show(wanted: str, built: Path) -> None:
    """Print a passage, a section or an article by its ID.

    For example: dry-needling-benefits#introduction
    """
    index = open_index(built)
    article = index.article(article_of(wanted))
    current_id = present_id(wanted, index.manifest.renamed_from)
    passages = [p for p in index.passages if current_id in (p.id, p.section_id, p.article_id)]
    if article is None or not passages:
        raise UsageError(
            "There is nothing with this id.",
            where=str(built),
            expected=_known_ids(index, wanted),
            found=wanted,
            fix="python -m index show ID",
        )
    for passage in passages:
        print(passage_text(passage, article))


def _known_ids(index: OpenIndex, wanted: str) -> str:
    article = index.articles.get(article_of(wanted))
    ids = [s.id for s in article.sections] if article else list(index.articles)
    return f"one of {', '.join(ids[:20])}{' ...' if len(ids) > 20 else ''}"


@cli.command()
@_path("--csv", "Write the table into this file as well.")
@_today
@click.option(
    "--due-within",
    "days",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Only what is overdue or due within so many days.",
)
@_built
def reviews(csv: Path | None, today: date, days: int | None, built: Path) -> None:
    """Print which articles are reviewed, worst first."""
    rows = review_rows(read_current(built).articles, today=today)
    if days is not None:
        rows = due_within(rows, days, today=today)
    columns = [column.name for column in fields(ReviewRow)]
    if csv:
        _write(csv, "--csv", csv_bytes(columns, map(astuple, rows)), "table")
    if rows:
        names = [name for name in columns if name != "title"]  # which makes a row too wide
        cells = [[getattr(row, name) for name in names] for row in rows]
        print(table_text([["-" if cell is None else cell for cell in row] for row in cells], names))
    else:
        print("No review is overdue, and none is due that soon.")


@cli.command()
@_path("--csv", "Write a table into this file as well.")
@_path("--html", "Write a page into this file as well.")
@click.option("--json", "is_json", is_flag=True, help="Print all of it as one JSON object.")
@_today
@_built
def coverage(csv: Path | None, html: Path | None, is_json: bool, today: date, built: Path) -> None:
    """Print what the articles cover, and what to do next, in order."""
    from index.coverage import report
    from index.coverage.measure import coverage_of
    from index.coverage.next_steps import next_steps
    from index.coverage.tables import CSV_COLUMNS, csv_rows
    from index.store.outlines import outlines

    generation = read_current(built)
    articles = outlines(generation.articles)
    found = coverage_of(
        generation,
        articles=articles,
        claims=generation.claims,
        reviews=review_rows(articles, today=today),
    )
    steps = next_steps(found)
    if csv:
        _write(csv, "--csv", csv_bytes(CSV_COLUMNS, csv_rows(found)))
    if html:
        _write(html, "--html", report.html(found, steps, today=today).encode())
    if is_json:
        record = report.record(found, steps, today=today)
        print(json.dumps(record, default=str, ensure_ascii=False))
    else:
        print(report.text(found, steps, today=today))


def _write(path: Path, option: str, content: bytes, what: str = "report") -> None:
    write_file(path, content, what, fix=f"name another file with {option}")


@cli.command()
@_built
def rollback(built: Path) -> None:
    """Serve the previous generation again."""
    with writing(built):
        generation = roll_back(built)
    print(
        f"Generation {generation} serves again. Correct the content folder before the next ingest,"
        " which builds from it again."
    )


if __name__ == "__main__":
    raise SystemExit(main())
