"""`python -m safety`: list the notices that questions raise; check and sign their file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from core.clinic_settings import read_clinic
from core.command_line import content_option, run
from core.errors import UsageError
from core.files.question_list import read_questions
from core.files.regular_file import read_regular
from safety.notices.fallback import language_gap
from safety.notices.finder import NoticeFinder, notice_records
from safety.notices.last_resort import numbers_for
from safety.notices.red_flags_file import FILE_NAME, read_red_flags
from safety.notices.signatures import counted_states
from safety.notices.validation import Finding, findings

_PATH = click.Path(path_type=Path)
_content = content_option()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 for an error or a file with errors, 2 for a wrong option."""
    return run(cli, arguments, program="python -m safety")


@click.group()
def cli() -> None:
    """Check and sign the urgent-symptom notices."""


@cli.command()
@click.argument("question", required=False)
@click.option("--file", type=_PATH, help="A file with one question a line ('-': stdin).")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--with-model", is_flag=True, help="Compare with the examples too, as the page does.")
@_content
def check(
    question: str | None, file: Path | None, is_json: bool, with_model: bool, content: Path
) -> None:
    """List the notices that questions raise."""
    if (question is None) == (file is None):
        raise UsageError(
            "Give either a question or a file of questions (--file).",
            fix='python -m safety check "tight chest and pain down my arm"',
        )
    questions = read_questions(file) if file else [question or ""]
    flags = read_red_flags(content)
    finder, encode = NoticeFinder(flags), None
    if with_model:
        from core.encoders import load_encoder
        from safety.notices.example_classifier import ExampleClassifier

        encoder = load_encoder(read_clinic(content).model)
        encode, sha256 = encoder.encode, encoder.info.sha256
        examples = ExampleClassifier.fit(flags, encode, encoder_sha256=sha256)
        finder = finder.with_examples(examples)
    for asked in questions:
        notices = finder.find(asked, encode)
        if is_json:
            record = {"query": asked, "notices": notice_records(notices)}
            print(json.dumps(record, ensure_ascii=False), flush=True)
        else:
            raised = [
                f"{n.level} {n.group}{' (as one line that opens)' if n.is_information else ''}"
                for n in notices
            ]
            print(f"{asked}\n   {', '.join(raised) or 'no notice'}")


@cli.command()
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Check the file as of this day.",
)
@_content
def validate(today: datetime | None, content: Path) -> int:
    """List the errors and gaps in red_flags.toml by line."""
    path = content / FILE_NAME
    flags, clinic = read_red_flags(content), read_clinic(content)
    day = today.date() if today else date.today()
    found = findings(
        flags,
        read_regular(path).decode("utf-8-sig"),
        today=day,
        country=clinic.country,
    )
    if gap := language_gap(flags, clinic.language, content):
        found.insert(0, Finding(1, False, gap))
    for finding in found:
        kind = "error" if finding.is_error else "warning"
        print(f"{path}:{finding.line}: {kind}: {finding.text}")
    states = counted_states(flags, today=day).items()
    print(f"signatures: {', '.join(f'{n} {state}' for state, n in states)}")
    errors = sum(finding.is_error for finding in found)
    counts = {"notice": len(flags.groups), "error": errors, "warning": len(found) - errors}
    print(", ".join(f"{n} {name}{'' if n == 1 else 's'}" for name, n in counts.items()))
    return 1 if errors else 0


@cli.command()
@click.option("--notice", metavar="ID", help="Only this notice; nothing is asked.")
@click.option("--all-shown", is_flag=True, help="Show all that are not signed, and ask once.")
@click.option("--name", prompt="Your name", help="The clinician who signs.")
@click.option("--registration", prompt="Your registration number", help="For example GMC 1234567.")
@click.option("--refuse", metavar="REASON", help="Refuse the notice of --notice.")
@click.option("--checked", is_flag=True, help="You compared it with its source today.")
@_content
def sign(
    notice: str | None,
    all_shown: bool,
    name: str,
    registration: str,
    refuse: str | None,
    checked: bool,
    content: Path,
) -> None:
    """Sign notices: each is shown, then asked about (approve, refuse, skip, quit).

    Signed notices are not asked about again until they are overdue or somebody changes them.
    """
    from safety.signing.notice_edits import Signer
    from safety.signing.terminal import SigningDesk

    if (notice and all_shown) or (refuse is not None and not notice):
        raise UsageError(
            "Give --notice with or without --refuse, or --all-shown, or neither.",
            fix='python -m safety sign --notice ID --refuse "the number is wrong"',
        )
    flags = read_red_flags(content)
    numbers = numbers_for(read_clinic(content).country, flags)
    desk = SigningDesk(content, Signer(name, registration), numbers, date.today(), checked)
    if notice:
        desk.decide(notice, refused=refuse)
    elif not (waiting := desk.waiting()):
        print("Every notice is signed.")
    elif all_shown:
        desk.ask_once(waiting)
    else:
        desk.ask_each(waiting)


if __name__ == "__main__":
    raise SystemExit(main())
