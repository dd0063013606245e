"""Choose notices when the clinic's own file is missing: a copy of it, or the product's.

The product has a file for each language that it knows: red_flags.toml, red_flags.fr.toml.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from core.clinic_settings import FILE_NAME as CLINIC_FILE
from core.clinic_settings import read_clinic
from core.errors import ContentError
from core.language_tags import ENGLISH, code_of
from core.places import IS_CHECKOUT, ROOT
from safety.notices.languages import language_of
from safety.notices.red_flags import RedFlags
from safety.notices.red_flags_file import FILE_NAME, parse_red_flags, read_red_flags

if TYPE_CHECKING:
    from safety.notices.red_flags import Group, Numbers, SpeechPatterns

PRODUCT_FILE = Path(__file__).parent / FILE_NAME
"""The notices that come with the product: a draft, the same as the sample clinic's."""

_log = logging.getLogger("clinic.safety")


def has_product_file(language: str) -> bool:
    """Say whether the product has notices in a language ("fr", "fr-CA")."""
    return code_of(language) == ENGLISH or _file_in(language).is_file()


def product_file(language: str) -> Path:
    """Return the product's notices for a language, the English ones where it has none."""
    own = _file_in(language)
    return own if own.is_file() else PRODUCT_FILE


def product_notices(language: str = ENGLISH) -> RedFlags:
    """Return the product's own notices; if even these are damaged, log that and return none."""
    path = product_file(language)
    try:
        return parse_red_flags(path.read_bytes(), path)
    except (ContentError, OSError) as error:
        _log.error("%s", error)
        return RedFlags()


def notices_of(content: Path, copy: Path | None = None) -> RedFlags:
    """Return the notices of a content folder, else those of `copy`, else the product's.

    The product's are in the language of the page, as the clinic's settings say. Raises
    ContentError for a file that exists and cannot be used.
    """
    folders = [folder for folder in (content, copy) if folder]
    for folder in folders:
        if (folder / FILE_NAME).exists():
            return read_red_flags(folder)
    of_clinic = next((folder for folder in folders if (folder / CLINIC_FILE).exists()), content)
    return product_notices(read_clinic(of_clinic).language)


def language_gap(flags: RedFlags, page: str, content: Path) -> str:
    """Say that the notices are not in the language of the page, and how to get some; else nothing.

    `page` is the language of the page, "fr-CA"; `content` the folder of the clinic's files.
    """
    if flags.language == code_of(page):
        return ""
    name = language_of(code_of(page)).name
    if has_product_file(page):
        path = product_file(page)
        if IS_CHECKOUT:
            path = path.relative_to(ROOT)
        remedy = f"Copy {path} to {content / FILE_NAME} and have it checked."
    else:
        remedy = f"The product has no notices in {name}: write {content / FILE_NAME}."
    return (
        f"Your page is in {name} but its safety notices are in "
        f"{language_of(flags.language).name}: {name} words raise no notice. {remedy}"
    )


def _file_in(language: str) -> Path:
    return PRODUCT_FILE.with_suffix(f".{code_of(language)}.toml")


def lost(before: RedFlags, now: RedFlags) -> tuple[str, ...]:
    """Name what a new file of notices has lost, in the order of the file before.

    That is a notice that is gone, is less urgent, or has lost all its rules, bullets or examples;
    and a word class, a list of `[manner]` or a telephone number that is gone. A file that was cut
    short, or has a table emptied by mistake, is often still valid TOML.
    """
    names = [name for group in before.groups.values() for name in _lost_parts(group, now)]
    # A class that is gone is in no rule, or the file could not be read.
    names += [f"[terms] {name}" for name in _emptied(before.terms, {**before.terms, **now.terms})]
    names += [f"[manner] {name}" for name in _emptied(_fields(before.manner), _fields(now.manner))]
    for country, numbers in before.numbers.items():
        table = f"[numbers.{country}]"
        if country not in now.numbers:
            names.append(table)
        else:
            emptied = _emptied(_fields(numbers), _fields(now.numbers[country]))
            names += [f"{table} {name}" for name in emptied]
    return tuple(names)


def _lost_parts(before: Group, flags: RedFlags) -> Iterator[str]:
    now = flags.groups.get(before.id)
    if now is None:
        yield before.id
        return
    if now.level.order > before.level.order:
        yield f"{before.id} (level)"
    for name in ("rules", "bullets", "examples"):
        if getattr(before, name) and not getattr(now, name):
            yield f"{before.id} ({name})"


def _fields(table: Numbers | SpeechPatterns) -> Mapping[str, object]:
    return {name: getattr(table, name) for name in table.__slots__}


def _emptied(before: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    return (name for name, value in before.items() if value and not now.get(name))
