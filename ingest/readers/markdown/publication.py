"""Whether a site would publish an article: drafts, and days on which articles are published.

No clock is read here: the same content must always be read the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from core.errors import NoArticleError
from ingest.readers.article_settings import plain_name

# Settings of the programs that make sites, in lower case and without "-" and "_".
_DRAFTS = ("draft", "isdraft", "unlisted", "private")
_PUBLISHED = ("published", "publish", "ispublished", "public")
_STATES = ("status", "poststatus", "state", "visibility")
_UNPUBLISHED = frozenset(
    "draft drafts pending private hidden trash scheduled future unpublished archived".split()
)
_DAYS = ("publishdate", "publishat", "publishedat", "pubdate", "published", "datepublished", "date")
_YES, _NO = frozenset("true yes on 1".split()), frozenset("false no off 0".split())
_FORMATS = ("%Y/%m/%d", "%Y.%m.%d", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
_NAMED_DAY = re.compile(r"(\d{4}-\d\d-\d\d)-\S")
_FOLDER = "_drafts"
# Where site makers keep parts of pages, and what a server shows when there is no page.
_PARTS = frozenset("_includes _layouts".split())
_ERROR_PAGE = re.compile(r"(?:40[0-9]|50[0-9x])(?:-.*)?\.(?:html?|md)")


def check_published(values: Mapping[str, Any], where: str) -> None:
    """Raise NoArticleError when settings say that the article is not published."""
    for key, value in values.items():
        name, said = plain_name(key), str(value).strip().casefold()
        if (
            (name in _DRAFTS and said in _YES)
            or (name in _PUBLISHED and said in _NO)
            or (name in _STATES and said in _UNPUBLISHED)
        ):
            raise _unpublished(where, f"{key}: {said}", "remove this setting when it is ready")


def check_place_in_site(source: str, where: str) -> None:
    """Raise NoArticleError for what a site does not publish, given its path below the articles.

    These are drafts, parts of pages, and pages that a server shows when there is none.
    """
    *folders, name = source.split("/")
    if _FOLDER in folders:
        raise _unpublished(where, f"the folder {_FOLDER}", "move it out when it is ready")
    if parts := _PARTS.intersection(folders):
        fix = "move it out if it is an article"
        raise _unpublished(where, f"the folder {', '.join(parts)} for parts of pages", fix)
    if _ERROR_PAGE.fullmatch(name.lower()):
        fix = "give it another name if it is an article"
        raise _unpublished(where, "the name of the page that a server shows for errors", fix)


def check_day(day: date | None, today: date, where: str) -> None:
    """Raise NoArticleError when an article is published on a day after `today`."""
    if day and day > today:
        fix = f"run python -m ingest on that day, or correct the day if {day} is wrong"
        raise _unpublished(where, f"the day of publication {day}", fix)


def first_day(values: Mapping[str, Any], stem: str) -> date | None:
    """Return the day from which an article is published, else the day that its name begins with.

    None when there is none that can be read.
    """
    by_name = {plain_name(key): value for key, value in values.items()}
    named = _NAMED_DAY.match(stem)
    days = [_day(by_name.get(name)) for name in _DAYS] + [_day(named[1]) if named else None]
    return next(filter(None, days), None)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = " ".join(str(value).replace(",", " ").split()) if isinstance(value, str) else ""
    with suppress(ValueError):
        return date.fromisoformat(text[:10])
    for form in _FORMATS:
        with suppress(ValueError):
            return datetime.strptime(text, form).date()
    return None


def _unpublished(where: str, found: str, fix: str) -> NoArticleError:
    return NoArticleError(
        "This article is not published and is left out.", where=where, found=found, fix=fix
    )
