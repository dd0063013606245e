"""The block of settings at the head of an article: title, author, reviewer, dates, sources."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import yaml

from index.errors import ContentError
from index.types import Provenance

_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TEXTS = ("title", "author", "reviewer")
_DATES = ("reviewed", "next_review")
_LISTS = ("source", "sources")


def split_front_matter(text: str, source: str) -> tuple[str, Provenance, str]:
    """Return the title or "", the provenance, and the text after the block.

    A text without a block is returned whole. Keys that the project does not know are left alone.
    Raises ContentError when the block is not YAML or a value is of another kind.
    """
    match = _BLOCK.match(text)
    if not match:
        return "", Provenance(), text
    try:
        values = yaml.safe_load(match.group(1)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        raise _wrong(f"{source}{line}", "settings, one `name: value` a line", "no YAML") from error
    if not isinstance(values, dict):
        raise _wrong(source, "settings, one `name: value` a line", "something else")
    texts = {key: _text(values.get(key), source, key) for key in _TEXTS}
    dates = {key: _date(values.get(key), source, key) for key in _DATES}
    sources = tuple(s for key in _LISTS for s in _list(values.get(key), source, key))
    provenance = Provenance(
        author=texts["author"], reviewer=texts["reviewer"], **dates, sources=sources
    )
    return texts["title"] or "", provenance, text[match.end() :]


def _text(value: Any, source: str, key: str) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    raise _wrong(f"{source}, {key}", "a text", repr(value))


def _date(value: Any, source: str, key: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise _wrong(f"{source}, {key}", "a date such as 2026-03-31", repr(value))


def _list(value: Any, source: str, key: str) -> list[str]:
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := _text(item, source, key))]


def _wrong(where: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "The settings at the head of an article cannot be used.",
        where=where,
        expected=expected,
        found=found,
        mend="correct them, then run: python -m ingest",
    )
