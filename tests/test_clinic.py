from pathlib import Path

import pytest

from index.clinic import Clinic, read_clinic
from index.errors import ContentError
from tests.conftest import ROOT


def test_the_shipped_settings_can_be_read() -> None:
    clinic = read_clinic(ROOT / "content")
    assert (clinic.country, clinic.audience) == ("GB", "patients")


def test_without_a_file_the_defaults_serve(tmp_path: Path) -> None:
    assert read_clinic(tmp_path) == Clinic()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name = ", "clinic.toml"),
        ("name = 3", "name"),
        ('nam = "x"', "nam"),
        ('audience = "doctors"', "audience"),
        ('booking_url = "javascript:alert(1)"', "booking_url"),
        ('[numbers.GB]\nemergency = "999"', "numbers"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "clinic.toml").write_text(text)
    with pytest.raises(ContentError) as caught:
        read_clinic(tmp_path)
    assert where in (caught.value.where or "")
