"""Where the content and the index are.

Told by environment variables, so that every way of starting the page (`python -m ui`,
`streamlit run app.py`, another ASGI server) reads the same.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from index.clinic import FILE_NAME as CLINIC_FILE
from index.clinic import Clinic, read_clinic
from index.errors import ContentError
from index.routes import FILE_NAME as ROUTES_FILE
from index.routes import Route, read_routes
from safety.red_flags import FILE_NAME as RED_FLAGS_FILE
from safety.red_flags import Numbers, RedFlags, read_red_flags

Read = TypeVar("Read")

ROOT = Path(__file__).resolve().parent.parent
CONTENT_VARIABLE = "CLINIC_CONTENT"
BUILT_VARIABLE = "CLINIC_BUILT"
AUDIENCE_VARIABLE = "CLINIC_AUDIENCE"
STAFF = "staff"
ORIGINS_VARIABLE = "CLINIC_ORIGINS"
PROXIES_VARIABLE = "CLINIC_PROXIES"
NAMES_VARIABLE = "CLINIC_NAMES"
API_VARIABLE = "CLINIC_API"
_VARIABLES = (
    *(CONTENT_VARIABLE, BUILT_VARIABLE),
    *(ORIGINS_VARIABLE, PROXIES_VARIABLE, NAMES_VARIABLE),
)
_ON = frozenset({"1", "true", "yes", "on"})

_log = logging.getLogger("clinic.ui")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the page needs to be told; relative paths are below the project's folder."""

    content: Path = ROOT / "content"
    built: Path = ROOT / "index" / "built"
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ("127.0.0.1",)
    names: tuple[str, ...] = ()


def from_environment() -> Settings:
    """Read the settings from the environment; what is not set keeps its default.

    `CLINIC_ORIGINS` holds further origins (`https://www.example.org`, separated by spaces) from
    which a page may connect, for a proxy that does not pass the Host header on. `CLINIC_PROXIES`
    holds the addresses whose X-Forwarded-For is believed; set but empty, nobody's is.
    `CLINIC_NAMES` holds the names under which the page is reached (ui/hosts.py).
    """
    return _settings(*map(os.environ.get, _VARIABLES))


@cache  # it is asked for with every word of a page
def _settings(
    content: str | None,
    built: str | None,
    origins: str | None,
    proxies: str | None,
    names: str | None,
) -> Settings:
    default = Settings()
    return Settings(
        content=default.content if content is None else ROOT / content,
        built=default.built if built is None else ROOT / built,
        origins=tuple((origins or "").split()),
        proxies=default.proxies if proxies is None else tuple(proxies.split()),
        names=tuple((names or "").split()),
    )


class KeptFile(Generic[Read]):
    """A file that the clinic edits, read again when it changes; broken, its last state serves."""

    def __init__(self, name: str, read: Callable[[Path], Read], default: Read) -> None:
        self._name = name
        self._read = read
        self._lock = Lock()
        self._seen: tuple[Path, int] | None = None
        self._value = default

    def read(self, content: Path) -> Read:
        """Return what the file says now, never raising: the page must stay up."""
        try:
            changed = (content / self._name).stat().st_mtime_ns
        except OSError:
            changed = 0
        with self._lock:
            if self._seen != (content, changed):
                self._seen = (content, changed)
                try:
                    self._value = self._read(content)
                except ContentError as error:
                    _log.error("%s", error)
            return self._value


def _read_clinic(content: Path) -> Clinic:
    read = read_clinic(content)
    for warning in read.warnings:
        _log.warning("%s", warning)
    return read


_clinic_file: KeptFile[Clinic] = KeptFile(CLINIC_FILE, _read_clinic, Clinic())
_red_flags_file: KeptFile[RedFlags] = KeptFile(RED_FLAGS_FILE, read_red_flags, RedFlags())
_routes_file: KeptFile[Mapping[str, Route]] = KeptFile(ROUTES_FILE, read_routes, {})


def clinic() -> Clinic:
    """Return the clinic's settings for the page that is being drawn."""
    return _clinic_file.read(from_environment().content)


def is_for_staff() -> bool:
    """Say whether the pages that are not meant for patients are turned on.

    By `CLINIC_AUDIENCE=staff` alone (`python -m ui --staff` sets it): a file of the content is
    copied to the server of patients too.
    """
    return os.environ.get(AUDIENCE_VARIABLE) == STAFF


def is_api_on() -> bool:
    """Say whether programs may search at `/api/search`.

    By `CLINIC_API=1`, or by the clinic's settings when the variable is not set.
    """
    told = os.environ.get(API_VARIABLE, "").strip().lower()
    return told in _ON if told else clinic().api


def red_flags() -> RedFlags:
    """Return the clinic's urgent-symptom notices; the same object until the file changes."""
    return _red_flags_file.read(from_environment().content)


def numbers() -> Numbers:
    """Return the telephone numbers of the clinic's country; none when that is not known."""
    return red_flags().numbers.get(clinic().country, Numbers())


def routes() -> Mapping[str, Route]:
    """Return the clinic's route cards, by id."""
    return _routes_file.read(from_environment().content)
