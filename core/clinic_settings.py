"""The clinic's settings, `content/clinic.toml`, read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.contrast import HEX, READABLE, least_contrast, readable
from core.errors import ContentError
from core.files.toml_file import TomlFile
from core.language_tags import ENGLISH, EXPECTED, TAG
from core.places import as_typed
from core.public_address import EXPECTED as EXPECTED_ADDRESS
from core.public_address import public_address

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
    *("name", "short_name", "telephone", "booking_url", "email"),
    *("address", "opening_hours", "prices", "getting_here"),
    *("country", "model", "language"),
    *("content_language", "accent", "accent_dark", "vector_store", "public_url"),
)
# Common spellings of the country codes in the file of notices.
_COUNTRIES = {"UK": "GB", "USA": "US"}
_SWITCHES = {"counting": False, "review": False, "api": False, "ocr": True}
# Lists of websites in the form of an Origin header: no path, no wildcard.
_WEBSITES = ("embed_origins", "api_origins")
_LOCALHOST = r"http://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?"
# Without user and password: they do not belong in a content file.
_SERVER = re.compile(r"https?://[^@\s]+|[^@\s:]+\.db")
_EMAIL = re.compile(r"[^@\s<>\"'?&]+@[^@\s<>\"'?&]+\.[^@\s<>\"'?&]+")
_WEBSITE = re.compile(rf"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{{1,5}})?|{_LOCALHOST}")


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic that publishes the articles; the defaults serve a clinic without a file.

    `short_name` is for the top of the page, where a long name has no room. `address`,
    `opening_hours`, `prices` and `getting_here` are shown as written to whoever asks for them.
    `language` is that of the page's own words, `content_language` that of articles, notices and
    cards. `accent` and `accent_dark` are the page's colours by day and by night, `#rrggbb` or
    empty. Websites of `embed_origins` may show the page in a frame. `api` turns on `/api/search`,
    which pages of `api_origins` may call from a visitor's browser. `ocr` lets pages that are
    pictures be read, where Tesseract is installed. `vector_store` is the address
    of a Milvus server for the vectors, empty for files of the index. `public_url` is where patients
    open the page, with a slash at its end, empty while nobody has said it. `warnings` name lines of
    the file that no longer count.
    """

    name: str = "Our clinic"
    short_name: str = ""
    telephone: str = ""
    booking_url: str = ""
    email: str = ""
    address: str = ""
    opening_hours: str = ""
    prices: str = ""
    getting_here: str = ""
    public_url: str = ""
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
    ocr: bool = True
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
    """Name the settings that gave patients telephone numbers before and no longer do."""
    keys = ("country", "telephone")
    return tuple(key for key in keys if getattr(before, key) and not getattr(now, key))


def contacts_missing(clinic: Clinic) -> tuple[str, ...]:
    """Name the empty settings by which patients reach the clinic and this page."""
    keys = ("telephone", "booking_url", "public_url")
    return tuple(key for key in keys if not getattr(clinic, key))


def contacts_warning(clinic: Clinic) -> str:
    """Say what is missing of how patients reach the clinic; empty where nothing is."""
    keys = contacts_missing(clinic)
    if not keys:
        return ""
    return as_typed(
        f"{FILE_NAME}: {', '.join(keys)} {'are' if len(keys) > 1 else 'is'} empty. Without"
        " telephone and booking_url patients cannot call or book from the page; without public_url"
        " handouts, prints and citations name no address. Fill in what is empty there (opening"
        " hours, prices and address as well), or run: python -m ingest contacts"
    )


