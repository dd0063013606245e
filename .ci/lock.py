"""`make lock`: write requirements*.txt and pyproject.toml's lists from requirements*.in.

uv finds the packages, with the hash of every file, for every platform and every Python that the
project runs on. A file holds only what it adds to the files that it names, so that a pin and its
hashes have one place. What is pinned keeps its version and its hashes; what is new is pinned to its
newest version.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import tomlkit

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")
# What each file is called as an extra of pyproject.toml, and the extras that it brings.
EXTRAS = {
    "requirements": ("ingest", ()),
    "requirements-milvus": ("milvus", ()),
    "requirements-dev": ("dev", ("ingest", "milvus")),
}
# Each file, after those that it names.
FILES = {
    "requirements-serve": (),
    "requirements": ("requirements-serve",),
    "requirements-milvus": ("requirements-serve",),
    "requirements-dev": ("requirements", "requirements-milvus"),
    "benchmarks/requirements-peers": ("requirements",),
}
# What builds the project's own wheel: hatchling, and what that needs.
BUILD = ("hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers")
CPU, CUDA = "requirements-cpu", "requirements-cuda"
_CUDA = re.compile(r"nvidia-|cuda-|triton$")
_OPTIONS = "--quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header"

# A requirement as uv writes it, by name: its lines, one hash a line.
Blocks = dict[str, list[str]]


def blocks(text: str) -> Blocks:
    """Read requirements, each with the hashes in the lines after it; comments and `-r` are left."""
    found: Blocks = {}
    for line in re.sub(r"^(#|-r ).*\n", "", text, flags=re.MULTILINE).splitlines():
        if line.startswith(" "):
            list(found.values())[-1].append(line)
        elif line:
            found[line.partition("==")[0]] = [line]
    return found


def joined(some: Blocks) -> str:
    """Write requirements again, in order of their names."""
    return "".join(f"{line}\n" for name in sorted(some) for line in some[name])


def locked(file: str) -> Blocks:
    """Return what a file holds today; nothing when there is none."""
    path = ROOT / f"{file}.txt"
    return blocks(path.read_text(encoding="utf-8")) if path.exists() else {}


def resolved(file: str, below: Blocks, scratch: Path) -> Blocks:
    """Return all that a file of ours asks for, with what that brings."""
    output, constraints = scratch / "output.txt", scratch / "below.txt"
    output.write_text(joined(locked(file) | locked(CUDA)), encoding="utf-8")  # kept as it is
    constraints.write_text(joined(below), encoding="utf-8")
    files = [f"{file}.in", "--constraints", str(constraints), "--output-file", str(output)]
    command = [UV, "pip", "compile", *_OPTIONS.split(), *files]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  our own files
    return with_cpu_build(blocks(output.read_text(encoding="utf-8")))


def with_cpu_build(some: Blocks) -> Blocks:
    """Add the hash of PyTorch's build that PyPI does not have; the other hashes are PyPI's."""
    ((name, (cpu_head, cpu_hash)),) = locked(CPU).items()
    if name in some:
        head, *hashes = some[name]
        if head != cpu_head.replace("+cpu", ""):
            sys.exit(f"{CPU}.txt has {cpu_head}, but {name} was found as {head}")
        hashes = sorted({line.removesuffix(" \\") for line in [*hashes, cpu_hash]})
        some[name] = [head, *(f"{line} \\" for line in hashes[:-1]), hashes[-1]]
    return some


def write(file: str, some: Blocks, names: Iterable[str] = (), source: str = "") -> None:
    """Write a file of requirements that begins with the files that it names."""
    path = ROOT / f"{file}.txt"
    head = f"# Made by `make lock` from {source or path.stem}.in: change that, not this.\n"
    levels = "../" * file.count("/")
    head += "".join(f"-r {levels}{name}.txt\n" for name in names)
    path.write_text(head + joined(some), encoding="utf-8", newline="\n")


def asked(file: str) -> list[str]:
    """Return the requirements that people wrote into a file, in order of their names."""
    lines = (ROOT / f"{file}.in").read_text(encoding="utf-8").splitlines()
    return sorted(line for line in lines if line and not line.startswith(("#", "-r ")))


def write_project(all_of: Blocks) -> None:
    """Write the same requirements as dependencies and extras into pyproject.toml.

    pip checks no hash of what it builds a package with, so all of that is pinned too.
    """
    path = ROOT / "pyproject.toml"
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    document["build-system"]["requires"] = _array([all_of[name][0].split()[0] for name in BUILD])
    project = document["project"]
    project["dependencies"] = _array(asked("requirements-serve"))
    for file, (extra, brings) in EXTRAS.items():
        others = [f"{project['name']}[{name}]" for name in brings]
        project["optional-dependencies"][extra] = _array([*others, *asked(file)])
    path.write_text(tomlkit.dumps(document), encoding="utf-8", newline="\n")


def _array(values: list[str]) -> tomlkit.items.Array:
    made = tomlkit.array()
    made.extend(values)
    return made.multiline(multiline=True)


def main() -> None:
    """Lock every file, those that are named first."""
    all_of: dict[str, Blocks] = {}
    cuda: Blocks = {}
    with tempfile.TemporaryDirectory() as place:
        for file, names in FILES.items():
            below = {name: one for base in names for name, one in all_of[base].items()} | cuda
            whole = resolved(file, below, Path(place))
            cuda |= {name: one for name, one in whole.items() if _CUDA.match(name)}
            own = {name: one for name, one in whole.items() if name not in below | cuda}
            all_of[file] = below | own
            write(file, own, names)
    write(CUDA, cuda, source="requirements")
    write_project(all_of["requirements-dev"])


if __name__ == "__main__":
    main()
