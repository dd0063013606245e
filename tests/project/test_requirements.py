"""What is installed is pinned with the hash of every file, and made from what people edit."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.files.requirement_files import named, normal, pins, requirements
from tests.support.paths import ROOT

CPU, CUDA = ROOT / "requirements-cpu.txt", ROOT / "requirements-cuda.txt"
WRITTEN = sorted([*ROOT.glob("requirements*.in"), *ROOT.glob("benchmarks/requirements*.in")])
LOCKED = sorted([*ROOT.glob("requirements*.txt"), *ROOT.glob("benchmarks/requirements*.txt")])
OFFICIAL = re.compile(r"sha256:[0-9a-f]{64}")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def with_named(path: Path) -> Iterator[Path]:
    yield path
    for below in named(path):
        yield from with_named(below)


def test_every_file_that_people_edit_has_its_locked_one() -> None:
    assert len(WRITTEN) == 5
    assert {path.with_suffix(".txt") for path in WRITTEN} | {CPU, CUDA} == set(LOCKED)


@pytest.mark.parametrize("path", LOCKED, ids=name)
def test_every_requirement_is_pinned_exactly_and_has_a_hash(path: Path) -> None:
    found = requirements(path)
    assert found
    for one, hashes in found:
        assert re.fullmatch(r"==[\w.+]+", str(one.specifier)), one
        assert hashes, one
        assert all(OFFICIAL.fullmatch(value) for value in hashes), one
        assert len(set(hashes)) == len(hashes), one
    assert "://" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_a_locked_file_has_what_its_own_asks_for_and_names_its_like(path: Path) -> None:
    locked = path.with_suffix(".txt")
    assert pins(path).items() <= pins(locked).items()
    asked = {normal(one.name): one.marker for one, _ in requirements(path) if one.marker}
    kept = {normal(one.name): one.marker for one, _ in requirements(locked)}
    assert {name: str(kept[name]) for name in asked} == {n: str(m) for n, m in asked.items()}
    below = {one.with_suffix(".txt") for one in with_named(path)}
    assert set(with_named(locked)) == below
    assert f"`make lock` from {path.name}" in locked.read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize("path", LOCKED, ids=name)
def test_a_requirement_stands_in_one_of_the_files_that_are_installed_together(path: Path) -> None:
    together = {*with_named(path), *([CUDA] if path not in {CPU, CUDA} else [])}
    names = [one for file in together for one in pins(file)]
    assert len(names) == len(set(names))


def test_pyproject_lists_what_people_wrote_into_the_files() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {
        extra: [Requirement(line) for line in lines if not line.startswith(project["name"])]
        for extra, lines in project["optional-dependencies"].items()
    }
    listed = {"serve": [Requirement(line) for line in project["dependencies"]], **extras}
    files = {
        "serve": "requirements-serve.in",
        "ingest": "requirements.in",
        "milvus": "requirements-milvus.in",
        "dev": "requirements-dev.in",
    }
    for extra, file in files.items():
        assert set(listed.pop(extra)) == {one for one, _ in requirements(ROOT / file)}, file
    assert listed == {}


def test_what_builds_the_wheel_is_pinned_as_it_is_locked() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    locked = {
        one: pin
        for file in with_named(ROOT / "requirements-dev.txt")
        for one, pin in pins(file).items()
    }
    asked = {normal(one.name): str(one.specifier) for one in map(Requirement, build["requires"])}
    assert "hatchling" in asked
    assert asked == {one: locked[one] for one in asked}


def test_files_that_are_not_installed_together_agree() -> None:
    versions: dict[str, set[str]] = {}
    for path in LOCKED:
        for package, version in pins(path).items():
            versions.setdefault(package, set()).add(version.partition("+")[0])
    assert {name for name, found in versions.items() if len(found) > 1} == set()


def test_the_build_without_graphics_cards_is_the_same_pytorch_and_may_be_installed() -> None:
    ((cpu, (its_hash,)),) = requirements(CPU)
    all_of = requirements(ROOT / "requirements.txt")
    (ours,) = [hashes for one, hashes in all_of if one.name == "torch"]
    assert str(cpu.specifier) == pins(ROOT / "requirements.in")["torch"] + "+cpu"
    assert its_hash in ours
    assert len(ours) > 10  # and PyPI's, of every system and Python


def test_wherever_pip_installs_from_these_files_it_asks_for_hashes() -> None:
    prose = ("README.md", "deploy/README.md", "docs/distributed.md", "Makefile")
    installs = [
        (file, line)
        for file in (*prose, "core/places.py", ".ci/wheels.py")
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
        if re.search(r"pip.* install\b.*(-r |--quiet)", line)
    ]
    assert len(installs) > 6
    assert [(file, line) for file, line in installs if "--require-hashes" not in line] == []
