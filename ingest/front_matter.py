"""The block of settings at the head of an article: title, author, reviewer, dates, sources."""

from __future__ import annotations

import re

import yaml

from index.errors import ContentError
from index.types import Provenance
from ingest.provenance import Settings, read_settings, slips

_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PROBLEM = "The settings at the head of an article cannot be used."


def split_front_matter(text: str, where: str) -> tuple[str, Provenance, str]:
    """Return the title or "", the provenance, and the text after the block.

    A text without a block is returned whole. Raises ContentError as `read_front_matter` does.
    """
    settings, _ = read_front_matter(text, where)
    match = _BLOCK.match(text)
    return settings.title, settings.provenance, text[match.end() :] if match else text


def read_front_matter(text: str, where: str) -> tuple[Settings, tuple[str, ...]]:
    """Return what the block at the head of a text states, and what an editor should know.

    Unknown keys are left alone, because other programs keep theirs there too; one that looks like
    a misspelt known one is named. Raises ContentError, naming `where`, when the block is not YAML
    or a value cannot be used.
    """
    match = _BLOCK.match(text)
    if not match:
        return Settings(), ()
    try:
        values = yaml.safe_load(match.group(1)) or {}
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that no calendar has
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        found = "no YAML" if isinstance(error, yaml.YAMLError) else str(error)
        raise _wrong(f"{where}{line}", found) from error
    if not isinstance(values, dict):
        raise _wrong(where, "something else")
    return read_settings(values, where, problem=_PROBLEM), slips(values)


def _wrong(where: str, found: str) -> ContentError:
    return ContentError(
        _PROBLEM,
        where=where,
        expected="settings, one `name: value` a line",
        found=found,
        mend="correct them, then run: python -m ingest",
    )
