"""Reads the front matter of a Markdown article, in the dialects of the programs that make sites.

YAML between lines of `---` (Jekyll, Astro, Docusaurus, Pandoc), TOML between lines of `+++`, or
JSON in braces (Hugo).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from core.errors import ContentError
from core.files.value_limits import check_limits
from ingest.files.limits import SETTINGS_BYTES
from ingest.readers.article_settings import Settings, find_misspelt, read_settings
from ingest.readers.markdown.publication import check_published

_YAML = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_JSON = re.compile(r"\A(\{[ \t]*\n.*?^\})[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# Of YAML: a name and its value on one line, alone or as the first of an item.
_PAIR = re.compile(r"([ \t]*(?:- +)?[\w-]+:[ \t]+)(\S.*)")
_PROBLEM = "The settings at the top of this article cannot be used."
# Where Hugo keeps the values that a site has made up.
_PARAMS = "params"


class _Loader(yaml.SafeLoader):
    """A loader without references between values: they could grow without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "a reference", mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What is at the top of an article: its settings, and all values by name.

    `length` is the number of characters up to the text, `lines` that of line ends in them.
    `warnings` are for the editor.
    """

    settings: Settings = field(default_factory=Settings)
    values: Mapping[str, Any] = field(default_factory=dict)
    length: int = 0
    lines: int = 0
    warnings: tuple[str, ...] = ()


def read_front_matter(text: str, where: str) -> FrontMatter:
    """Read the front matter of a text, empty when there is none.

    Unknown keys are no error, because other programs keep theirs there too; a misspelt one is a
    warning. Raises ContentError with `where` when it cannot be read or a value cannot be used, and
    NoArticleError when it says that the article is not published.
    """
    dialects = ((_YAML, _load_yaml), (_TOML, tomllib.loads), (_JSON, json.loads))
    found = ((pattern.match(text), load) for pattern, load in dialects)
    match, load = next((pair for pair in found if pair[0]), (None, _load_yaml))
    if match is None:
        return FrontMatter()
    if len(match[1]) > SETTINGS_BYTES:
        raise _wrong(where, f"{len(match[1]):,} characters")
    try:
        values = load(match[1]) or {}
        check_limits(values)
    except RecursionError as error:
        raise _wrong(where, "values that are nested too deeply") from error
    except yaml.YAMLError as error:
        mark, why = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        line = f", line {mark.line + 2}" if mark else ""
        raise _wrong(f"{where}{line}", f"text that is not YAML ({why or 'no value'})") from error
    except (ValueError, OverflowError) as error:  # such as a date of no calendar
        raise _wrong(where, str(error)) from error
    if not isinstance(values, dict):
        raise _wrong(where, "no names and values")
    if isinstance(values.get(_PARAMS), dict):
        values = {**values.pop(_PARAMS), **values}
    check_published(values, where)
    settings = read_settings(values, where, problem=_PROBLEM)
    warnings = (*settings.warnings, *find_misspelt(values))
    return FrontMatter(settings, values, match.end(), match[0].count("\n"), warnings)


def _load_yaml(text: str) -> Any:
    """Load YAML; a value with a colon that should be in quotes is read as a text."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        quoted = "\n".join(map(_in_quotes, text.split("\n")))
        try:
            return yaml.load(quoted, Loader=_Loader)  # noqa: S506
        except yaml.YAMLError:
            raise error from None


def _in_quotes(line: str) -> str:
    pair = _PAIR.match(line.rstrip())
    if not pair or pair[2].startswith(tuple("[{|>&*!#")):
        return line
    try:
        is_text = not isinstance(yaml.load(pair[2], Loader=_Loader), dict)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError):
        is_text = False
    return line if is_text else pair[1] + json.dumps(pair[2], ensure_ascii=False)


def _wrong(where: str, found: str) -> ContentError:
    return ContentError(
        _PROBLEM,
        where=where,
        expected="one `name: value` per line, a value with signs such as : or # in quotes",
        found=found,
        fix="correct them, then run: python -m ingest",
    )
