"""What pip installs has all its files, and works from a folder of wheels without a network."""

import os
import subprocess
import sys
import urllib.parse
import urllib.request
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.pages.browser import serving
from tests.support.paths import ROOT

# What lies in a checkout for those who change the project, or was made from what is installed.
LEFT_OUT = ("evaluation/results/",)
PACKAGES = ("core", "evaluation", "index", "ingest", "safety", "ui")
SINGLE = {
    *("app.py", "clinic_search.py", ".streamlit/config.toml", "training/questions.csv"),
    *(f"content/{name}.toml" for name in ("clinic", "routes", "vocabulary")),
}


def cannot(why: str) -> NoReturn:
    """Skip a test that cannot run here, loudly; where everything must be there, fail."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(f"SKIPPED: {why}")


@pytest.fixture
def hatchling() -> None:
    if find_spec("hatchling") is None:
        cannot("hatchling is not installed (make test installs it)")


def tracked() -> set[str]:
    """Return the files of the packages, new ones too, that git does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *PACKAGES]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in names.split("\0") if name and (ROOT / name).exists()}


@pytest.mark.usefixtures("hatchling")
def test_the_wheel_has_every_file_of_the_packages_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        names = {name for name in files.namelist() if ".dist-info/" not in name}
    assert names == SINGLE | {name for name in tracked() if not name.startswith(LEFT_OUT)}


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """What `make wheels FOR=serving` makes; it needs a registry, or what pip keeps of one."""
    folder = tmp_path / "wheels"
    command = [sys.executable, ".ci/wheels.py", str(folder), "--for", "serving"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        cannot(f"no wheels can be had here: {done.stderr[-300:]}")
    return folder


@pytest.fixture
def without_network() -> list[str]:
    """What stands before a command to cut it off from every network, its own machine's too."""
    command = ["unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*command, "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        cannot(f"no network can be taken away here ({error})")
    return command


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.usefixtures("hatchling")
def test_from_a_folder_of_wheels_it_is_installed_and_answers_without_a_network(
    wheels: Path, without_network: list[str], real_built: Path, tmp_path: Path
) -> None:
    here, program = tmp_path / "here", tmp_path / "env" / "bin" / "clinic-search"
    here.mkdir()
    venv.create(tmp_path / "env", with_pip=True)

    # Nothing of this process's own: neither its folders nor where its Python looks for modules.
    bare = {name: "" for name in os.environ if name.startswith(("CLINIC_", "PYTHON"))}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*without_network, *command],
            cwd=here,
            env={**os.environ, **bare},
            capture_output=True,
            text=True,
            check=False,
        )

    listed = ("--require-hashes", "-r", str(wheels / "requirements.txt"))
    python = str(tmp_path / "env" / "bin" / "python")
    done = run(python, "-m", "pip", "install", "--no-index", "--find-links", str(wheels), *listed)
    assert done.returncode == 0, done.stderr
    assert run(python, "-m", "pip", "check").returncode == 0

    assert run(str(program), "new", "my-clinic", "--name", "Ours").returncode == 0
    assert (here / "my-clinic" / "red_flags.toml").is_file()
    (here / "index").mkdir()
    (here / "index" / "built").symlink_to(real_built)
    done = run(str(program), "search", "what is dry needling")
    assert done.stdout.startswith("ANSWER"), done.stderr
    done = run(str(program), "ingest")
    assert '  to fix it: pip install ".[ingest]" in the folder' in done.stderr

    start = f"import os, sys; os.execv({str(program)!r}, ['clinic-search', 'serve', *sys.argv[1:]])"
    own = {**bare, "CLINIC_CONTENT": "", "CLINIC_BUILT": ""}
    log = tmp_path / "log"
    with serving(real_built, log, launcher=("-c", start), cwd=here, environment=own) as server:
        form = urllib.parse.urlencode({"q": "what is dry needling"}).encode()
        with urllib.request.urlopen(f"{server.url}plain", form, timeout=60) as answer:
            page = answer.read().decode()
        assert "dry needling" in page.lower()
        assert "<title>" in page
        assert "Ours" in page
    assert {path.name for path in here.iterdir()} == {"my-clinic", "index"}
