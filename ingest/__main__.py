"""`python -m ingest`: bring the index up to date with the content folder, or inspect it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.command_line import check_installed, content_option, run, show_progress
from core.encoders.reference import encoder_sha256, load_encoder
from core.errors import ClinicSearchError
from core.places import ROOT, as_typed
from core.process import arrow_without_pandas
from ingest.new.command import new
from ingest.new.contacts import contacts

if TYPE_CHECKING:
    from core.types import Encoder
    from ingest.build.report import BuildReport

_REMIND_DAYS = 30
_WITHOUT_LIBRARIES = {"new", "contacts"}
_PATH = click.Path(path_type=Path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 1 after an error or when a file or a label was skipped, else 0."""
    return run(cli, arguments, program="python -m ingest")


def _inherited(name: str, text: str) -> Callable[[Any], Any]:
    """Return an option that may be written before the command as well as after it."""

    def before_the_command() -> object:
        return click.get_current_context().find_root().params[name]

    return click.option(f"--{name}", type=_PATH, default=before_the_command, help=text)


@click.group(invoke_without_command=True)
@content_option("The content folder.")
@click.option(
    "--built",
    type=_PATH,
    default=Path("index/built"),
    show_default=True,
    help="Where the index goes.",
)
@click.option("--preview", is_flag=True, help="Publish nothing, show what would change.")
@click.option("--publish", is_flag=True, help="Publish what was previewed.")
@click.option("--watch", is_flag=True, help="Keep running, and ingest after every change.")
@click.option("--force", is_flag=True, help="Publish whatever the invariants or clinic.toml say.")
@click.option(
    "--take-out",
    is_flag=True,
    help="Allow fewer notices or telephone numbers than patients have now.",
)
@click.option("--json", "is_json", is_flag=True, help="Print the preview as JSON.")
@click.option("--explain", type=_PATH, metavar="FILE", help="Show how one article was read.")
@click.option("--html", type=_PATH, metavar="FILE", help="With --explain: as a page, beside it.")
@click.pass_context
def cli(
    context: click.Context,
    /,
    *,
    preview: bool,
    publish: bool,
    watch: bool,
    explain: Path | None,
    html: Path | None,
    **options: Any,
) -> int | None:
    """Split the articles into passages, embed them and publish the index."""
    if context.invoked_subcommand not in _WITHOUT_LIBRARIES:
        check_installed()
    if context.invoked_subcommand:
        return None
    if preview + publish + watch + bool(explain) > 1:
        raise click.UsageError("Use only one of --preview, --publish, --watch and --explain.")
    if html and not explain:
        raise click.UsageError("--html needs --explain FILE.")
    if explain:
        from ingest.explain.report import explain_file

        print(explain_file(explain, content=options["content"], html=html))
        return None
    try:
        if publish:
            return _publish(**options)
        if watch:
            from ingest.watch import watch_and_ingest

            watch_and_ingest(
                options["content"], options["built"], lambda: _ingest(preview=preview, **options)
            )
            return None
        return _ingest(preview=preview, **options)
    except ClinicSearchError:
        print("Nothing was published.", file=sys.stderr)
        raise


def _publish(*, content: Path, built: Path, force: bool, **_: Any) -> int:
    from ingest.preview.review import publish_candidate

    generation = publish_candidate(content, built, force=force)
    print(f"Published generation {generation} to {built}, as it was previewed.")
    return 0


def _ingest(
    *, content: Path, built: Path, preview: bool, force: bool, take_out: bool, is_json: bool
) -> int:
    from index.reviews import reminders
    from index.store.outlines import outlines
    from ingest.build import build
    from ingest.build.report import table_of
    from ingest.build.settings import clinic_of

    clinic = clinic_of(content, built)
    report = build(
        content,
        built,
        encoder_sha256=encoder_sha256(clinic.model),
        load_encoder=lambda: _load_encoder(clinic.model),
        progress=show_progress,
        review=preview or (clinic.review and not force),
        force=force,
        take_out=take_out,
        vector_store=clinic.vector_store,
    )
    print(table_of(report))
    # The clock is read here and not in the build: the same content must give the same generation.
    due = reminders(outlines(report.served), today=date.today(), days=_REMIND_DAYS)
    for warning in (*clinic.warnings, *report.warnings, *due):
        print(as_typed(f"warning: {warning}"), file=sys.stderr)
    for source in report.withdrawn:
        print(f"{source} is gone from the folder.")
    if report.aside:
        files = ", ".join(f"{number} {name}" for name, number in report.aside.items())
        print(f"Files beside articles that need no reading: {files}.")
    code = 0
    if report.proposed:
        code = _preview(content, built, is_json=is_json)
    elif report.published:
        print(f"Published generation {report.generation} to {built}.")
    else:
        print(f"Nothing has changed: generation {report.generation} stays online.")
    return max(code, _print_problems(report))


def _preview(content: Path, built: Path, *, is_json: bool) -> int:
    from index.preview.types import to_json
    from ingest.preview.report import as_text
    from ingest.preview.review import preview_candidate, write_preview

    preview = preview_candidate(content, built, show_progress)
    files = write_preview(preview, built)
    print(to_json(preview) if is_json else as_text(preview))
    print("The same as a page and as JSON: " + ", ".join(map(str, files)), file=sys.stderr)
    return int(bool(preview.failed))


