"""The search: from a question to the passages that answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy import exports

if TYPE_CHECKING:
    from index.search.pipeline import DEFAULT_K, search

__all__ = ["DEFAULT_K", "search"]

__getattr__ = exports(
    __name__,
    {"DEFAULT_K": "index.search.pipeline", "search": "index.search.pipeline"},
)
