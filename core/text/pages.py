"""On which page of a file a place in an article's text stands."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.types import Article


def page_of(article: Article, offset: int) -> int | None:
    """Return the number of the page, from 1, that holds a place in the article's text.

    None when the file has no pages. Pages without text hold no place.
    """
    if not article.pages:
        return None
    return max(1, bisect_right(article.pages, offset))
