"""The clinic's settings as a generation carries them.

`red_flags.toml`, `clinic.toml` and `routes.toml` count as soon as they are saved. A generation
holds a sound copy of each, for the day on which the file itself is missing or damaged.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from core import clinic_settings
from index.bank import route_cards
from index.store.manifest import FILE_NAME as MANIFEST
from index.store.manifest import read_manifest, record_file
from index.store.pointers import current_generation

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "settings"
NOTICES, CLINIC, ROUTES = "red_flags.toml", clinic_settings.FILE_NAME, route_cards.FILE_NAME
FILES = (NOTICES, CLINIC, ROUTES)
TAKE_OUT = "python -m ingest --take-out"
"""The command by which somebody says that patients shall have less than before."""


def copy_folder(built: Path) -> Path | None:
    """Return the folder with the copies that the generation being served holds.

    None when there is no such generation, or when a copy is not what ingest wrote. Never raises.
    """
    with suppress(Exception):  # whatever lies there, the page must stay up
        generation = current_generation(built)
        if generation is None:
            return None
        folder = built / generation
        records = read_manifest(folder / MANIFEST).files
        copies = {name: rec for name, rec in records.items() if name.startswith(f"{FOLDER}/")}
        if copies and all(record_file(folder / name) == rec for name, rec in copies.items()):
            return folder / FOLDER
    return None
