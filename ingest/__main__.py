"""`python -m ingest`: bring the index up to date with the content folder, or look it over."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from index.clinic import read_clinic
from index.encoder import encoder_sha256, load_encoder
from index.errors import ClinicSearchError
from index.store import DEFAULT_BUILT
from index.types import Encoder
from ingest import claim_report
from ingest.build import BuildReport, build
from ingest.claim_decisions import read_claim_decisions
from ingest.claim_review import once_each, review_claims
from ingest.prepare import read_articles
from safety.provenance import reminders

_REMIND_DAYS = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0 only when every article was taken."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ClinicSearchError as error:
        print(f"{options.failed}\n{error}".lstrip(), file=sys.stderr)
        return 1
    return 0


def _ingest(options: argparse.Namespace) -> None:
    clinic = read_clinic(options.content)
    report = build(
        options.content,
        options.built,
        encoder_sha256=encoder_sha256(clinic.model),
        load_encoder=lambda: _load_encoder(clinic.model),
        progress=_progress,
    )
    print(_table(report))
    # The clock is read here and not inside, where the same content must give the same generation.
    due = reminders(report.served, today=date.today(), days=_REMIND_DAYS)
    for warning in (*report.warnings, *due):
        print(f"warning: {warning}", file=sys.stderr)
    if report.published:
        print(f"Published generation {report.generation} to {options.built}.")
    else:
        print(f"Nothing has changed: generation {report.generation} goes on serving.")


def _claims(options: argparse.Namespace) -> None:
    articles = [read.article for read in read_articles(options.content, _progress)]
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
    return parser


def _progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    from tqdm import tqdm

    # Silent for what is over at once, and where nobody watches.
    yield from tqdm(items, total=total, desc=what, delay=0.5, leave=False, disable=None)


def _table(report: BuildReport) -> str:
    import pandas as pd

    table = pd.DataFrame(report.articles)
    total = {"article": f"{len(table)} in all", **table.drop(columns="article").sum()}
    return str(pd.concat([table, pd.DataFrame([total])]).to_string(index=False))


if __name__ == "__main__":
    raise SystemExit(main())
