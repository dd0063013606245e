"""The settings of the page: environment variables and the files of the content folder.

Variables, so that every way of starting the page (`python -m ui`, `streamlit run app.py`, another
ASGI server) reads the same.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.clinic_settings import FILE_NAME as CLINIC_FILE
from core.clinic_settings import Clinic, numbers_lost, read_clinic
from core.places import HERE
from index.bank.route_cards import FILE_NAME as ROUTES_FILE
from index.bank.route_cards import Route, read_routes
from safety.notices.fallback import language_gap, lost, product_notices
from safety.notices.last_resort import numbers_for
from safety.notices.red_flags import Numbers, RedFlags
from safety.notices.red_flags_file import FILE_NAME as RED_FLAGS_FILE
from safety.notices.red_flags_file import read_red_flags
from ui.service.reloading_file import InUse, Read, ReloadingFile

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
    """What the environment says; relative paths are below core.places.HERE."""

    content: Path = HERE / "content"
    built: Path = HERE / "index" / "built"
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ("127.0.0.1",)
    names: tuple[str, ...] = ()


def from_environment() -> Settings:
    """Read the settings from the environment.

    `CLINIC_ORIGINS` lists further origins (`https://www.example.org`, separated by spaces) from
    which a page may connect, for a proxy that does not pass the Host header on. `CLINIC_PROXIES`
    lists the addresses whose X-Forwarded-For is believed; set but empty, nobody's is.
    `CLINIC_NAMES` lists the names under which visitors reach the page (ui/server/hosts.py).
    """
    return _settings(*map(os.environ.get, _VARIABLES))


@cache  # read for every word of a page
def _settings(*values: str | None) -> Settings:
    content, built, origins, proxies, names = values
    default = Settings()
    return Settings(
        content=default.content if content is None else HERE / content,
        built=default.built if built is None else HERE / built,
        origins=tuple((origins or "").split()),
        proxies=default.proxies if proxies is None else tuple(proxies.split()),
        names=tuple((names or "").split()),
    )


def _read_clinic(content: Path) -> Clinic:
    clinic = read_clinic(content)
    for warning in clinic.warnings if content == from_environment().content else ():
        _log.warning("%s", warning)
    return clinic


_clinic_file: ReloadingFile[Clinic] = ReloadingFile(
    CLINIC_FILE, _read_clinic, Clinic, lost=numbers_lost
)
_red_flags_file: ReloadingFile[RedFlags] = ReloadingFile(
    RED_FLAGS_FILE,
    read_red_flags,
    lambda: product_notices(clinic().language),
    lost=lost,
    default_for=lambda: clinic().language,
)
_routes_file: ReloadingFile[Mapping[str, Route]] = ReloadingFile(ROUTES_FILE, read_routes, dict)


def clinic() -> Clinic:
    """Return the clinic's settings now."""
    return _in_use(_clinic_file).value


def is_for_staff() -> bool:
    """Say whether this is the page for staff.

    Only `CLINIC_AUDIENCE=staff` says so (`python -m ui --staff` sets it): files of the content are
    copied to the server of patients too.
    """
    return os.environ.get(AUDIENCE_VARIABLE) == STAFF


def is_api_on() -> bool:
    """Say whether programs may search at `/api/search`: by `CLINIC_API`, else by the clinic."""
    value = os.environ.get(API_VARIABLE, "").strip().lower()
    return value in _ON if value else clinic().api


def red_flags() -> RedFlags:
    """Return the urgent-symptom notices in use; the same object until they change."""
    return red_flags_in_use().value


def red_flags_in_use() -> InUse[RedFlags]:
    """Return the notices in use with their source."""
    return _in_use(_red_flags_file)


def notices_gap() -> str:
    """Say that the notices are not in the language of the page, and how to get some; else empty."""
    return language_gap(red_flags(), clinic().language, from_environment().content)


def numbers() -> Numbers:
    """Return the telephone numbers of the clinic's country; none if the country is unknown."""
    return numbers_for(clinic().country, red_flags())


def routes() -> Mapping[str, Route]:
    """Return the clinic's route cards, by id."""
    return _in_use(_routes_file).value


def problems() -> Iterator[tuple[str, InUse[Any]]]:
    """Yield the settings files that cannot be used, by name, with what is used instead."""
    files: tuple[ReloadingFile[Any], ...] = (_red_flags_file, _clinic_file, _routes_file)
    for file in files:
        in_use = _in_use(file)
        if in_use.problem:
            yield file.name, in_use


def _in_use(file: ReloadingFile[Read]) -> InUse[Read]:
    given = from_environment()
    return file.in_use(given.content, given.built)
