"""Tells text that a program has recognised badly in a picture of a page, or with wrong letters."""

from __future__ import annotations

import re
import string
from itertools import islice

_LEAST_WORDS = 40
_MOST_WORDS = 20_000
_MOST_ODD = 0.1
# A font whose joined letters have the code of a figure: "informa2on". So many different words, and
# so many of all.
_INNER_FIGURE = re.compile(r"[^\W\d_]{2}\d[^\W\d_]{2}")
_LEAST_CODED, _MOST_CODED = 6, 0.02
_SHOWN = 4
_AROUND = f"{string.punctuation}\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2022\u2013\u2026"
_OTHER_SCRIPTS = "\u2e80"
_JOINS = re.compile(r"[-\u2010-\u2015/.,:'\u2019&+@\u00b7_*=()\[\]]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
# What no one writes: figures or signs within a word, capitals at its end, no vowel at all.
_ODD = re.compile(
    r"[^\W\d_]\d+[^\W\d_]|[^\W\d_]{3}\d|\d[^\W\d_]{4}|[a-z][A-Z]{1,2}[a-z]|[a-z]{2}[A-Z]{1,2}\Z"
    r"|[^\w\s]|(.)\1\1|\A[bcdfghjklmnpqrstvwxz]{4,}\Z|[bcdfghjklmnpqrstvwxz]{6}"
)


def recognition_warning(text: str) -> str:
    """Return a warning when many words of a text are none, with some of them, else ""."""
    words = [
        part
        for token in islice(re.finditer(r"\S+", text), _MOST_WORDS)
        for part in _JOINS.split(token[0].strip(_AROUND))
        if _LATIN.search(part) and max(part) < _OTHER_SCRIPTS
    ]
    odd = [word for word in words if _ODD.search(word)]
    inner = [word.lower() for word in odd if _INNER_FIGURE.search(word)]
    is_coded = len(set(inner)) >= _LEAST_CODED and len(inner) >= len(words) * _MOST_CODED
    if len(words) < _LEAST_WORDS or not (is_coded or len(odd) >= len(words) * _MOST_ODD):
        return ""
    shown = ", ".join(f"\u201c{word[:20]}\u201d" for word in dict.fromkeys(odd[: 2 * _SHOWN]))
    return (
        f"{len(odd):,} of {len(words):,} words look misread, such as {shown}; "
        "compare the article with its pages, or run text recognition (OCR) again"
    )
