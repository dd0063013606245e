"""`clinic-search` hands each command to its package, with the clinic of the current folder."""

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click
import pytest

import clinic_search
from core import places
from core.command_line import run
from core.errors import UsageError
from core.offline import QUIET
from index.bank.route_cards import FILE_NAME as ROUTES
from ingest.new.folder import make_folder
from tests.support.paths import ROOT

Handed = tuple[str, list[str]]
FOLDERS = ("CLINIC_CONTENT", "CLINIC_BUILT")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and an environment that will be put back."""
    for name in (places.COMMAND_VARIABLE, *FOLDERS):
        monkeypatch.setenv(name, "")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def handed(here: Path, monkeypatch: pytest.MonkeyPatch) -> list[Handed]:
    """What each package was given, in place of doing it."""
    given: list[Handed] = []
    for package in places.NAMES:

        def note(arguments: Sequence[str], package: str = package) -> int:
            given.append((package, list(arguments)))
            return 7

        monkeypatch.setattr(import_module(f"{package}.__main__"), "main", note)
    return given


@pytest.mark.parametrize(
    ("typed", "package", "arguments"),
    [
        ("serve --port 8600", "ui", "--port 8600"),
        ("ingest --content mine claims", "ingest", "--content mine claims"),
        ("new mine --name Ours", "ingest", "new mine --name Ours"),
        ("search -k 2 knee", "index", "search -k 2 knee"),
        ("evaluate notices --json", "evaluation", "notices --json"),
        ("index rollback", "index", "rollback"),
        ("safety validate", "safety", "validate"),
        ("counts", "ui.counting", ""),
    ],
)
def test_a_command_goes_to_its_package_with_its_arguments_and_exit_code(
    handed: list[Handed], typed: str, package: str, arguments: str
) -> None:
    assert clinic_search.main(typed.split()) == 7
    assert handed == [(package, arguments.split())]


def test_every_command_is_in_the_help_and_every_renamed_package_is_a_command() -> None:
    shown = [line.split()[0] for line in clinic_search.HELP.splitlines() if line.startswith("  ")]
    assert sorted(shown) == sorted(clinic_search.COMMANDS)
    assert set(places.NAMES.values()) <= set(clinic_search.COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_the_help_comes_without_a_command(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["clinic-search"])
    assert clinic_search.main(arguments or None) == 0
    assert capsys.readouterr().out == clinic_search.HELP


def test_what_is_no_command_may_be_a_question_and_is_not_repeated(
    handed: list[Handed], capsys: pytest.CaptureFixture[str]
) -> None:
    assert clinic_search.main(["my", "knee", "hurts"]) == 2
    said = capsys.readouterr()
    assert not handed
    assert not said.out
    assert "knee" not in said.err
    assert "no such command" in said.err


def test_the_folders_are_those_of_the_current_folder_or_of_the_environment(
    handed: list[Handed], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic_search.main(["serve"])
    assert os.environ["CLINIC_CONTENT"] == str(here / "content")
    assert os.environ["CLINIC_BUILT"] == str(here / "index" / "built")
    monkeypatch.setenv("CLINIC_CONTENT", "elsewhere")
    clinic_search.main(["serve"])
    assert os.environ["CLINIC_CONTENT"] == str(here / "elsewhere")


def test_the_only_clinic_here_is_the_default_where_nothing_is_called_content(here: Path) -> None:
    make_folder(Path("my-clinic"), {"name": "Ours"})
    assert places.content_here() == Path("my-clinic")
    make_folder(Path("another"), {"name": "Theirs"})
    assert places.content_here() == Path("content")
    make_folder(Path("content"), {"name": "The sample's"})
    assert places.content_here() == Path("content")


def test_a_new_clinic_is_ready_for_the_other_commands_without_naming_it(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clinic_search.main(["new", "my-clinic", "--name", "Ours"]) == 0
    said = capsys.readouterr().out + (here / "my-clinic" / "README.md").read_text(encoding="utf-8")
    assert "clinic-search ingest --content my-clinic" in said
    assert "clinic-search serve --content my-clinic" in said
    assert "python -m" not in said
    assert "make " not in said
    assert (here / "my-clinic" / ROUTES).is_file()
    assert clinic_search.main(["safety", "validate"]) == 0
    assert f"my-clinic{os.sep}red_flags.toml" in capsys.readouterr().out


def test_a_message_names_commands_as_they_are_typed(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = UsageError(
        "No.", fix="python -m ingest, python -m ui.counting. Or: python -m ui --port 1"
    )
    assert "python -m ui.counting" in str(error)
    assert clinic_search.main(["search", "knee"]) == 1
    assert "to fix it: clinic-search ingest" in capsys.readouterr().err
    assert "clinic-search ingest, clinic-search counts. Or: clinic-search serve --port 1" in str(
        error
    )
    assert (
        places.as_typed("python -m pip, python -m training") == "python -m pip, python -m training"
    )
    assert clinic_search.main(["evaluate", "--nothing"]) == 2
    assert "Usage: clinic-search evaluate" in capsys.readouterr().err


def test_what_installs_a_missing_library_is_one_line_here_and_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    @click.argument("module")
    def importing(module: str) -> None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    assert run(importing, ["scipy.sparse"], program="python -m ingest") == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "This command needs scipy, which is not installed."
    assert said[1:] == [f"  to fix it: {places.install('ingest')}"]
    assert (ROOT / places.install("ingest").split()[-1]).is_file()
    monkeypatch.setattr(places, "IS_CHECKOUT", False)
    assert places.install("ingest") == 'pip install ".[ingest]" in the folder of the project'
    assert places.install() == 'pip install "." in the folder of the project'
    with pytest.raises(ModuleNotFoundError):  # a defect of ours
        run(importing, ["index.nothing"], program="python -m ingest")


def test_the_command_switches_telemetry_off_before_any_library_is_imported() -> None:
    code = "import clinic_search, os, sys; print(dict(os.environ)); print('click' in sys.modules)"
    bare = {name: value for name, value in os.environ.items() if name not in QUIET}
    done = subprocess.run(
        [sys.executable, "-c", code], env=bare, cwd=ROOT, capture_output=True, text=True, check=True
    )
    variables, loaded = done.stdout.splitlines()
    assert loaded == "False"
    assert all(f"'{name}': '{value}'" in variables for name, value in QUIET.items())
