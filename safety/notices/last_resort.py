"""Emergency numbers by country, built in for when every file of notices is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from safety.notices.languages import language_of
from safety.notices.red_flags import Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safety.notices.red_flags import RedFlags

# As in the shipped files of notices;
# tests/safety/notices/test_last_resort.py compares.
NUMBERS: Mapping[str, Numbers] = {
    "GB": Numbers("999", "111", "116 123", "Samaritans"),
    "IE": Numbers("112", "", "116 123", "Samaritans"),
    "EU": Numbers("112"),
    "FR": Numbers("15", "", "3114", "3114, numéro national de prévention du suicide"),
    "BE": Numbers("112", "1733", "0800 32 123", "Centre de Prévention du Suicide"),
    "CH": Numbers("144", "", "143", "La Main Tendue"),
    "LU": Numbers("112", "", "45 45 45", "SOS Détresse"),
    "US": Numbers("911", "", "988", "988 Suicide and Crisis Lifeline"),
    "CA": Numbers("911", "811", "988", "Suicide Crisis Helpline"),
    "AU": Numbers("000", "", "13 11 14", "Lifeline"),
    "NZ": Numbers("111", "0800 611 116", "1737", "1737, need to talk?"),
    "IN": Numbers("112", "", "14416", "Tele-MANAS"),
}


def numbers_for(country: str, flags: RedFlags) -> Numbers:
    """Return a country's numbers from the file of notices, else the built-in numbers.

    For an unknown country all are empty, and the page lists the emergency numbers of all countries.
    Built-in numbers get words in the language of the notices.
    """
    if country in flags.numbers:
        return flags.numbers[country]
    return replace(NUMBERS.get(country, Numbers()), **language_of(flags.language).words)
