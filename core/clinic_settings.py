"""The clinic's own settings, `content/clinic.toml`, read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.contrast import HEX, READABLE, least_contrast
from core.errors import ContentError
from core.files.toml_file import TomlFile

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "clinic.toml"
PATIENTS = "patients"
AUDIENCE = (
    f"{FILE_NAME}, audience: this line no longer counts, the page is for patients. Take it out. "
    "For staff, run a second page: python -m ui --staff --port 8502"
)
_PROBLEM = "The clinic's settings cannot be read."
_FIX = "correct the file at the place named above, then run: python -m ingest"
_TEXTS = (
    *("name", "telephone", "booking_url", "country", "model", "language"),
    *("content_language", "accent", "accent_dark", "vector_store"),
)
# What people write for the codes by which notices know a country's numbers.
_COUNTRIES = {"UK": "GB", "USA": "US"}
# It becomes a part of a file's name.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SWITCHES = ("counting", "review", "api")
# Lists of websites as browsers name them: no path, no wildcard.
_WEBSITES = ("embed_origins", "api_origins")
_HERE = r"http://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?"
# A password does not belong into a file of the content.
_SERVER = re.compile(r"https?://[^@\s]+|[^@\s:]+\.db")
_WEBSITE = re.compile(rf"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{{1,5}})?|{_HERE}")


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who publishes the articles. The defaults serve a clinic that has written nothing yet.

    `language` is that of the page's own words, `content_language` that of articles, notices and
    cards. `accent` and `accent_dark` are the page's colour by day and by night, `#rrggbb` or empty.
    Websites of `embed_origins` may show the page in a frame. `api` turns `/api/search` on, which
    pages of `api_origins` may ask from a visitor's browser. `vector_store` is the address of a
    Milvus server that holds the vectors, empty where they are files of the index. `warnings` say
    which lines of the file no longer count.
    """

    name: str = "Our clinic"
    telephone: str = ""
    booking_url: str = ""
    country: str = ""
    model: str = ""
    vector_store: str = ""
    counting: bool = False
    review: bool = False
    language: str = "en"
    content_language: str = "en"
    accent: str = ""
    accent_dark: str = ""
    api: bool = False
    embed_origins: tuple[str, ...] = ()
    api_origins: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def read_clinic(content: Path) -> Clinic:
    """Read `clinic.toml` from the content folder; a missing file gives the defaults.

    Raises ContentError as `parse_clinic` does.
    """
    path = content / FILE_NAME
    raw = TomlFile(path, _PROBLEM, _FIX).read_bytes()
    return Clinic() if raw is None else parse_clinic(raw, path)


def numbers_lost(before: Clinic, now: Clinic) -> tuple[str, ...]:
    """Name the settings that showed patients telephone numbers before and no longer do."""
    keys = ("country", "telephone")
    return tuple(key for key in keys if getattr(before, key) and not getattr(now, key))


def parse_clinic(raw: bytes, path: Path) -> Clinic:
    """Check the bytes of the settings file at `path` and return what they hold.

    Raises ContentError when they are empty or not TOML, hold an unknown key, a value of another
    type, a booking address that is not http(s), or a colour that people could not read on the page.
    `counting`, `review` and `api` must be true or false, because a text in quotes would be true
    whatever it says. Websites are named by `https://` and their name alone.
    """
    if not raw.strip():  # what a save on a full disk leaves
        raise _wrong(path, "", "at least the name of the clinic", "an empty file")
    data = TomlFile(path, _PROBLEM, _FIX).parse(raw)
    if "numbers" in data:
        raise _wrong(path, "numbers", "telephone numbers in red_flags.toml", "a table here")
    warnings = _no_longer_counts(data.pop("audience", PATIENTS))
    websites = {name: _websites(data.pop(name, []), name, path) for name in _WEBSITES}
    switches = {name: data.pop(name, False) for name in _SWITCHES}
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise _wrong(path, name, "true or false, without quotes", repr(value))
    texts = _texts(data, path)
    if not texts.get("name", "x").strip():
        texts.pop("name")
    if (url := texts.get("booking_url", "")) and not url.startswith(("https://", "http://")):
        raise _wrong(path, "booking_url", "an address that starts with https://", url)
    for key in ("language", "content_language"):
        if not _LANGUAGE.fullmatch(texts.get(key) or "en"):
            raise _wrong(path, key, 'a language such as "en" or "fr"', repr(texts[key]))
    if (server := texts.get("vector_store", "")) and not _SERVER.fullmatch(server):
        expected = "an address such as https://milvus.internal:19530, or a file ending in .db"
        raise _wrong(path, "vector_store", f"{expected}; no user or password", "another text")
    _check_colours(texts, path)
    texts["country"] = _COUNTRIES.get(country := texts.get("country", "").upper(), country)
    given: dict[str, Any] = {**texts, **switches, **websites}
    return Clinic(**given, warnings=warnings)


def _no_longer_counts(audience: object) -> tuple[str, ...]:
    """Ignore who the page is for: this file is copied to the server that patients reach.

    Not an error, because the clinic's name and telephone number in the same file still count.
    """
    return () if audience == PATIENTS else (AUDIENCE,)


def _texts(table: dict[str, Any], path: Path) -> dict[str, str]:
    for key, value in table.items():
        if key not in _TEXTS:
            raise _wrong(path, key, f"one of the keys {', '.join(_TEXTS)}", "an unknown key")
        if not isinstance(value, str):
            raise _wrong(path, key, "a text in quotes", repr(value))
    return {key: value.strip() for key, value in table.items()}


def _check_colours(texts: dict[str, str], path: Path) -> None:
    for key in ("accent", "accent_dark"):
        if not (colour := texts.get(key, "")):
            continue
        if not HEX.fullmatch(colour):
            raise _wrong(path, key, 'a colour such as "#0a545f"', repr(colour))
        ratio, ground = least_contrast(colour, dark=key == "accent_dark")
        if ratio < READABLE:
            wanted = f"a contrast of at least {READABLE}:1, so that everybody can read it"
            raise _wrong(path, key, wanted, f"{ratio:.2f}:1 for {colour} on {ground}")


def _websites(value: object, key: str, path: Path) -> tuple[str, ...]:
    expected = 'a list such as ["https://www.clinic.example"]'
    if not isinstance(value, list):
        raise _wrong(path, key, expected, repr(value))
    for one in value:
        if not (isinstance(one, str) and _WEBSITE.fullmatch(one)):
            raise _wrong(path, key, f"{expected}, without a path or *", repr(one))
    return tuple(value)


def _wrong(path: Path, key: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "The clinic's settings hold something that cannot be used.",
        where=", ".join(filter(None, (str(path), key))),
        expected=expected,
        found=found,
        fix="correct the line, then run: python -m ingest",
    )
