"""The README is tested prose: its commands exist, its paths are there, its words are the code's."""

import re
import subprocess
from fnmatch import fnmatch
from importlib import import_module

import pytest

from tests.support.paths import ROOT
from ui.languages import text

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page",
    [
        *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "deploy/README.md"),
        *("docs/architecture.md", "docs/benchmarks.md"),
        *("docs/distributed.md", "docs/evaluation.md", "docs/security.md"),
    ],
)
def test_every_link_and_picture_points_to_something(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), f"{page}: {target}"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    prose = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)", prose)) - {"and"}
    assert "test" in named
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert named <= targets


def test_places_that_the_page_for_contributors_names_exist() -> None:
    named = set(re.findall(r"`([\w./-]+/[\w.]*)`", CONTRIBUTING)) - {"ui/languages/TAG.toml"}
    assert len(named) > 10
    assert sorted(place for place in named if not (ROOT / place).exists()) == []


def help_of(module: str, capsys: pytest.CaptureFixture[str]) -> str:
    try:
        code = import_module(f"{module}.__main__").main(["--help"])
    except SystemExit as ended:
        code = ended.code
    assert code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("module", ["ingest", "index", "ui", "evaluation", "benchmarks"])
def test_every_command_of_the_readme_explains_itself(
    module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"python -m {module}" in README
    assert f"python -m {module}" in help_of(module, capsys)


def test_the_index_commands_of_the_readme_exist(capsys: pytest.CaptureFixture[str]) -> None:
    found = help_of("index", capsys)
    for command in set(re.findall(r"python -m index (\w+)", README)):
        assert command in found


def test_places_of_the_layout_exist() -> None:
    layout = README.partition("## Layout")[2].partition("## Licence")[0]
    places = re.findall(r"^\| `([^`]+)`", layout, re.MULTILINE)
    assert len(places) > 5
    assert all((ROOT / place).exists() for place in places)


def test_the_intended_purpose_stands_in_the_readme_unchanged() -> None:
    quoted = " ".join(line.lstrip("> ") for line in README.splitlines() if line.startswith("> "))
    assert text.PURPOSE in quoted


def test_every_figure_of_the_readme_names_the_command_that_measures_it() -> None:
    table = README.partition("## How good it is")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 3
    for row in rows:
        assert re.search(r"`(python -m|make) [^`]+`", row), row


def test_modules_that_the_architecture_page_names_exist() -> None:
    for path in set(
        re.findall(r"`((?:index|ingest|ui|tests|evaluation|benchmarks)/\w+\.py)`", ARCHITECTURE)
    ):
        assert (ROOT / path).exists(), path


def test_tests_that_the_security_page_names_exist() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", SECURITY))
    assert len(named) > 10
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_the_screenshots_are_few_and_small() -> None:
    pictures = list((ROOT / "docs" / "screenshots").iterdir())
    assert {path.suffix for path in pictures} == {".webp"}
    assert sum(path.stat().st_size for path in pictures) < 2_000_000


def test_no_file_names_a_machine_or_a_registry() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    forbidden = re.compile(r"/work/|/tmp/probe|files\.python" r"hosted|registry\.npm" r"js")
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in {".png", ".webp", ".woff2"} or not path.is_file():
            continue
        found = forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None or name == "tests/project/test_readme.py", f"{name}: {found}"


def test_no_folder_of_tests_is_left_out(pytestconfig: pytest.Config) -> None:
    left_out = pytestconfig.getini("norecursedirs")
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    names = {part for folder in folders for part in folder.relative_to(ROOT).parts}
    assert [name for name in names if any(fnmatch(name, pattern) for pattern in left_out)] == []
