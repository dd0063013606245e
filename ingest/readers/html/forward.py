"""Pages that only forward a visitor to another page."""

from __future__ import annotations

import re

from core.errors import NoArticleError
from core.text.characters import one_line
from ingest.readers.html.tree import Page

_SCRIPT = re.compile(
    r"\b(?:location(?:\.href)?\s{0,9}=(?!=)|location\.(?:replace|assign)\s{0,9}\()\s{0,9}[\"'`]?([^\"'`;)]{0,300})"
)
_SOON_S = 30
# A page with more words than these has something to say before it forwards.
_MOST_WORDS = 60
_SCRIPT_MAX_CHARS = 2_000


def refuse_forwarding(page: Page) -> None:
    """Raise NoArticleError when a page only forwards."""
    words = len(page.body.text().split())
    target = _target(page) if words <= _MOST_WORDS else ""
    if target:
        raise NoArticleError(
            "This page only forwards to another and is left out.",
            expected="an article",
            found=f"a page of {words} words that forwards to {target}",
            fix="remove the file, or save the page that it forwards to, then run: python -m ingest",
        )


def _target(page: Page) -> str:
    """Return the address that a page forwards to at once, "" when it does not."""
    for meta in page.metas:
        if meta.get("http-equiv", "").strip().lower() == "refresh":
            delay, _, address = meta.get("content", "").replace(",", ";", 1).partition(";")
            address = re.sub(r"\A\s*url\s*=", "", address, flags=re.IGNORECASE)
            address = one_line(address).strip("\"' ")
            is_soon = (
                re.fullmatch(r"\s*[0-9]{1,6}(?:\.[0-9]*)?\s*", delay) and float(delay) <= _SOON_S
            )
            if is_soon and _is_of_the_web(address):
                return address
    # A script that does little else.
    for script in page.scripts:
        if len(script) <= _SCRIPT_MAX_CHARS and (found := _SCRIPT.search(script)):
            return one_line(found[1]) or "an address in a script"
    return ""


def _is_of_the_web(address: str) -> bool:
    scheme, colon, _ = address.partition(":")
    return bool(address) and (not colon or "/" in scheme or scheme.lower() in ("http", "https"))
