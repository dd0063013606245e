"""Which files of the content folder cannot be used as they are now: named on every page of staff.

A broken file never takes a page away: what needs it goes on with what it held before. So nobody
would notice without being shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape
from pathlib import Path

from core.errors import ContentError
from core.files.csv_table import CsvTable, read_text, records
from core.files.toml_file import TomlFile
from index.bank.question_bank import FILE_NAME as QUESTIONS_FILE
from index.bank.question_bank import questions_by_route
from index.bank.vocabulary import FILE_NAME as VOCABULARY_FILE
from index.bank.vocabulary import read_vocabulary
from ui.languages import OWN_FOLDER, text
from ui.service import settings
from ui.service.edited_file import signature

# What only an ingest reads is checked here for being a table at all; an ingest says the rest.
_TABLES = ("claims.csv", "invariants.csv")
_READERS: dict[str, Callable[[Path], object]] = {
    QUESTIONS_FILE: questions_by_route,
    VOCABULARY_FILE: read_vocabulary,
}


def broken_files(content: Path) -> dict[str, ContentError]:
    """Return what is wrong with each file that cannot be read now, by its name; none is missed.

    A file that is not there is not broken. The settings that count at once are not among these:
    `settings.problems` knows what serves instead.
    """
    languages = sorted(path.name for path in (content / OWN_FOLDER).glob("*.toml"))
    names = [*_READERS, *_TABLES, *(f"{OWN_FOLDER}/{name}" for name in languages)]
    found = {name: _problem(content, name, signature(content / name)) for name in names}
    return {name: error for name, error in found.items() if error}


def broken_html() -> str:
    """Draw what is wrong with each broken file, and what serves; empty when all are sound."""
    items = "".join(
        _broken(name, in_use.problem, serves=text.SETTINGS_SERVING[in_use.source])
        for name, in_use in settings.problems()
    )
    items += "".join(
        _broken(name, str(error))
        for name, error in broken_files(settings.from_environment().content).items()
    )
    if not items:
        return ""
    return f'<div class="cs-staff cs-editor"><div class="cs-note cs-refused">{items}</div></div>'


def _broken(name: str, problem: str, *, serves: str = "") -> str:
    said = f"<p>{escape(text.FILE_BROKEN.format(file=name))}</p>"
    said += f"<p>{escape(serves)}</p>" if serves else ""
    return f"{said}<pre>{escape(problem)}</pre>"


@lru_cache(maxsize=64)  # a page is drawn often, and a large bank takes its time to read
def _problem(content: Path, name: str, state: tuple[int, ...] | None) -> ContentError | None:
    del state  # another one when the file has changed
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
