"""What an article's settings say about its origin, at its head or in a sidecar beside it.

A sidecar is a TOML file of the article's name, `neck-pain.toml` beside `neck-pain.txt`. Both
places go through the same checks. No clock is read here: the same content must always be read the
same way, so a review dated in the future is noticed at the edges (`index/reviews.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from core.errors import ContentError
from core.files.toml_file import TomlFile
from core.text.characters import strip_control_characters
from core.types import Provenance
from ingest.files.limits import SETTINGS_BYTES

SIDECAR_SUFFIX = ".toml"
_TEXTS = ("title", "author", "reviewer")
_DATES = ("reviewed", "next_review")
_LISTS = ("source", "sources")
KEYS = (*_TEXTS, *_DATES, *_LISTS)
# From this likeness on an unknown key is taken for a slip ("auther", "reviewed_by").
_MISSPELT_CUTOFF = 0.75
_SIDECAR_PROBLEM = "The settings beside an article cannot be used."
_FIX = "correct them, then run: python -m ingest"

# Makes the error for a setting: (key, expected, found).
Wrong = Callable[[str, str, str], ContentError]


@dataclass(frozen=True, slots=True)
class Settings:
    """What an article's settings state; `keys` are those that hold something."""

    title: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The settings beside an article, and the sha256 of the very bytes they were read from."""

    settings: Settings
    sha256: str


def read_settings(values: Mapping[str, Any], where: str, *, problem: str) -> Settings:
    """Check settings by name and value; what is missing or empty is not stated.

    Raises ContentError with this problem, naming the key, when a value is of another kind or the
    next review lies before the last one. Unknown keys are left to the caller.
    """
    wrong = partial(_wrong, problem, where)
    texts = {key: _text(values.get(key), key, wrong) for key in _TEXTS}
    dates = {key: _date(values.get(key), key, wrong) for key in _DATES}
    lists = {key: _list(values.get(key), key, wrong) for key in _LISTS}
    reviewed, following = dates["reviewed"], dates["next_review"]
    if reviewed and following and following < reviewed:
        raise wrong("next_review", f"a date not before reviewed, {reviewed}", str(following))
    return Settings(
        title=texts["title"] or "",
        provenance=Provenance(
            author=texts["author"],
            reviewer=texts["reviewer"],
            reviewed=reviewed,
            next_review=following,
            sources=tuple(source for key in _LISTS for source in lists[key]),
        ),
        keys=frozenset(key for key, value in (texts | dates | lists).items() if value),
    )


def read_sidecar(path: Path) -> Sidecar | None:
    """Read the settings beside an article, None when there is no such file.

    Raises ContentError when it is not TOML, holds an unknown key, or a value that `read_settings`
    refuses.
    """
    file = TomlFile(path, _SIDECAR_PROBLEM, _FIX, most=SETTINGS_BYTES)
    if path.is_file() and path.stat().st_size > SETTINGS_BYTES:
        expected = f"one `name = value` a line, at most {SETTINGS_BYTES:,} bytes"
        raise file.wrong("", expected, f"{path.stat().st_size:,} bytes")
    raw = file.read_bytes()
    if raw is None:
        return None
    values = file.parse(raw)
    for key in values:
        if key not in KEYS:
            raise file.wrong(key, f"one of the keys {', '.join(KEYS)}", "an unknown key")
    settings = read_settings(values, str(path), problem=_SIDECAR_PROBLEM)
    return Sidecar(settings, hashlib.sha256(raw).hexdigest())


def check_stated_once(head: Settings, beside: Settings, path: Path, sidecar: Path) -> None:
    """Raise ContentError when an article's origin is stated at its head and in its sidecar.

    A title at the head says nothing about the origin, and clashes with another title only.
    """
    twice = (head.keys - {"title"}) | (head.keys & beside.keys)
    if twice:
        raise ContentError(
            "The settings of an article stand in two places.",
            where=f"{path} and {sidecar}",
            expected="all of them at the head of the article, or all in the file beside it",
            found=f"{', '.join(key for key in KEYS if key in twice)} at its head, and the file",
            fix="move them into one of the two, then run: python -m ingest",
        )


def find_misspelt(keys: Iterable[Any]) -> tuple[str, ...]:
    """Name the unknown keys that look like a misspelt known one; others are other programs'."""
    found = []
    for key in map(str, keys):
        plain = key.casefold().replace("-", "_").replace(" ", "_")
        near = (
            get_close_matches(plain, KEYS, n=1, cutoff=_MISSPELT_CUTOFF) if key not in KEYS else []
        )
        found += [f"the setting {key!r} is unknown and left out; is {name} meant?" for name in near]
    return tuple(found)


def _text(value: Any, key: str, wrong: Wrong) -> str | None:
    if value is None or isinstance(value, str):
        return strip_control_characters(" ".join((value or "").split())) or None
    raise wrong(key, "a text", repr(value))


def _date(value: Any, key: str, wrong: Wrong) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise wrong(key, "a date such as 2026-03-31, without quotes", repr(value))


def _list(value: Any, key: str, wrong: Wrong) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := _text(item, key, wrong))]


def _wrong(problem: str, where: str, key: str, expected: str, found: str) -> ContentError:
    return ContentError(problem, where=f"{where}, {key}", expected=expected, found=found, fix=_FIX)
