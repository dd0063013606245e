"""Emergency numbers by country, built in for when every file of notices is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safety.notices.red_flags import Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safety.notices.red_flags import RedFlags

# As in the shipped red_flags.toml, which names their sources;
# tests/safety/notices/test_last_resort.py compares.
NUMBERS: Mapping[str, Numbers] = {
    "GB": Numbers("999", "111", "116 123", "Samaritans"),
    "IE": Numbers("112", "", "116 123", "Samaritans"),
    "EU": Numbers("112"),
    "US": Numbers("911", "", "988", "988 Suicide and Crisis Lifeline"),
    "CA": Numbers("911", "811", "988", "Suicide Crisis Helpline"),
    "AU": Numbers("000", "", "13 11 14", "Lifeline"),
    "NZ": Numbers("111", "0800 611 116", "1737", "1737, need to talk?"),
    "IN": Numbers("112", "", "14416", "Tele-MANAS"),
}


def numbers_for(country: str, flags: RedFlags) -> Numbers:
    """Return a country's numbers from the file of notices, else the built-in numbers.

    For an unknown country all are empty, and the page lists the emergency numbers of all countries.
    """
    return flags.numbers.get(country) or NUMBERS.get(country) or Numbers()
