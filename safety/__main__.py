"""`python -m safety`: which notices questions raise, and whether the file of notices is sound."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from index.clinic import read_clinic
from index.errors import ClinicSearchError, UsageError
from index.questions_file import read_questions
from index.regular_file import read_regular
from safety.notices import Notice, NoticeFinder, notice_records
from safety.red_flags import FILE_NAME, read_red_flags
from safety.validation import findings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 when something has to be mended."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except ClinicSearchError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe had enough (| head)
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m safety", description="Look after the urgent-symptom notices."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="say which notices questions raise")
    check.add_argument("question", nargs="?", help="the question, in quotes")
    check.add_argument("--file", type=Path, help="a file with one question a line ('-': stdin)")
    check.add_argument("--json", action="store_true", help="one JSON object a line")
    check.add_argument(
        "--with-model", action="store_true", help="ask the nearest examples too, as the page does"
    )
    check.set_defaults(run=_check)
    validate = commands.add_parser("validate", help=f"check {FILE_NAME}, with line numbers")
    validate.add_argument(
        "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as it will be on this day"
    )
    validate.set_defaults(run=_validate)
    for command in (check, validate):
        command.add_argument(
            "--content",
            type=Path,
            default=Path("content"),
            help="the clinic's folder (%(default)s)",
        )
    return parser


def _check(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.file is None):
        raise UsageError(
            "Either a question or a file of questions is needed.",
            mend='python -m safety check "tight chest and pain down my arm"',
        )
    questions = [options.question] if options.file is None else read_questions(options.file)
    flags = read_red_flags(options.content)
    finder, encode = NoticeFinder(flags), None
    if options.with_model:
        from index.encoder import load_encoder
        from safety.nearest import learn

        encode = load_encoder(read_clinic(options.content).model).encode
        finder = NoticeFinder(flags, learn(flags, encode)[0])
    for question in questions:
        notices = finder.find(question, encode)
        if options.json:
            record = {"query": question, "notices": notice_records(notices)}
            print(json.dumps(record, ensure_ascii=False), flush=True)
        else:
            said = [f"{one.level} {one.group}{_kind(one)}" for one in notices]
            print(f"{question}\n   {', '.join(said) or 'no notice'}")
    return 0


def _kind(notice: Notice) -> str:
    return " (as one line that opens)" if notice.is_information else ""


def _validate(options: argparse.Namespace) -> int:
    path = options.content / FILE_NAME
    flags = read_red_flags(options.content)
    found = findings(
        flags,
        read_regular(path).decode("utf-8-sig"),
        today=options.today or date.today(),
        country=read_clinic(options.content).country,
    )
    for one in found:
        print(f"{path}:{one.line}: {'error' if one.is_error else 'warning'}: {one.text}")
    errors = sum(one.is_error for one in found)
    print(f"{len(flags.groups)} notices, {errors} errors, {len(found) - errors} warnings")
    return 1 if errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
