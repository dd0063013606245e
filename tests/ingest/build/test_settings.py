"""The notices that an ingest takes, and what it says when they are not in the page's language."""

from pathlib import Path

import pytest

from ingest.build.settings import read_settings_files
from safety.notices.fallback import product_file
from tests.support.files.notice_files import block, write

# How patients reach the clinic, of which no warning is expected here.
REACHED = 'telephone = "1"\nbooking_url = "https://b.example"\n'


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "clinic.toml").write_text(f'{REACHED}language = "fr"\n')
    return tmp_path


def test_without_notices_a_french_page_takes_the_french_ones(content: Path) -> None:
    read = read_settings_files(content, {})
    assert read.files["red_flags.toml"] == product_file("fr").read_bytes()
    assert read.red_flags.language == "fr"
    (missing,) = read.warnings
    assert f"copy {product_file('fr')} to {content / 'red_flags.toml'}" in missing.problem


def test_english_notices_of_a_french_page_are_a_finding(content: Path) -> None:
    write(content, block("neck"))
    (gap,) = read_settings_files(content, {}).warnings
    assert (gap.severity, gap.source) == ("warning", "red_flags.toml")
    assert gap.problem.startswith("Your page is in French but its safety notices are in English")
    write(content, 'language = "fr-CA"', block("neck"))
    assert not read_settings_files(content, {}).warnings


def test_a_language_without_notices_is_a_finding_that_says_to_write_them(content: Path) -> None:
    (content / "clinic.toml").write_text(f'{REACHED}language = "it"\n')
    problems = [finding.problem for finding in read_settings_files(content, {}).warnings]
    assert len(problems) == 2
    assert problems[1].endswith(f"write {content / 'red_flags.toml'}.")


def test_the_settings_in_the_index_say_the_language_where_the_folder_has_none(
    content: Path,
) -> None:
    (content / "clinic.toml").unlink()
    read = read_settings_files(content, {"clinic.toml": b'language = "fr"\n'})
    assert read.red_flags.language == "fr"
