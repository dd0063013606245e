"""Pages that only forward a visitor to another page."""

from __future__ import annotations

import re

from core.errors import NoArticleError
from core.text.characters import one_line
from ingest.readers.html.tree import Page

_REFRESH = re.compile(
    r"\s{0,20}(\d{1,6})[\d.]{0,20}\s{0,20}[;,]\s{0,20}(?:url\s{0,20}=)?\s{0,20}(.+)",
    re.IGNORECASE | re.DOTALL,
)
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
            found = _REFRESH.match(meta.get("content", ""))
            address = one_line(found[2]).strip("\"' ") if found else ""
            if found and address and int(found[1]) <= _SOON_S:
                return address
    # A script that does little else.
    for script in page.scripts:
        if len(script) <= _SCRIPT_MAX_CHARS and (found := _SCRIPT.search(script)):
            return one_line(found[1]) or "an address in a script"
    return ""
