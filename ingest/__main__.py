"""`python -m ingest`: bring the index up to date with the content folder, or look it over."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from core.encoders.reference import encoder_sha256, load_encoder
from core.errors import ClinicSearchError
from core.types import Encoder
from index.bank.question_bank import FILE_NAME as BANK
from index.preview.types import to_json
from index.reviews import reminders
from index.store.generations import DEFAULT_BUILT
from ingest.build.articles import read_articles
from ingest.build.pipeline import build
from ingest.build.report import BuildReport
from ingest.build.settings import clinic_of
from ingest.claims import report as claim_report
from ingest.claims.decisions import read_claim_decisions
from ingest.claims.review import once_each, review_claims
from ingest.fetch.command import add_command as add_fetch
from ingest.overlaps.report import add_command as add_overlaps
from ingest.preview.report import as_text
from ingest.preview.review import preview_candidate, publish_candidate, write_preview
from ingest.readers.read import ARTICLES_FOLDER

_REMIND_DAYS = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0 only when no article and no label was skipped."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except ClinicSearchError as error:
        print(f"{options.failed}\n{error}".lstrip(), file=sys.stderr)
        return 1


def _ingest(options: argparse.Namespace) -> int:
    if options.publish:
        return _publish(options)
    if options.watch:
        from ingest.watch import watch_and_ingest

        watch_and_ingest(options.content, options.built, lambda: _once(options))
        return 0
    return _once(options)


def _once(options: argparse.Namespace) -> int:
    clinic = clinic_of(options.content, options.built)
    report = build(
        options.content,
        options.built,
        encoder_sha256=encoder_sha256(clinic.model),
        load_encoder=lambda: _load_encoder(clinic.model),
        progress=_progress,
        review=options.preview or (clinic.review and not options.force),
        force=options.force,
        take_out=options.take_out,
        vector_store=clinic.vector_store,
    )
    print(_table(report))
    # The clock is read here and not inside, where the same content must give the same generation.
    due = reminders(report.served, today=date.today(), days=_REMIND_DAYS)
    for warning in (*clinic.warnings, *report.warnings, *due):
        print(f"warning: {warning}", file=sys.stderr)
    for source in report.withdrawn:
        print(f"{source} is gone from the folder.")
    code = 0
    if report.proposed:
        code = _preview(options)
    elif report.published:
        print(f"Published generation {report.generation} to {options.built}.")
    else:
        print(f"Nothing has changed: generation {report.generation} stays online.")
    return max(code, _problems(report))


def _preview(options: argparse.Namespace) -> int:
    preview = preview_candidate(options.content, options.built, _progress)
    files = write_preview(preview, options.built)
    print(to_json(preview) if options.json else as_text(preview))
    print("The same as a page and as JSON: " + ", ".join(map(str, files)), file=sys.stderr)
    return int(bool(preview.failed))


def _publish(options: argparse.Namespace) -> int:
    generation = publish_candidate(options.content, options.built, force=options.force)
    print(f"Published generation {generation} to {options.built}, as it was previewed.")
    return 0


def _problems(report: BuildReport) -> int:
    """Print what was skipped, last of all, so that nobody overlooks it; return the exit code."""
    for problem in report.problems:
        print(problem, file=sys.stderr)
    if report.problems:
        print(_skipped(report), file=sys.stderr)
    return int(bool(report.problems))


def _skipped(report: BuildReport) -> str:
    """Return one line about how much was skipped and what is online instead."""
    labels = sum(problem.source == BANK for problem in report.problems)
    files = len(report.problems) - labels
    kept = sum(row.state == "kept" for row in report.articles)
    parts = []
    if files:
        parts.append(f"{_count(files, 'file was', 'files were')} skipped (see above).")
    if kept:
        parts.append(f"For {kept} of them the previous version stays online.")
    if labels:
        parts.append(
            f"{_count(labels, 'label was', 'labels were')} left out of {BANK} (see above)."
        )
    return " ".join(parts)


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}"


def _claims(options: argparse.Namespace) -> None:
    read = read_articles(options.content / ARTICLES_FOLDER, _progress)
    articles = [article.article for article in read.articles]
    review = review_claims(articles, read_claim_decisions(options.content))
    claims = claim_report.sorted_for_editor(once_each(review.claims))
    if options.open:
        claims = [claim for claim in claims if claim.is_open]
    if options.csv:
        claim_report.write_csv(claims, options.csv, content=options.content)
        print(f"Wrote {len(claims)} claims to {options.csv}.")
    else:
        print(claim_report.readable(claims, options.content))
    for warning in review.unmatched:
        print(f"warning: {warning}", file=sys.stderr)


def _load_encoder(model: str) -> Encoder:
    # Said aloud, because it takes a few seconds without any other sign.
    print("Loading the model ...", file=sys.stderr, flush=True)
    return load_encoder(model)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Split the articles into passages, embed them and publish the index.",
    )
    parser.add_argument(
        "--content", type=Path, default=Path("content"), help="the content folder (%(default)s)"
    )
    parser.add_argument(
        "--built", type=Path, default=DEFAULT_BUILT, help="where the index goes (%(default)s)"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--preview", action="store_true", help="publish nothing, show what would change"
    )
    how.add_argument("--publish", action="store_true", help="publish what was previewed")
    how.add_argument("--watch", action="store_true", help="go on, and ingest after every change")
    parser.add_argument(
        "--force", action="store_true", help="publish whatever the invariants or clinic.toml say"
    )
    parser.add_argument(
        "--take-out",
        action="store_true",
        help="allow fewer notices or telephone numbers than patients have now",
    )
    parser.add_argument("--json", action="store_true", help="print the preview as JSON")
    parser.set_defaults(run=_ingest, failed="Nothing was published.")
    commands = parser.add_subparsers(metavar="[COMMAND]", title="instead of ingesting")

    claims = commands.add_parser("claims", help="list the health claims in the articles")
    claims.add_argument(
        "--content",
        type=Path,
        default=argparse.SUPPRESS,  # or it would undo a --content before the command
        help="the content folder (content)",
    )
    claims.add_argument("--open", action="store_true", help="only those that nobody has settled")
    claims.add_argument("--csv", type=Path, metavar="FILE", help="a spreadsheet to fill in instead")
    claims.set_defaults(run=_claims, failed="")
    add_overlaps(commands)
    add_fetch(commands, _progress)
    return parser


def _progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    from tqdm import tqdm

    # Silent for what is over at once, and where nobody watches.
    yield from tqdm(items, total=total, desc=what, delay=0.5, leave=False, disable=None)


def _table(report: BuildReport) -> str:
    import pandas as pd

    table = pd.DataFrame(report.articles)
    sums = table.drop(columns=["article", "state"]).sum()
    total = {"article": f"{len(table)} in all", "state": "", **sums}
    return str(pd.concat([table, pd.DataFrame([total])]).to_string(index=False))


if __name__ == "__main__":
    raise SystemExit(main())
