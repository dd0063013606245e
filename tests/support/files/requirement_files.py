"""Reads requirements*.txt: what is pinned, and the hashes of its files."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(path: Path) -> list[tuple[Requirement, list[str]]]:
    """Return the requirements of a file, each with its hashes; not those of files that it names."""
    lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    found = [line for line in lines if line.strip() and not line.startswith(("#", "-r"))]
    return [
        (Requirement(line.partition(" --hash")[0]), re.findall(r"--hash=(\S+)", line))
        for line in found
    ]


def pins(path: Path) -> dict[str, str]:
    """Return what a file pins (`==1.2.3`) by name, without those of files that it names."""
    return {normal(one.name): str(one.specifier) for one, _ in requirements(path)}


def named(path: Path) -> list[Path]:
    """Return the files that a file names with `-r`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(path.parent / line[3:]).resolve() for line in lines if line.startswith("-r ")]
