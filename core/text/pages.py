"""The page of a file that holds a place in an article's text."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.types import Article


def page_of(article: Article, offset: int) -> int | None:
    """Return the page's number, from 1, or None if the file has no pages."""
    return max(1, bisect_right(article.pages, offset)) if article.pages else None
