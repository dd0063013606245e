"""Reads the metadata of a file: title, author, reviewer, the day of the last review.

The day on which a page was published or changed is not a review, and is left out.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.text.characters import one_line
from core.types import Provenance
from ingest.readers.html.tree import Page

_AUTHORS = "author dcterms.creator dc.creator article:author citation_author byl".split()
_ARTICLE_TYPES = re.compile(r"(?:Article|Posting|WebPage|Page|Report|Guide|HowTo)\Z")
# Between the name of a page and that of its site, as the programs that make pages write it.
_SITE = re.compile(r"(?<!\s)\s+(?:[|\u2022\u00bb\u00b7]|::)\s+")
_DASHED = re.compile(r"(?<!\s)\s+[-\u2013\u2014]\s+")
_ADDRESS = re.compile(r"https?:|www\.|@", re.IGNORECASE)
_TEMPLATE_TITLES = (
    *("microsoft word - ", "microsoft powerpoint - ", "untitled", "document1", "title"),
    *("powerpoint presentation", "powerpoint-pr\u00e4sentation", "pr\u00e9sentation powerpoint"),
    *("presentaci\u00f3n de powerpoint", "presentazione standard", "powerpoint-presentatie"),
)
_NUMBERED_TITLE = re.compile(
    r"(?:slide|folie|diapositiv[ae]|presentation|document|page|seite)\s*\d*"
)
_LINKED_MAX_CHARS = 1_000_000
_OBJECTS = 10_000
# What programs write where nobody filled in a name.
NOBODY = frozenset(
    """admin administrator author editor user owner root test guest unknown anonymous unspecified
    webmaster wordpress wix squarespace microsoft word windows default none null""".split()
) | {
    "microsoft office user",
    "microsoft account",
    "office user",
    "your name",
    "site admin",
    "python-docx",
}


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The metadata in the head of a page; `title` and `site` are "" when missing."""

    title: str
    site: str
    provenance: Provenance


def read_metadata(page: Page) -> PageMetadata:
    """Read the metadata in the head of a page."""
    metas: dict[str, str] = {}
    for meta in page.metas:
        name = (meta.get("name") or meta.get("property") or "").lower()
        metas.setdefault(name, one_line(meta.get("content", "")))
    linked = [found for text in page.linked_data for found in _objects(text)]
    about = [found for found in linked if _is_article(found)]
    site = metas.get("og:site_name", "")
    title = metas.get("og:title") or _first(about, "headline", "name") or one_line(page.title)
    authors = [metas.get(name, "") for name in _AUTHORS] + [_name(a.get("author")) for a in about]
    reviewers = [_name(found.get("reviewedBy")) for found in about]
    reviewed = [day for found in about for day in _days(found.get("lastReviewed"))]
    return PageMetadata(
        title=without_site(title, site),
        site=site,
        provenance=Provenance(
            author=next(filter(None, map(person, authors)), None),
            reviewer=next(filter(None, map(person, reviewers)), None),
            # Some name the next review as well; the earlier day is the one that has been.
            reviewed=min(reviewed, default=None),
        ),
    )


def without_site(title: str, site: str) -> str:
    """Return a page's title without the name of its site, which most pages append."""
    for separator in (_SITE, _DASHED):
        marks = list(separator.finditer(title))
        if marks and site and title[: marks[0].start()].casefold() == site.casefold():
            return title[marks[0].end() :]
        if marks and site and title[marks[-1].end() :].casefold() == site.casefold():
            return title[: marks[-1].start()]
        if marks and separator is _SITE:
            return title[: marks[0].start()]
    return title


def person(name: str) -> str:
    """Return a name, "" when it is an address or a default of some program."""
    name = one_line(name)[:200].strip("() ")
    if name.casefold() in NOBODY or _ADDRESS.match(name) or not any(c.isalpha() for c in name):
        return ""
    return name


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of linked data (JSON-LD), outermost first; none when it is invalid."""
    found: Any = None
    if len(text) <= _LINKED_MAX_CHARS:
        with suppress(ValueError, RecursionError):
            found = json.loads(text)
    waiting = deque([found])
    for _ in range(_OBJECTS):
        if not waiting:
            return
        item = waiting.popleft()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            yield item
            waiting += [item["@graph"]] if "@graph" in item else []


def _is_article(found: dict[str, Any]) -> bool:
    types = found.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and _ARTICLE_TYPES.search(name) for name in names)


def _first(found: list[dict[str, Any]], *keys: str) -> str:
    texts = (item.get(key) for item in found for key in keys)
    return next((one_line(text) for text in texts if isinstance(text, str) and one_line(text)), "")


def _name(value: Any) -> str:
    """Return the name in a text, an object or a list of them."""
    values = value if isinstance(value, list) else [value]
    names = [v.get("name") if isinstance(v, dict) else v for v in values]
    return ", ".join(one_line(name) for name in names[:10] if isinstance(name, str) and name)


def _days(value: Any) -> Iterator[date]:
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str):
            with suppress(ValueError):
                yield date.fromisoformat(text[:10])


def stated_title(title: str) -> str:
    """Return a title from a document's properties, "" when it is the name of a file."""
    title = one_line(title)
    plain = title.lower()
    is_file = plain.endswith((".doc", ".docx", ".pdf", ".rtf", ".odt", ".indd", ".pub"))
    is_default = plain.startswith(_TEMPLATE_TITLES) or _NUMBERED_TITLE.fullmatch(plain)
    if is_file or is_default or not any(c.isalpha() for c in title):
        return ""
    return title
