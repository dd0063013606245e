"""`python -m index`: search, look at and roll back the published index; reviews and coverage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import date
from pathlib import Path

from core.errors import ClinicSearchError, UsageError
from core.files.question_list import read_questions
from core.files.spreadsheet import csv_bytes
from core.ids import article_of, present_id
from index.coverage import command as coverage_command
from index.output import passage_lines, readable, response_record, table_text, write_file
from index.reviews import ReviewRow, due_within, review_rows
from index.search.pipeline import DEFAULT_K, search
from index.store.generations import (
    DEFAULT_BUILT,
    OpenIndex,
    named,
    open_index,
    read_current,
    roll_back,
    writing,
)
from safety.notices.fallback import notices_of
from safety.notices.finder import NoticeFinder, notice_records


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 with a message on stderr."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ClinicSearchError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe had enough (| head)
        sys.stderr.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m index", description="Search and look after the published index."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    finder = commands.add_parser("search", help="answer a question, or every line of a file")
    finder.add_argument("question", nargs="?", help="the question, in quotes")
    finder.add_argument("--file", type=Path, help="a file with one question a line ('-': stdin)")
    finder.add_argument("--json", action="store_true", help="one JSON object a line")
    finder.add_argument(
        "-k", type=_positive, default=DEFAULT_K, help="how many passages (%(default)s)"
    )
    finder.add_argument(
        "--content", type=Path, default=Path("content"), help="whose notices (%(default)s)"
    )
    finder.set_defaults(run=_search)

    status = commands.add_parser(
        "status", help="what is published, from what, and whether it is sound"
    )
    status.set_defaults(run=_status)

    show = commands.add_parser("show", help="print a passage, a section or an article by its id")
    show.add_argument("id", help="for example dry-needling-benefits#introduction")
    show.set_defaults(run=_show)

    reviews = commands.add_parser("reviews", help="which articles are reviewed, worst first")
    reviews.add_argument("--csv", type=Path, metavar="FILE", help="write the table there as well")
    reviews.add_argument(
        "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as it will be on this day"
    )
    reviews.add_argument(
        "--due-within", type=_days, metavar="DAYS", help="only what is overdue or due so soon"
    )
    reviews.set_defaults(run=_reviews)

    coverage = commands.add_parser(
        "coverage", help="what the articles cover, and what to do next, in order"
    )
    coverage_command.add_arguments(coverage)
    coverage.set_defaults(run=_coverage)

    back = commands.add_parser("rollback", help="serve the previous generation again")
    back.set_defaults(run=_roll_back)

    for command in (finder, status, show, reviews, coverage, back):
        command.add_argument(
            "--built", type=Path, default=DEFAULT_BUILT, help="where the index is (%(default)s)"
        )
    return parser


def _search(options: argparse.Namespace) -> None:
    if (options.question is None) == (options.file is None):
        raise UsageError(
            "Either a question or a file of questions is needed.",
            fix='python -m index search "my neck is stiff"',
        )
    # Checked before the model is loaded, which takes seconds.
    questions = [options.question] if options.file is None else read_questions(options.file)
    index = open_index(options.built)
    finder = _finder(options.content, index)
    for question in questions:
        response = search(index, question, k=options.k)
        notices = notice_records(finder.find(question, index.encoder.encode))
        if options.json:
            record = response_record(response, notices)
            print(json.dumps(record, ensure_ascii=False), flush=True)
        else:
            print(readable(response, notices))


def _finder(content: Path, index: OpenIndex) -> NoticeFinder:
    """Return both detectors of urgent-symptom notices, as the page uses them."""
    flags = notices_of(content)
    return NoticeFinder(flags, index.notices.refit(flags, index.encoder))


def _status(options: argparse.Namespace) -> None:
    index = open_index(options.built)
    print(f"generation  {index.generation}, sound")
    now = named(options.built)
    if now.current == index.generation:
        print(f"previous    {now.previous or 'none'}")
    else:  # what follows is of the generation above
        print(f"published   {now.current} meanwhile; run the command again to look at that one")
    print(f"encoder     {index.manifest.encoder.name}, sha256 {index.manifest.encoder.sha256[:12]}")
    print(f"embedded    in {index.manifest.precision}")
    told = ", ".join(f"{name} {value}" for name, value in index.manifest.vectors.items())
    print(f"search      {told}")
    for name, count in index.manifest.counts.items():
        print(f"{name:<11} {count}")
    for article in index.manifest.kept:
        print(f"kept        {article}: its new file was skipped, the previous version stays online")
    for problem in index.manifest.problems:
        print(f"problem     {problem}")
    for warning in index.manifest.warnings:
        print(f"warning     {warning}")


def _show(options: argparse.Namespace) -> None:
    index = open_index(options.built)
    article = index.article(article_of(options.id))
    shown = present_id(options.id, index.manifest.renamed_from)
    wanted = [p for p in index.passages if shown in (p.id, p.section_id, p.article_id)]
    if article is None or not wanted:
        raise UsageError(
            "There is nothing with this id.",
            where=str(options.built),
            expected=_known_ids(index, options.id),
            found=options.id,
            fix="python -m index show ID",
        )
    for passage in wanted:
        print(passage_lines(passage, article))


def _known_ids(index: OpenIndex, wanted: str) -> str:
    article = index.articles.get(article_of(wanted))
    ids = [s.id for s in article.sections] if article else list(index.articles)
    return f"one of {', '.join(ids[:20])}{' ...' if len(ids) > 20 else ''}"


def _reviews(options: argparse.Namespace) -> None:
    today = options.today or date.today()
    rows = review_rows(open_index(options.built).articles.values(), today=today)
    if options.due_within is not None:
        rows = due_within(rows, options.due_within, today=today)
    columns = [column.name for column in fields(ReviewRow)]
    cells = [astuple(row) for row in rows]
    if options.csv:
        raw = csv_bytes(columns, cells)
        write_file(options.csv, raw, "table", fix="name another file with --csv")
    if rows:
        names = [name for name in columns if name != "title"]  # which makes a row too wide
        found = [[getattr(row, name) for name in names] for row in rows]
        print(table_text([["-" if cell is None else cell for cell in row] for row in found], names))
    else:
        print("No review is overdue, and none is due that soon.")


def _coverage(options: argparse.Namespace) -> None:
    stored = read_current(options.built)
    today = options.today or date.today()
    reviews = review_rows(stored.articles, today=today)
    coverage_command.report(stored, reviews, options, today=today)


def _roll_back(options: argparse.Namespace) -> None:
    with writing(options.built):
        generation = roll_back(options.built)
    print(
        f"Generation {generation} serves again. Correct the content folder before the next ingest,"
        " which builds from it again."
    )


def _days(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return value


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


if __name__ == "__main__":
    raise SystemExit(main())
