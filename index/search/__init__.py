"""The search: from a question to the passages that answer it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.search.pipeline import DEFAULT_K, search

__all__ = ["DEFAULT_K", "search"]

# Imported when asked for, so that a module of this package loads nothing of the others.
_MODULES = {"DEFAULT_K": "index.search.pipeline", "search": "index.search.pipeline"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
