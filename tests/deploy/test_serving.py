"""A server that has only what serving needs, and an index that was made on another machine."""

import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from core.places import install
from tests.support.containers.files import stages
from tests.support.files.requirement_files import normal, pins
from tests.support.pages.browser import serving
from tests.support.paths import ROOT

# Refuses every module of packages that are not installed on the server, whoever imports it, and
# tells at the end of the process which modules of some large ones were imported all the same.
SITE = """
import sys
REFUSED = frozenset({refused!r})

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in REFUSED:
            raise ModuleNotFoundError(f"{{name}} is not installed on this server", name=name)

sys.meta_path.insert(0, Refuse())
"""


def pinned(file: str) -> dict[str, str]:
    return pins(ROOT / file)


def taken_out() -> set[str]:
    lines = " ".join(stages()["slim"].all("RUN"))
    return set(" ".join(re.findall(r"pip uninstall --yes ([\w -]+)", lines)).split())


def not_on_the_server() -> set[str]:
    """Return the top-level modules of all packages here that the server does not have.

    A server in a container has none of what deploy/Containerfile takes out either.
    """
    there = set(pinned("requirements-serve.txt")) - taken_out()
    owners = metadata.packages_distributions()
    gone = {name for name, of in owners.items() if not {normal(one) for one in of} & there}
    return gone - {"_distutils_hack", "pip", "setuptools", "pkg_resources"}


@pytest.fixture
def server_without(tmp_path: Path) -> dict[str, str]:
    """The environment of a process on the server."""
    site = tmp_path / "site"
    site.mkdir()
    refused = sorted(not_on_the_server())
    (site / "sitecustomize.py").write_text(SITE.format(refused=refused), encoding="utf-8")
    return {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, **environment}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=settings, check=False
    )


@pytest.fixture
def copied(real_built: Path, tmp_path: Path) -> Path:
    """The index as README says to copy it."""
    return Path(shutil.copytree(real_built, tmp_path / "elsewhere" / "built"))


def test_every_requirement_of_serving_is_pinned_exactly_and_none_stands_twice() -> None:
    serve, ingest = pinned("requirements-serve.txt"), pinned("requirements.txt")
    assert all(re.fullmatch(r"==[\w.]+", pin) for pin in [*serve.values(), *ingest.values()])
    assert not set(serve) & set(ingest)
    assert {"torch", "sentence-transformers", "transformers", "scikit-learn"} <= set(ingest)


def required(names: set[str]) -> Iterator[str]:
    for name in names:
        for line in metadata.requires(name) or []:
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                yield normal(wanted.name)


def test_what_serving_needs_is_complete() -> None:
    there = set(pinned("requirements-serve.txt"))
    here = {normal(one.metadata["Name"]) for one in metadata.distributions()}
    assert set(required(there & here)) - there == set()


def test_torch_and_its_like_are_not_on_the_server() -> None:
    gone = not_on_the_server()
    assert {"torch", "sentence_transformers", "transformers", "sklearn", "scipy"} <= gone
    assert {"pandas", "PIL", "altair", "pydeck", "huggingface_hub", "hf_xet"} <= gone
    assert not {"streamlit", "onnxruntime", "tokenizers", "faiss", "pyarrow"} & gone


@pytest.mark.slow
@pytest.mark.model
def test_an_index_that_was_copied_is_served_without_anything_of_ingest(
    copied: Path, server_without: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "server.log"
    with serving(copied, log, environment=server_without) as server:
        for question, said in (
            ("what is dry needling", b"dry needling"),
            ("how much does a session cost", b"cost"),
        ):
            form = urllib.parse.urlencode({"q": question}).encode()
            asked = urllib.request.Request(f"{server.url}plain", form)
            with urllib.request.urlopen(asked, timeout=30) as answer:
                assert answer.status == 200
                assert said in answer.read().lower()
        assert "not installed" not in server.written()


@pytest.mark.model
def test_the_first_answer_comes_without_anything_of_ingest(
    copied: Path, server_without: dict[str, str]
) -> None:
    command = [sys.executable, "-m", "index", "search", "--built", str(copied), "stiff muscles"]
    done = run(command, server_without)
    assert done.returncode == 0, done.stderr
    assert "ANSWER" in done.stdout


def test_the_pages_that_serve_import_nothing_of_ingest_when_they_are_loaded(
    server_without: dict[str, str],
) -> None:
    packages = [ROOT / name for name in ("index", "safety", "ui")]
    modules = sorted(
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for package in packages
        for path in package.rglob("*.py")
        if path.name not in ("__main__.py", "__init__.py") and path.name != "milvus.py"
    )
    code = "\n".join(f"import {name}" for name in modules)
    done = run([sys.executable, "-c", code], server_without)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("command", ["ingest claims", "evaluation notices"])
def test_a_command_that_serving_does_not_need_says_what_to_install(
    command: str, server_without: dict[str, str]
) -> None:
    done = run([sys.executable, "-m", *command.split()], server_without)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"  to fix it: {install('ingest')}"
    assert "Traceback" not in done.stderr


def test_a_clinic_can_be_made_with_what_serving_needs(
    server_without: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "ingest", "new", str(tmp_path / "mine")]
    assert run(command, server_without).returncode == 0
