from dataclasses import replace
from pathlib import Path

import pytest

from core.clinic_settings import Clinic, contacts_warning, read_clinic
from core.errors import ContentError
from tests.support.paths import ROOT


def test_the_shipped_settings_can_be_read() -> None:
    clinic = read_clinic(ROOT / "content")
    assert (clinic.country, clinic.warnings) == ("GB", ())


def test_without_a_file_the_defaults_serve(tmp_path: Path) -> None:
    assert read_clinic(tmp_path) == Clinic()
    (tmp_path / "clinic.toml").write_text('audience = "patients"')  # a line of older versions
    assert read_clinic(tmp_path) == Clinic()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name = ", "clinic.toml"),
        ("name = 3", "name"),
        ('nam = "x"', "nam"),
        ('booking_url = "javascript:alert(1)"', "booking_url"),
        ('email = "nobody"', "email"),
        ('email = "a@b.example?bcc=x@y.example"\nshort_name = 3', "short_name"),
        ('[numbers.GB]\nemergency = "999"', "numbers"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "clinic.toml").write_text(text)
    with pytest.raises(ContentError) as caught:
        read_clinic(tmp_path)
    assert where in (caught.value.where or "")


def test_what_patients_need_to_reach_the_clinic_is_missed() -> None:
    empty = Clinic()
    assert "telephone, booking_url, public_url are empty" in contacts_warning(empty)
    known = replace(empty, telephone="1", booking_url="https://b.example")
    assert contacts_warning(known).startswith("clinic.toml: public_url is empty")
    assert contacts_warning(replace(known, public_url="https://s.example/")) == ""


@pytest.mark.parametrize("line", ['audience = "staff"', 'audience = "doctors"', "audience = true"])
def test_who_the_page_is_for_no_longer_counts_and_takes_nothing_else_with_it(
    tmp_path: Path, line: str
) -> None:
    (tmp_path / "clinic.toml").write_text(f'name = "Ours"\n{line}\ntelephone = "020"\n')
    clinic = read_clinic(tmp_path)
    assert (clinic.name, clinic.telephone) == ("Ours", "020")
    (warning,) = clinic.warnings
    assert "audience" in warning
    assert "python -m ui --staff" in warning
