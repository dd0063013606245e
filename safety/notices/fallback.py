"""Choose notices when the clinic's own file is missing: a copy of it, or the product's."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ContentError
from safety.notices.red_flags import FILE_NAME, RedFlags, read_red_flags

if TYPE_CHECKING:
    from safety.notices.red_flags import Group, Numbers, SpeechPatterns

PRODUCT_FILE = Path(__file__).parent / FILE_NAME
"""The notices that come with the product: a draft, the same as the sample clinic's."""

_log = logging.getLogger("clinic.safety")


def product_notices() -> RedFlags:
    """Return the product's own notices; if even these are damaged, log that and return none."""
    try:
        return read_red_flags(PRODUCT_FILE.parent)
    except ContentError as error:
        _log.error("%s", error)
        return RedFlags()


def notices_of(content: Path, copy: Path | None = None) -> RedFlags:
    """Return the notices of a content folder, else those of `copy`, else the product's.

    Raises ContentError for a file that exists and cannot be used.
    """
    for folder in filter(None, (content, copy)):
        if (folder / FILE_NAME).exists():
            return read_red_flags(folder)
    return product_notices()


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
