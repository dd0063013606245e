"""The copies of the clinic's settings in a generation.

`red_flags.toml`, `clinic.toml` and `routes.toml` count as soon as they are saved. A generation
holds a valid copy of each, which serves while the file itself is missing or damaged.
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
"""The command that removes a notice, telephone number or card for good."""


def copy_folder(built: Path) -> Path | None:
    """Return the folder of the copies in the generation that serves.

    None without such a generation, or when a copy differs from what ingest wrote. Never raises.
    """
    with suppress(Exception):  # the page must stay up whatever is on the disk
        generation = current_generation(built)
        if generation is None:
            return None
        folder = built / generation
        records = read_manifest(folder / MANIFEST).files
        copies = {name: rec for name, rec in records.items() if name.startswith(f"{FOLDER}/")}
        if copies and all(record_file(folder / name) == rec for name, rec in copies.items()):
            return folder / FOLDER
    return None
