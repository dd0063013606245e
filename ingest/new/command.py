"""The command that makes a content folder: it asks on a terminal for what it was not given."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ingest.new.contacts import ASKED

# The settings that are asked for, what they are, and what they are when nobody says.
_ASKED = {
    "name": ("The clinic's name", "Our clinic"),
    **{key: (f"{what} (Enter: none)", "") for key, what in ASKED.items()},
    "country": ("Country, whose emergency numbers are shown", "GB"),
    "language": ("Language of the page and the articles", "en"),
}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", help="The clinic's name, as patients read it.")
@click.option("--telephone", help="Its telephone number.")
@click.option("--booking-url", help="The https:// address of its booking page.")
@click.option("--opening-hours", help="When it is open.")
@click.option("--address", help="Where it is.")
@click.option("--public-url", help="The address where patients will open the search.")
@click.option("--country", help="Whose emergency numbers are shown: GB, IE, US ...")
@click.option("--language", help="Of the page and the articles: en, fr ...")
@click.option("--accent", help="The clinic's colour, such as #005eb8.")
def new(*, folder: Path, **options: str | None) -> None:
    """Make the content folder DIR for a clinic of your own, without articles.

    What is not given is asked for on a terminal. DIR gets a README.md that says what to do next.
    """
    from core.clinic_settings import contacts_warning
    from ingest.new.folder import countries, make_folder, to_see_it
    from safety.notices.fallback import language_gap, product_notices

    given = {key: value for key, value in options.items() if value is not None}
    for key, (question, default) in _ASKED.items():
        if key not in given:
            given[key] = _ask(question, default)
    given["content_language"] = given["language"]
    clinic = make_folder(folder, given)
    print(f"Made {folder} for {clinic.name}. Next:")
    print(f"  1. put your articles into {folder / 'articles'}")
    print(f"  2. run: {to_see_it(folder)}")
    print(f"  3. {folder / 'README.md'} says what else there is to do")
    if missing := contacts_warning(clinic):
        print(f"warning: {missing}", file=sys.stderr)
    if clinic.country not in (known := countries(clinic.language)):
        print(
            f"warning: {folder / 'red_flags.toml'} has no telephone numbers for "
            f"{clinic.country or 'no country'}, only for {', '.join(known)}. Add them there, or "
            "name another country in clinic.toml.",
            file=sys.stderr,
        )
    if gap := language_gap(product_notices(clinic.language), clinic.language, folder):
        print(f"warning: {gap}", file=sys.stderr)


def _ask(question: str, default: str) -> str:
    if not sys.stdin.isatty():
        return default
    answer: str = click.prompt(question, default=default, show_default=bool(default))
    return answer
