"""The clinic's own settings, `content/clinic.toml`, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from index.errors import ContentError
from index.toml_file import read_toml

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "clinic.toml"


@dataclass(frozen=True, slots=True)
class HelpNumbers:
    """Telephone numbers for "Get help now", as the clinic wrote them; empty means none."""

    emergency: str = ""
    urgent: str = ""
    crisis: str = ""
    crisis_name: str = ""


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who publishes the articles. The defaults serve a clinic that has written nothing yet."""

    name: str = "Our clinic"
    telephone: str = ""
    booking_url: str = ""
    country: str = ""
    model: str = ""
    numbers: HelpNumbers = field(default_factory=HelpNumbers)


def read_clinic(content: Path) -> Clinic:
    """Read `clinic.toml` from the content folder; a missing file gives the defaults.

    Raises ContentError when the file is not TOML, holds an unknown key, a value of another type,
    a booking address that is not http(s), or a country without telephone numbers.
    """
    path = content / FILE_NAME
    data = read_toml(
        path,
        problem="The clinic's settings cannot be read.",
        mend="correct the file at the place named above, then run: python -m ingest",
    )
    if data is None:
        return Clinic()
    numbers = data.pop("numbers", {})
    texts = _texts(data, ("name", "telephone", "booking_url", "country", "model"), path, "")
    if not texts.get("name", "x").strip():
        texts.pop("name")
    if (url := texts.get("booking_url", "")) and not url.startswith(("https://", "http://")):
        raise _wrong(path, "booking_url", "an address that starts with https://", url)
    country = texts.get("country", "")
    if country and country not in numbers:
        raise _wrong(path, "country", f"one of {', '.join(sorted(numbers))}", country)
    keys = ("emergency", "urgent", "crisis", "crisis_name")
    chosen = _texts(numbers.get(country, {}), keys, path, f"numbers.{country}.")
    return Clinic(**texts, numbers=HelpNumbers(**chosen))


def _texts(table: Any, keys: tuple[str, ...], path: Path, prefix: str) -> dict[str, str]:
    if not isinstance(table, dict):
        raise _wrong(path, prefix.rstrip("."), "a table", repr(table))
    for key, value in table.items():
        if key not in keys:
            raise _wrong(path, prefix + key, f"one of the keys {', '.join(keys)}", "an unknown key")
        if not isinstance(value, str):
            raise _wrong(path, prefix + key, "a text in quotes", repr(value))
    return {key: value.strip() for key, value in table.items()}


def _wrong(path: Path, key: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "The clinic's settings hold something that cannot be used.",
        where=f"{path}, {key}",
        expected=expected,
        found=found,
        mend="correct the line, then run: python -m ingest",
    )