def parse_clinic(raw: bytes, path: Path) -> Clinic:
    """Check the bytes of the settings file at `path` and return the settings.

    Raises ContentError when they are empty or not TOML, or hold an unknown key, a value of another
    type, a wrong booking, public or email address. A colour that people
    cannot read on the page is replaced by its nearest shade that they can, with a warning.
    """
    if not raw.strip():  # a save on a full disk leaves an empty file
        raise _wrong(path, "", "at least the name of the clinic", "an empty file")
    data = TomlFile(path, _PROBLEM, _FIX).parse(raw)
    if "numbers" in data:
        raise _wrong(path, "numbers", "telephone numbers in red_flags.toml", "a table here")
    # Not an error: the clinic's name and telephone number in the same file still count.
    warnings: tuple[str, ...] = () if data.pop("audience", PATIENTS) == PATIENTS else (AUDIENCE,)
    websites = {key: _websites(data.pop(key, []), key, path) for key in _WEBSITES}
    switches = {key: data.pop(key, usual) for key, usual in _SWITCHES.items()}
    for key, value in switches.items():
        if not isinstance(value, bool):  # a text in quotes would be true whatever it says
            raise _wrong(path, key, "true or false, without quotes", repr(value))
    texts = _texts(data, path)
    if not texts.get("name", "x"):
        texts.pop("name")
    _check_addresses(texts, path)
    for key in ("language", "content_language"):
        # It becomes part of a file's name.
        if not TAG.fullmatch(texts.get(key) or ENGLISH):
            raise _wrong(path, key, EXPECTED, repr(texts[key]))
    if (server := texts.get("vector_store", "")) and not _SERVER.fullmatch(server):
        expected = "an address such as https://milvus.internal:19530, or a file ending in .db"
        raise _wrong(path, "vector_store", f"{expected}; no user or password", "another text")
    for key in ("accent", "accent_dark"):
        if colour := texts.get(key, ""):
            texts[key], warned = _readable(colour, key, path)
            warnings += warned
    texts["country"] = _COUNTRIES.get(country := texts.get("country", "").upper(), country)
    given: dict[str, Any] = {**texts, **switches, **websites}
    return Clinic(**given, warnings=warnings)


def _texts(table: dict[str, Any], path: Path) -> dict[str, str]:
    for key, value in table.items():
        if key not in _TEXTS:
            raise _wrong(path, key, f"one of the keys {', '.join(_TEXTS)}", "an unknown key")
        if not isinstance(value, str):
            raise _wrong(path, key, "a text in quotes", repr(value))
    return {key: value.strip() for key, value in table.items()}


def _check_addresses(texts: dict[str, str], path: Path) -> None:
    if (url := texts.get("booking_url", "")) and not url.startswith(("https://", "http://")):
        raise _wrong(path, "booking_url", "an address that starts with https://", url)
    if (email := texts.get("email", "")) and not _EMAIL.fullmatch(email):
        raise _wrong(path, "email", "an address such as hello@clinic.example", repr(email))
    if url := texts.get("public_url", ""):
        texts["public_url"] = public_address(url)
        if not texts["public_url"]:
            raise _wrong(path, "public_url", EXPECTED_ADDRESS, url)


def _readable(colour: str, key: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the colour, or its nearest shade that everybody can read, and what to say of it."""
    if not HEX.fullmatch(colour):
        raise _wrong(path, key, 'a colour such as "#0a545f"', repr(colour))
    dark = key == "accent_dark"
    ratio, ground = least_contrast(colour, dark=dark)
    if ratio >= READABLE:
        return colour, ()
    shade = readable(colour, dark=dark)
    warning = (
        f"{FILE_NAME}, {key}: {colour} cannot be read well, {ratio:.2f}:1 on {ground} instead of"
        f' {READABLE}:1. The page uses the nearest shade that can: write {key} = "{shade}"'
    )
    return shade, (warning,)


def _websites(value: object, key: str, path: Path) -> tuple[str, ...]:
    expected = 'a list such as ["https://www.clinic.example"]'
    if not isinstance(value, list):
        raise _wrong(path, key, expected, repr(value))
    for website in value:
        if not (isinstance(website, str) and _WEBSITE.fullmatch(website)):
            raise _wrong(path, key, f"{expected}, without a path or *", repr(website))
    return tuple(value)


def _wrong(path: Path, key: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "A setting of the clinic cannot be used.",
        where=", ".join(filter(None, (str(path), key))),
        expected=expected,
        found=found,
        fix="correct the line, then run: python -m ingest",
    )
