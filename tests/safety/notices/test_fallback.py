"""Which notices serve a clinic that has none of its own, and what is said of their language."""

from pathlib import Path

import pytest

from safety.notices.fallback import (
    PRODUCT_FILE,
    has_product_file,
    language_gap,
    notices_of,
    product_file,
    product_notices,
)
from safety.notices.red_flags import RedFlags
from tests.support.files.notice_files import block, write
from tests.support.paths import ROOT

FRENCH = PRODUCT_FILE.with_name("red_flags.fr.toml")


@pytest.mark.parametrize(
    ("language", "file"),
    [
        *(("en", PRODUCT_FILE), ("en-GB", PRODUCT_FILE), ("", PRODUCT_FILE)),
        *(("fr", FRENCH), ("fr-CA", FRENCH), ("FR", FRENCH)),
        *(("it", PRODUCT_FILE), ("cy", PRODUCT_FILE)),
    ],
)
def test_the_products_notices_are_in_the_language_or_else_english(
    language: str, file: Path
) -> None:
    assert product_file(language) == file
    assert product_notices(language).language == ("fr" if file == FRENCH else "en")
    assert has_product_file(language) == (language not in ("it", "cy"))


def test_a_folder_without_notices_gets_those_of_its_pages_language(tmp_path: Path) -> None:
    assert notices_of(tmp_path).language == "en"
    (tmp_path / "clinic.toml").write_text('language = "fr-BE"\n')
    assert notices_of(tmp_path) == product_notices("fr")
    write(tmp_path, block("neck"))
    assert list(notices_of(tmp_path).groups) == ["neck"]


def test_the_settings_in_the_index_say_the_language_where_the_folder_has_none(
    tmp_path: Path,
) -> None:
    content, copy = tmp_path / "content", tmp_path / "copy"
    content.mkdir()
    copy.mkdir()
    (copy / "clinic.toml").write_text('language = "fr"\n')
    assert notices_of(content, copy).language == "fr"


def test_french_words_under_english_notices_are_said_with_the_file_to_copy() -> None:
    assert language_gap(RedFlags(language="en"), "fr", Path("content")) == (
        "Your page is in French but its safety notices are in English: French words raise no "
        "notice. Copy safety/notices/red_flags.fr.toml to content/red_flags.toml and have it "
        "checked."
    )
    assert (ROOT / "safety/notices/red_flags.fr.toml").is_file()


def test_english_words_under_french_notices_are_said_too() -> None:
    gap = language_gap(RedFlags(language="fr"), "en-GB", Path("content"))
    assert gap.startswith("Your page is in English but its safety notices are in French: English")
    assert "Copy safety/notices/red_flags.toml to" in gap


@pytest.mark.parametrize(
    ("language", "name"), [("it", "Italian"), ("de-CH", "German"), ("xx", "the language “xx”")]
)
def test_a_language_that_the_product_has_no_notices_in_is_said(language: str, name: str) -> None:
    assert language_gap(RedFlags(), language, Path("content")) == (
        f"Your page is in {name} but its safety notices are in English: {name} words raise no "
        f"notice. The product has no notices in {name}: write content/red_flags.toml."
    )


@pytest.mark.parametrize(("notices", "page"), [("en", "en"), ("en", ""), ("fr", "fr-CA")])
def test_nothing_is_said_where_both_are_in_one_language(notices: str, page: str) -> None:
    assert language_gap(RedFlags(language=notices), page, Path("content")) == ""
