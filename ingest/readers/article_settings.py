"""The settings of an article, at its top or in a sidecar: title, author, review, sources.

A sidecar is a TOML file of the article's name, `neck-pain.toml` beside `neck-pain.txt`. Both are
checked alike. No clock is read here: the same content must always be read the same way, so
`index/reviews.py` notices a review that is dated in the future.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from types import NoneType
from typing import Any

from core.errors import ContentError
from core.files.toml_file import TomlFile
from core.text.characters import strip_control_characters
from core.types import Provenance
from ingest.files.limits import SETTINGS_BYTES

SIDECAR_SUFFIX = ".toml"
_TITLE = "title"
_PEOPLE = {"author": ("author", "authors"), "reviewer": ("reviewer", "reviewers")}
_DATES = ("reviewed", "next_review")
_LISTS = ("source", "sources")
KEYS = (_TITLE, *(key for keys in _PEOPLE.values() for key in keys), *_DATES, *_LISTS)
# Where the name of a person is, in lower case and without "-" and "_"; parts are joined.
_NAMES = ("name", "fullname", "displayname", "firstname lastname", "given family")
# Sites put their headings into a title, and bold words into a heading.
_TAG = re.compile(
    r"</?(?:h[1-6]|p|b|strong|i|em|u|span|small|mark|sup|sub|font|center|a|br)\b[^<>]*>",
    re.IGNORECASE,
)
# Settings of other programs that only look misspelt.
_NOT_MISSPELT = frozenset("subtitle resource resources reviews".split())
# An unknown key this similar to a known one is reported as misspelt ("auther").
_MISSPELT_CUTOFF = 0.75
_SHOWN_CHARS = 60
_SIDECAR_PROBLEM = "The settings file beside this article cannot be used."
_FIX = "correct them, then run: python -m ingest"

# Makes the error for a setting: (key, expected, found).
Wrong = Callable[[str, str, str], ContentError]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of an article; `keys` are those that have a value.

    `warnings` say what was left out.
    """

    title: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    keys: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The settings beside an article, and the sha256 of the bytes they were read from."""

    settings: Settings
    sha256: str


def read_settings(values: Mapping[str, Any], where: str, *, problem: str) -> Settings:
    """Check settings by name and value; a missing or empty value counts as not stated.

    A person may be a name, a mapping with a `name`, or a list of them; others are a warning. Raises
    ContentError with this problem and the key when a value has the wrong type, or the next review
    is before the last one. The caller checks for unknown keys.
    """
    wrong = partial(_wrong, problem, where)
    title = _text(values.get(_TITLE), _TITLE, wrong)
    title = title and " ".join(_TAG.sub(" ", title).split())
    people = {
        key: next(filter(None, (_people(values.get(name), name, wrong) for name in names)), None)
        for key, names in _PEOPLE.items()
    }
    dates = {key: _date(values.get(key), key, wrong) for key in _DATES}
    lists = {key: _list(values.get(key), key, wrong) for key in _LISTS}
    named = [key for keys in _PEOPLE.values() for key in keys if values.get(key)]
    nobody = [key for key in named if not _people(values[key], key, wrong)]
    stated = {_TITLE: title, **people, **dates, **lists}
    reviewed, following = dates["reviewed"], dates["next_review"]
    if reviewed and following and following < reviewed:
        raise wrong("next_review", f"a date not before reviewed, {reviewed}", str(following))
    return Settings(
        title=title or "",
        provenance=Provenance(
            author=people["author"],
            reviewer=people["reviewer"],
            reviewed=reviewed,
            next_review=following,
            sources=tuple(source for key in _LISTS for source in lists[key]),
        ),
        keys=frozenset(key for key, value in stated.items() if value),
        warnings=tuple(_nobody(key, values[key]) for key in nobody),
    )


def read_sidecar(path: Path) -> Sidecar | None:
    """Read the settings beside an article, None without such a file.

    Raises ContentError when it is not TOML, has an unknown key, or a value that `read_settings`
    refuses.
    """
    file = TomlFile(path, _SIDECAR_PROBLEM, _FIX, most=SETTINGS_BYTES)
    if path.is_file() and path.stat().st_size > SETTINGS_BYTES:
        expected = f"one `name = value` per line, at most {SETTINGS_BYTES:,} bytes"
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
    """Raise ContentError when an article has settings both at its top and in its sidecar.

    A title at the top conflicts with a title in the sidecar only.
    """
    twice = (head.keys - {"title"}) | (head.keys & beside.keys)
    if twice:
        raise ContentError(
            "This article has its settings in two places.",
            where=f"{path} and {sidecar}",
            expected="all of them at the top of the article, or all in the file beside it",
            found=f"{', '.join(key for key in KEYS if key in twice)} at the top, and the file",
            fix="move them into one of the two, then run: python -m ingest",
        )


def find_misspelt(keys: Iterable[Any]) -> tuple[str, ...]:
    """Return a warning for each misspelt key; other unknown keys may belong to other programs."""
    found = []
    for key in map(str, keys):
        plain = key.casefold().replace("-", "_").replace(" ", "_")
        is_other = key in KEYS or plain in _NOT_MISSPELT
        near = [] if is_other else get_close_matches(plain, KEYS, n=1, cutoff=_MISSPELT_CUTOFF)
        found += [f"the setting {key!r} is unknown and left out; is {name} meant?" for name in near]
    return tuple(found)


def plain_name(key: object) -> str:
    """Return the name of a setting, however a program writes it: "publishDate", "publish_date"."""
    return re.sub(r"[-_ ]", "", str(key)).casefold()


def _text(value: Any, key: str, wrong: Wrong) -> str | None:
    if value is None or isinstance(value, str):
        return strip_control_characters(" ".join((value or "").split())) or None
    raise wrong(key, "a text", repr(value))


def _people(value: Any, key: str, wrong: Wrong) -> str | None:
    """Return the names in a text, a mapping or a list of them, with commas between."""
    if not isinstance(value, str | dict | list | NoneType):
        raise wrong(key, "a text", repr(value))
    people = value if isinstance(value, list) else [value]
    names = (_name(person) for person in people)
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def _nobody(key: str, value: Any) -> str:
    found = repr(value)
    shown = found if len(found) <= _SHOWN_CHARS else f"{found[:_SHOWN_CHARS]}…"
    return f"the setting {key!r} names nobody and is left out; write a name, not {shown}"


def _name(person: Any) -> str:
    if isinstance(person, dict):
        parts = {plain_name(key): part for key, part in person.items() if isinstance(part, str)}
        joined = (" ".join(parts.get(part, "") for part in names.split()) for names in _NAMES)
        person = next((name for name in joined if name.strip()), "")
    return strip_control_characters(" ".join(person.split())) if isinstance(person, str) else ""


def _date(value: Any, key: str, wrong: Wrong) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise wrong(key, "a date such as 2026-03-31, without quotes", repr(value))


def _list(value: Any, key: str, wrong: Wrong) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := _text(item, key, wrong))]


def _wrong(problem: str, where: str, key: str, expected: str, found: str) -> ContentError:
    return ContentError(problem, where=f"{where}, {key}", expected=expected, found=found, fix=_FIX)
