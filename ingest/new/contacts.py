"""The command that asks how patients reach the clinic, and writes it into `clinic.toml`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.clinic_settings import FILE_NAME, contacts_warning, parse_clinic, read_clinic
from core.files.atomic import replace

# The settings that are asked for, and what they are.
ASKED = {
    "telephone": "Telephone number",
    "booking_url": "Address of the booking page, with https://",
    "opening_hours": "Opening hours, such as: Monday to Friday, 8 am to 6 pm",
    "address": "Address of the clinic",
    "public_url": "Address under which patients open this search, once it is known",
}


@click.command()
@click.pass_context
def contacts(context: click.Context) -> None:
    """Ask for the telephone number, booking page, hours and addresses that clinic.toml lacks."""
    fill_in(context.find_root().params["content"])


def fill_in(content: Path) -> None:
    """Ask on a terminal for the contacts that `clinic.toml` leaves empty, and write the answers.

    Without a terminal nothing is asked. Raises ContentError for a file or an answer that cannot be
    used; the file stays as it was.
    """
    from ingest.new.folder import with_values

    clinic = read_clinic(content)
    empty = [key for key in ASKED if not getattr(clinic, key)]
    if not empty or not sys.stdin.isatty():
        print(contacts_warning(clinic) or f"{FILE_NAME} says how patients reach {clinic.name}.")
        return
    print(f"How do patients reach {clinic.name}? Press Enter to leave a line empty for now.")
    answers = {key: click.prompt(ASKED[key], default="", show_default=False) for key in empty}
    given = {key: answer.strip() for key, answer in answers.items() if answer.strip()}
    path = content / FILE_NAME
    before = path.read_text("utf-8") if path.exists() else ""
    after = with_values(before, given).encode()
    if given:
        warning = contacts_warning(parse_clinic(after, path))
        replace(path, after)
        print(f"Wrote {', '.join(given)} into {path}.")
        print(warning, end="\n" if warning else "")
