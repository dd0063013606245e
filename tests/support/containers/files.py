"""Reads deploy/Containerfile and deploy/compose.yaml as the programs that run them do."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.support.paths import ROOT

CONTAINERFILE = ROOT / "deploy" / "Containerfile"
COMPOSE = ROOT / "deploy" / "compose.yaml"
_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")


@dataclass
class Stage:
    """A stage: the image or stage it begins with, and its lines as (instruction, what follows)."""

    name: str
    base: str
    lines: list[tuple[str, str]] = field(default_factory=list)

    def all(self, instruction: str) -> list[str]:
        return [rest for name, rest in self.lines if name == instruction]


def stages() -> dict[str, Stage]:
    """Return the stages of the Containerfile by name, in order."""
    text = re.sub(r"^#.*\n", "", CONTAINERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: dict[str, Stage] = {}
    for line in filter(None, text.replace("\\\n", " ").splitlines()):
        name, rest = line.split(None, 1)
        if name == "FROM":
            base, _, stage = rest.split()
            found[stage] = Stage(stage, base)
        else:
            list(found.values())[-1].lines.append((name, rest))
    return found


def command(rest: str) -> list[str]:
    """Return the command of a CMD or HEALTHCHECK in its JSON form."""
    words = json.loads(rest[rest.index("[") :])
    assert all(isinstance(word, str) for word in words)
    return list(words)


def copied() -> list[str]:
    """Return what the stages copy out of the project."""
    copies = [shlex.split(rest)[:-1] for one in stages().values() for rest in one.all("COPY")]
    return [name for names in copies if not names[0].startswith("--from") for name in names]


def composed(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the compose file with its variables replaced: by the environment, else by defaults."""
    given = environment or {}
    text = _VARIABLE.sub(lambda found: given.get(found[1]) or found[2], COMPOSE.read_text("utf-8"))
    assert "${" not in text
    whole: dict[str, Any] = yaml.safe_load(text)
    return whole


def variables() -> set[str]:
    """Return the names of the variables that the compose file reads."""
    return {name for name, _ in _VARIABLE.findall(COMPOSE.read_text("utf-8"))}
