"""Generations of the index on disk: written, verified, published, opened."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.store.generations import DEFAULT_BUILT, current_generation, open_index

__all__ = ["DEFAULT_BUILT", "current_generation", "open_index"]

# Imported when asked for, so that a module of this package loads nothing of the others.
_MODULES = {
    "DEFAULT_BUILT": "index.store.generations",
    "current_generation": "index.store.generations",
    "open_index": "index.store.generations",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
