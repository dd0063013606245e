from pathlib import Path

import pytest

from core.clinic_settings import read_clinic
from core.errors import ContentError
from core.public_address import public_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://search.clinic.example", "https://search.clinic.example/"),
        ("https://search.clinic.example/", "https://search.clinic.example/"),
        ("http://192.168.1.20:8501", "http://192.168.1.20:8501/"),
        ("https://www.clinic.example/en/search", "https://www.clinic.example/en/search/"),
        ("HTTPS://Clinic.Example", "HTTPS://Clinic.Example/"),
    ],
)
def test_an_address_that_patients_open_ends_in_one_slash(written: str, address: str) -> None:
    assert public_address(written) == address
    assert public_address(address) == address


@pytest.mark.parametrize(
    "written",
    [
        *("search.clinic.example", "javascript:alert(1)", "ftp://clinic.example", "https://"),
        *("https://clinic.example/../secret", "https://clinic.example/a/./b", "https://a/.."),
        *("https://clinic.example//", "https://clinic.example/a//b", "https://clinic.example/%2e"),
        *("https://clinic.example/?q=neck", "https://clinic.example/#q", "https://a b.example"),
        *("https://user:word@clinic.example", "https://clinic.example:99999", "https://a:0"),
        *("http://localhost:8501", "http://127.0.0.1:8501", "http://0.0.0.0", "http://127.1.2.3/x"),
        *("https://page.localhost", "http://localhost.", 'https://a"b', "https://clinic.example\n"),
    ],
)
def test_what_patients_cannot_open_is_refused_with_its_place(written: str, tmp_path: Path) -> None:
    assert public_address(written) == ""
    if written.strip() != written or '"' in written:
        return
    (tmp_path / "clinic.toml").write_text(f'public_url = "{written}"')
    with pytest.raises(ContentError) as caught:
        read_clinic(tmp_path)
    assert "public_url" in (caught.value.where or "")
    assert "https://search.clinic.example" in (caught.value.expected or "")
    assert caught.value.found == written


def test_the_setting_is_empty_until_somebody_says_it(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text('name = "Ours"')
    assert read_clinic(tmp_path).public_url == ""
    (tmp_path / "clinic.toml").write_text('public_url = "https://clinic.example"')
    assert read_clinic(tmp_path).public_url == "https://clinic.example/"
