"""The files of the content folder that cannot be used now, named on every page for staff.

A broken file never takes a page away: the page uses what the file held before. So nobody would
notice without being told here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from pathlib import Path

from core.clinic_settings import Clinic, contacts_missing
from core.errors import ContentError
from core.files.csv_table import CsvTable, read_text, records
from core.files.toml_file import TomlFile
from index.bank.question_bank import FILE_NAME as QUESTIONS_FILE
from index.bank.question_bank import questions_by_route
from index.bank.vocabulary import FILE_NAME as VOCABULARY_FILE
from index.bank.vocabulary import read_vocabulary
from ui.languages import OWN_FOLDER, text
from ui.service import settings
from ui.service.reloading_file import signature

# Only ingest reads these: here they must be tables, ingest checks the rest.
_TABLES = ("claims.csv", "invariants.csv")
_READERS: dict[str, Callable[[Path], object]] = {
    QUESTIONS_FILE: questions_by_route,
    VOCABULARY_FILE: read_vocabulary,
}


def broken_files(content: Path) -> dict[str, ContentError]:
    """Return the error of each file that cannot be read, by its name; a missing file is no error.

    Without the settings that count when saved: `settings.problems` has those.
    """
    languages = sorted(path.name for path in (content / OWN_FOLDER).glob("*.toml"))
    names = [*_READERS, *_TABLES, *(f"{OWN_FOLDER}/{name}" for name in languages)]
    errors = {name: _problem(content, name, signature(content / name)) for name in names}
    return {name: error for name, error in errors.items() if error}


def broken_html() -> str:
    """Draw each broken file's error and what is used instead; empty if none is broken."""
    items = "".join(
        _broken(name, in_use.problem, instead=text.SETTINGS_SERVING[in_use.source])
        for name, in_use in settings.problems()
    )
    items += "".join(
        _broken(name, str(error))
        for name, error in broken_files(settings.from_environment().content).items()
    )
    if not items:
        return ""
    return f'<div class="cs-staff cs-editor"><div class="cs-note cs-refused">{items}</div></div>'


def contacts_html(clinic: Clinic) -> str:
    """Say which of the clinic's details are empty that patients need to reach it; else nothing."""
    keys = ", ".join(contacts_missing(clinic))
    if not keys:
        return ""
    said = re.sub("`([^`]*)`", r"<code>\1</code>", escape(text.CONTACTS_MISSING.format(keys=keys)))
    return (
        f'<div class="cs-staff cs-editor"><div class="cs-note cs-missed"><p>{said}</p></div></div>'
    )


def _broken(name: str, problem: str, *, instead: str = "") -> str:
    sentences = filter(None, (text.FILE_BROKEN.format(file=name), instead))
    return f"{''.join(f'<p>{escape(line)}</p>' for line in sentences)}<pre>{escape(problem)}</pre>"


@lru_cache(maxsize=64)  # pages are drawn often, and a large bank is slow to read
def _problem(content: Path, name: str, state: tuple[int, ...] | None) -> ContentError | None:
    del state  # only a part of the cache key
    try:
        if name in _READERS:
            _READERS[name](content)
        elif name in _TABLES:
            table = CsvTable(content / name, name, ())
            list(records(table, read_text(table) or ""))
        else:
            TomlFile(
                content / name,
                problem="The words of the page cannot be used.",
                fix="correct the file; the page follows within a second",
            ).read()
    except ContentError as error:
        return error
    return None
