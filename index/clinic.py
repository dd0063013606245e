"""The clinic's own settings, `content/clinic.toml`, read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.errors import ContentError
from index.toml_file import read_toml

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "clinic.toml"
# Who the page is for; staff see what is not meant for patients.
PATIENTS, STAFF = "patients", "staff"
_TEXTS = ("name", "telephone", "booking_url", "country", "model", "audience", "language")
# It becomes a part of a file's name.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SWITCHES = ("counting", "review")


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who publishes the articles. The defaults serve a clinic that has written nothing yet."""

    name: str = "Our clinic"
    telephone: str = ""
    booking_url: str = ""
    country: str = ""
    model: str = ""
    counting: bool = False
    review: bool = False
    audience: str = PATIENTS
    language: str = "en"


def read_clinic(content: Path) -> Clinic:
    """Read `clinic.toml` from the content folder; a missing file gives the defaults.

    Raises ContentError when the file is not TOML, holds an unknown key, a value of another type,
    a booking address that is not http(s), or another audience. `counting` and `review` must be
    true or false, because a text in quotes would be true whatever it says.
    """
    path = content / FILE_NAME
    data = read_toml(
        path,
        problem="The clinic's settings cannot be read.",
        mend="correct the file at the place named above, then run: python -m ingest",
    )
    if data is None:
        return Clinic()
    if "numbers" in data:
        raise _wrong(path, "numbers", "telephone numbers in red_flags.toml", "a table here")
    switches = {name: data.pop(name, False) for name in _SWITCHES}
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise _wrong(path, name, "true or false, without quotes", repr(value))
    texts = _texts(data, path)
    if not texts.get("name", "x").strip():
        texts.pop("name")
    if (url := texts.get("booking_url", "")) and not url.startswith(("https://", "http://")):
        raise _wrong(path, "booking_url", "an address that starts with https://", url)
    if (audience := texts.get("audience", PATIENTS)) not in (PATIENTS, STAFF):
        raise _wrong(path, "audience", f'"{PATIENTS}" or "{STAFF}"', repr(audience))
    if not _LANGUAGE.fullmatch(texts.get("language") or "en"):
        raise _wrong(path, "language", 'a language such as "en" or "fr"', texts["language"])
    return Clinic(**texts, counting=switches["counting"], review=switches["review"])


def _texts(table: dict[str, Any], path: Path) -> dict[str, str]:
    for key, value in table.items():
        if key not in _TEXTS:
            raise _wrong(path, key, f"one of the keys {', '.join(_TEXTS)}", "an unknown key")
        if not isinstance(value, str):
            raise _wrong(path, key, "a text in quotes", repr(value))
    return {key: value.strip() for key, value in table.items()}


def _wrong(path: Path, key: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "The clinic's settings hold something that cannot be used.",
        where=f"{path}, {key}",
        expected=expected,
        found=found,
        mend="correct the line, then run: python -m ingest",
    )
