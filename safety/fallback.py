"""The notices that serve when the clinic's own file is missing: a copy of it, or the product's."""

from __future__ import annotations

import logging
from pathlib import Path

from index.errors import ContentError
from safety.red_flags import FILE_NAME, RedFlags, read_red_flags

PRODUCT_FILE = Path(__file__).parent / FILE_NAME
"""The notices that come with the product: a draft, the same as the sample clinic's."""

_log = logging.getLogger("clinic.safety")


def product_notices() -> RedFlags:
    """Return the product's own notices; none, and a line in the log, if even these are damaged."""
    try:
        return read_red_flags(PRODUCT_FILE.parent)
    except ContentError as error:
        _log.error("%s", error)
        return RedFlags()


def notices_of(content: Path, copy: Path | None = None) -> RedFlags:
    """Return the notices of a content folder; those of `copy`, or the product's, if it has none.

    Raises ContentError for a file that is there and cannot be used.
    """
    for folder in filter(None, (content, copy)):
        if (folder / FILE_NAME).exists():
            return read_red_flags(folder)
    return product_notices()


def taken_out(before: RedFlags, now: RedFlags) -> tuple[str, ...]:
    """Return the ids of notices that were there before and are no longer, in their order."""
    return tuple(name for name in before.groups if name not in now.groups)
