"""A visitor's words made safe to search with: pure, and the only place where they are cut."""

from __future__ import annotations

import unicodedata

MAX_QUERY_CHARS = 1000


def clean_query(text: str) -> str:
    """Drop control, format and surrogate characters, collapse white space, cut at the limit.

    Zero-width joiners stay: emoji and several scripts are spelled with them.
    """
    text = text[: 20 * MAX_QUERY_CHARS]  # bounds the work below; far above what can be kept
    kept = (c if _stands(c) else " " if c.isspace() else "" for c in text)
    return " ".join("".join(kept).split())[:MAX_QUERY_CHARS].rstrip()


def has_words(query: str) -> bool:
    """Say whether there is anything to search for: at least one letter or digit."""
    return any(c.isalnum() for c in query)


def _stands(c: str) -> bool:
    return c in "\u200c\u200d" or unicodedata.category(c)[0] != "C"
