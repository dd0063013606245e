"""The numbers that remain when every file is gone."""

import pytest

from core.clinic_settings import Clinic
from safety.notices.fallback import PRODUCT_FILE, product_notices
from safety.notices.last_resort import NUMBERS, numbers_for
from safety.notices.red_flags import Numbers, RedFlags, filled
from tests.support.paths import ROOT
from ui.rendering import layout

DIALLED = ("emergency", "urgent", "crisis", "crisis_name")


def test_the_product_ships_the_notices_of_the_sample_clinic() -> None:
    assert PRODUCT_FILE.read_bytes() == (ROOT / "content" / "red_flags.toml").read_bytes()
    assert len(product_notices().groups) >= 38


def test_the_numbers_that_are_built_in_are_those_of_the_shipped_files() -> None:
    shipped = {**product_notices("fr").numbers, **product_notices().numbers}
    assert set(NUMBERS) == set(shipped)
    for country, numbers in NUMBERS.items():
        for name in DIALLED:
            assert getattr(numbers, name) == getattr(shipped[country], name), (country, name)


@pytest.mark.parametrize("country", ["CA", "EU"])
def test_a_country_of_two_languages_has_the_same_numbers_in_both(country: str) -> None:
    french, english = (product_notices(code).numbers[country] for code in ("fr", "en"))
    assert french.telephones == english.telephones


def test_built_in_numbers_get_words_in_the_language_of_the_notices() -> None:
    french = numbers_for("FR", RedFlags(language="fr"))
    assert (french.emergency, french.hospital) == ("15", "à l'hôpital le plus proche")
    nowhere = numbers_for("", RedFlags(language="fr"))
    assert filled("Appelez le {emergency}", nowhere) == "Appelez le numéro d'urgence de votre pays"
    assert numbers_for("", RedFlags()) == Numbers()


@pytest.mark.parametrize("country", sorted(NUMBERS))
def test_a_country_that_the_file_does_not_know_keeps_its_numbers(country: str) -> None:
    assert numbers_for(country, RedFlags()) == NUMBERS[country]
    own = RedFlags(numbers={country: Numbers(emergency="123")})
    assert numbers_for(country, own) == Numbers(emergency="123")


@pytest.mark.parametrize("country", ["", "XX"])
def test_without_a_country_get_help_now_lists_the_numbers_of_all(country: str) -> None:
    drawn = layout.help_panel(Clinic(), numbers_for(country, RedFlags()))
    for number in ("999", "112", "911", "000", "111"):
        assert f'href="tel:{number}"' in drawn
    assert "United Kingdom" in drawn
