"""Rows of a clinic's files that name articles which do not exist: withdrawn, or not there yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

from core.findings import Finding
from core.text.spelling import nearest_words

# A long id may have two typos; in a short one two typos make the id of another article.
_TWO_TYPOS_FROM = 12
_MOST_NAMED = 5


def speller_of(articles: Collection[str]) -> Callable[[str], str]:
    """Return a function from an id that does not exist to the one that is meant, "" for none.

    Ids that differ in their numbers name different articles.
    """
    near = cache(lambda: nearest_words(dict.fromkeys(articles, 1)))

    def meant(article: str) -> str:
        typos = 2 if len(article) >= _TWO_TYPOS_FROM else 1
        found = sorted(near()(article, typos), key=lambda one: (one.distance, one.term))
        return next((str(f.term) for f in found if _digits(f.term) == _digits(article)), "")

    return cache(meant)


def absent_warning(file: str, lines: Mapping[str, Sequence[int]]) -> Finding:
    """Return the one warning about a file's rows, given their lines by the article they name."""
    rows = len({line for of_article in lines.values() for line in of_article})
    named = sorted(lines, key=lambda article: (-len(lines[article]), article))
    listed = ", ".join(f"{a} (from line {min(lines[a])} on)" for a in named[:_MOST_NAMED])
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    what = "an article that does not exist" if len(lines) == 1 else "articles that do not exist"
    does = f"row names {what} and is" if rows == 1 else f"rows name {what} and are"
    problem = f"{rows} {does} left aside: {listed}{more}. Delete the rows, or put the article back."
    return Finding("warning", "read", problem, source=file, where=file)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