def _print_problems(report: BuildReport) -> int:
    """Print what was skipped, last of all, so that nobody overlooks it; return the exit code."""
    from ingest.build.report import skipped_text

    for problem in report.problems:
        print(problem, file=sys.stderr)
    if report.problems:
        print(skipped_text(report), file=sys.stderr)
    return int(bool(report.problems))


@cli.command()
@_inherited("content", "The content folder.")
@click.option("--open", "is_open", is_flag=True, help="Only claims that nobody has settled.")
@click.option("--csv", type=_PATH, metavar="FILE", help="Write a spreadsheet to fill in instead.")
def claims(*, content: Path, is_open: bool, csv: Path | None) -> None:
    """List the health claims in the articles."""
    from ingest.build.articles import read_articles
    from ingest.build.content import ocr_for
    from ingest.claims import report
    from ingest.claims.review import once_each, review_claims
    from ingest.readers.read import ARTICLES_FOLDER
    from safety.claims.decisions import read_claim_decisions

    articles = content / ARTICLES_FOLDER
    read = read_articles(articles, show_progress, ocr=ocr_for(content, {}))
    review = review_claims([r.article for r in read.articles], read_claim_decisions(content))
    found = report.sorted_for_editor(once_each(review.claims))
    if is_open:
        found = [claim for claim in found if claim.is_open]
    if csv:
        report.write_csv(found, csv, content=content)
        print(f"Wrote {len(found)} claims to {csv}.")
    else:
        print(report.readable(found, content))
    for warning in review.unmatched:
        print(f"warning: {warning}", file=sys.stderr)


@cli.command()
@_inherited("built", "Where the index is.")
@click.option("--csv", type=_PATH, metavar="FILE", help="Write a spreadsheet instead.")
def overlaps(*, built: Path, csv: Path | None) -> None:
    """List passages that contradict or repeat each other."""
    from ingest.overlaps import report

    found = report.published_overlaps(built)
    if csv:
        report.write_csv(found, csv)
        print(f"Wrote {len(found)} findings to {csv}.")
    else:
        print(report.readable(found))


@cli.command()
@_inherited("content", "The content folder.")
@_inherited("built", "Where the index is.")
@click.option("--csv", type=_PATH, metavar="FILE", help="Write a spreadsheet to decide in instead.")
@click.option("--from", "decided", type=_PATH, metavar="FILE", help="Read that spreadsheet back.")
@click.option("--most", default=5, show_default=True, help="Suggest no more for a section.")
@click.option(
    "--training",
    type=_PATH,
    default=ROOT / "training" / "questions.csv",
    show_default="training/questions.csv",
    help="Questions in patients' words.",
)
def suggest(**options: Any) -> None:
    """Suggest rows for the question bank, and take those that an editor accepts.

    These are headings that ask, questions of FAQs, and questions in patients' words that the
    articles answer. Nothing is written into the question bank without a decision.
    """
    from ingest.suggest.run import suggest_or_decide

    suggest_or_decide(progress=show_progress, **options)


@cli.command()
@click.argument("pages", nargs=-1, metavar="[ADDRESS_OR_FILE]...")
@click.option("--sitemap", metavar="ADDRESS", help="Also the pages that this sitemap.xml lists.")
@click.option(
    "--also-host",
    "other_hosts",
    multiple=True,
    metavar="HOST",
    help="Another name of the same site (www.example.org beside example.org).",
)
@_inherited("content", "The content folder.")
@click.option("--into", type=_PATH, help="Where to save them.  [default: content/articles/site]")
@click.option("--max-pages", default=500, show_default=True, help="Fetch no more than these.")
@click.option(
    "--delay",
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="Pause between two requests, longer where robots.txt asks for it.",
)
@click.option("--remove-gone", is_flag=True, help="Remove the files of pages that are gone.")
def fetch(**options: Any) -> None:
    """Save pages of the clinic's own site among the articles, each with its address as its source.

    An argument is an address (https://...), or a text file with one address a line. Only one site
    is fetched, and only what its robots.txt leaves open. Pages that have not changed since are not
    fetched again. This is the only command that uses the network.
    """
    from ingest.fetch.run import fetch_pages  # no other command loads a network library

    fetch_pages(progress=show_progress, **options)


@cli.command("import")
@click.argument("export", type=_PATH, metavar="EXPORT.xml")
@_inherited("content", "The content folder.")
def import_(*, export: Path, content: Path) -> None:
    """Save the published posts and pages of a WordPress export (Tools, Export) as articles."""
    from ingest.wordpress.pages import import_export

    import_export(export, content=content, today=date.today(), progress=show_progress)


cli.add_command(new)
cli.add_command(contacts)


def _load_encoder(model: str) -> Encoder:
    print("Loading the model ...", file=sys.stderr, flush=True)  # else seconds pass in silence
    return load_encoder(model)


if __name__ == "__main__":
    arrow_without_pandas()
    raise SystemExit(main())
