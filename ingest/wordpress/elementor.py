"""Reads what the site builder Elementor stores of a page, where WordPress has no text of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import escape
from typing import Any

from ingest.files.limits import DEPTH, EXPORT_BYTES

# The names of texts in the settings of a widget, of Elementor itself and of its add-ons.
_TITLES = re.compile(r"(?:^|_)(?:title|title_text|question|heading)$")
_TEXTS = re.compile(r"(?:^|_)(?:editor|content|text|description|description_text|answer|html)$")
_SETTINGS = re.compile(r"(?:button|link|caption|label|ribbon|badge|prefix|suffix|alt)_?(?:text)?$")
# What widgets show that is no text of the page.
_UNSHOWN = re.compile(
    r"button|testimonial|review|form|share|social|menu|nav|breadcrumb|search|posts|image$|video"
    r"|gallery|carousel|slides|map|counter|countdown|login|shortcode|template|sidebar|rating|logo",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"h[1-6]")


def html_of(stored: str) -> str:
    """Return the texts that Elementor stores of a page as HTML, "" when it stores none."""
    found: Any = None
    if len(stored) <= EXPORT_BYTES:
        with suppress(ValueError, RecursionError):
            found = json.loads(stored)
    return "\n".join(_elements(found, 0))


def _elements(elements: Any, depth: int) -> Iterator[str]:
    for element in elements if isinstance(elements, list) and depth < DEPTH else []:
        if not isinstance(element, dict):
            continue
        settings, inner = element.get("settings"), element.get("elements")
        settings = settings if isinstance(settings, dict) else {}
        items = settings.get("items")
        if isinstance(items, list) and isinstance(inner, list) and len(items) == len(inner):
            yield from _parts_of(items, inner, depth)  # an accordion of the newer kind
            continue
        if not _UNSHOWN.search(str(element.get("widgetType") or "")):
            yield from _texts(settings, "h3" if element.get("widgetType") != "heading" else "h2")
        yield from _elements(inner, depth + 1)


def _parts_of(items: list[Any], inner: list[Any], depth: int) -> Iterator[str]:
    for item, element in zip(items, inner, strict=True):
        title = next(_found(item, _TITLES), "") if isinstance(item, dict) else ""
        yield _opening(title, "\n".join(_elements([element], depth + 1)))


def _texts(settings: Mapping[str, Any], level: str) -> Iterator[str]:
    """Yield the title and the texts of a widget, and its lists."""
    stated = settings.get("header_size") or settings.get("title_size")
    level = stated if isinstance(stated, str) and _LEVEL.fullmatch(stated) else level
    for title in _found(settings, _TITLES):
        yield f"<{level}>{title}</{level}>"
    for text in _found(settings, _TEXTS):
        yield text if "<p" in text else f"<p>{text}</p>"
    for entries in settings.values():
        if isinstance(entries, list):
            yield from _list(entries)


def _list(entries: list[Any]) -> Iterator[str]:
    """Yield parts that open, or the items of a list that has no titles."""
    bullets = []
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        title = next(_found(entry, _TITLES), "")
        text = "\n".join(_found(entry, _TEXTS))
        if title and text:
            yield _opening(title, text)
        elif title or text:
            bullets.append(f"<li>{title or text}</li>")
    if bullets:
        yield f"<ul>{''.join(bullets)}</ul>"


def _opening(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n{text}\n</details>"


def _found(settings: Mapping[str, Any], names: re.Pattern[str]) -> Iterator[str]:
    for name, value in settings.items():
        is_text = names.search(name) and not _SETTINGS.search(name) and isinstance(value, str)
        if is_text and any(c.isalpha() for c in value) and not value.startswith("http"):
            yield value if "<" in value else escape(value, quote=False)
