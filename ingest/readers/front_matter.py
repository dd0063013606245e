"""Reads the front matter of a Markdown article: title, author, reviewer, dates, sources."""

from __future__ import annotations

import re

import yaml

from core.errors import ContentError
from core.files.value_limits import check_limits
from core.types import Provenance
from ingest.files.limits import SETTINGS_BYTES
from ingest.readers.article_settings import Settings, find_misspelt, read_settings

_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PROBLEM = "The settings at the top of this article cannot be used."


class _Loader(yaml.SafeLoader):
    """A loader without references between values: they could grow without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "a reference", mark)
        return super().compose_node(parent, index)


def split_front_matter(text: str, where: str) -> tuple[str, Provenance, str]:
    """Return the title or "", the provenance, and the text after the front matter.

    Raises ContentError as `read_front_matter` does.
    """
    settings, _ = read_front_matter(text, where)
    match = _BLOCK.match(text)
    return settings.title, settings.provenance, text[match.end() :] if match else text


def read_front_matter(text: str, where: str) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings in the front matter of a text, and warnings for the editor.

    Unknown keys are ignored, because other programs keep theirs there too; a misspelt one is a
    warning. Raises ContentError with `where` when it is not YAML or a value cannot be used.
    """
    match = _BLOCK.match(text)
    if not match:
        return Settings(), ()
    if len(match.group(1)) > SETTINGS_BYTES:
        raise _wrong(where, f"{len(match.group(1)):,} characters")
    try:
        values = yaml.load(match.group(1), Loader=_Loader) or {}  # noqa: S506 - a safe one
        check_limits(values)
    except RecursionError as error:
        raise _wrong(where, "values that are nested too deeply") from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # such as a date of no calendar
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        found = "text that is not YAML" if isinstance(error, yaml.YAMLError) else str(error)
        raise _wrong(f"{where}{line}", found) from error
    if not isinstance(values, dict):
        raise _wrong(where, "no names and values")
    return read_settings(values, where, problem=_PROBLEM), find_misspelt(values)


def _wrong(where: str, found: str) -> ContentError:
    return ContentError(
        _PROBLEM,
        where=where,
        expected="one `name: value` per line",
        found=found,
        fix="correct them, then run: python -m ingest",
    )
