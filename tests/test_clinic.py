from pathlib import Path

import pytest

from index.clinic import Clinic, read_clinic
from index.errors import ContentError
from tests.conftest import ROOT


def test_the_shipped_settings_can_be_read() -> None:
    clinic = read_clinic(ROOT / "content")
    assert clinic.numbers.emergency == "999"


def test_without_a_file_the_defaults_serve(tmp_path: Path) -> None:
    assert read_clinic(tmp_path) == Clinic()


def test_the_numbers_are_those_of_the_country(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text(
        'name = "Hill"\ncountry = "IE"\n'
        '[numbers.IE]\nemergency = "112"\n[numbers.GB]\nurgent = "111"'
    )
    clinic = read_clinic(tmp_path)
    assert (clinic.name, clinic.numbers.emergency, clinic.numbers.urgent) == ("Hill", "112", "")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name = ", "clinic.toml"),
        ("name = 3", "name"),
        ('nam = "x"', "nam"),
        ('country = "XX"', "country"),
        ('booking_url = "javascript:alert(1)"', "booking_url"),
        ('country = "GB"\n[numbers.GB]\nemergency = 999', "numbers.GB.emergency"),
        ('country = "GB"\n[numbers]\nGB = "999"', "numbers.GB"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "clinic.toml").write_text(text)
    with pytest.raises(ContentError) as caught:
        read_clinic(tmp_path)
    assert where in (caught.value.where or "")
