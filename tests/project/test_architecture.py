"""The architecture page is true: its pictures are the code's, its paths exist, it stays short."""

import re

import pytest

from tests.support.architecture_pictures import DOCS, PICTURES, direct, package_imports
from tests.support.paths import ROOT

PAGE = (DOCS / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_the_code_draws(name: str) -> None:
    drawn = PICTURES[name]()
    assert (DOCS / name).read_text(encoding="utf-8") == drawn, "run: make pictures"
    assert f"({name})" in PAGE


def test_an_import_that_others_imply_is_no_arrow_of_its_own() -> None:
    imports = {name: set[str]() for name in package_imports()}
    imports |= {"ui": {"index", "safety", "core"}, "index": {"core"}, "safety": {"core"}}
    expected = [("safety", "core"), ("index", "core"), ("ui", "index"), ("ui", "safety")]
    assert direct(imports) == expected


def test_every_path_that_the_page_names_exists() -> None:
    folders = "core|safety|index|ingest|ui|evaluation|benchmarks|tests|deploy"
    paths = re.findall(rf"`((?:{folders})/[\w/.-]*)`", PAGE)
    assert len(paths) > 40
    built = "index/built"  # made by ingest
    missing = [path for path in paths if not path.startswith(built) and not (ROOT / path).exists()]
    assert missing == []


def test_the_page_is_read_in_one_sitting() -> None:
    assert len(PAGE.splitlines()) <= 250
