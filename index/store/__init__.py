"""Generations of the index on disk: written, verified, published, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy import exports

if TYPE_CHECKING:
    from index.store.generations import DEFAULT_BUILT, current_generation, open_index

__all__ = ["DEFAULT_BUILT", "current_generation", "open_index"]

__getattr__ = exports(
    __name__,
    {
        "DEFAULT_BUILT": "index.store.generations",
        "current_generation": "index.store.generations",
        "open_index": "index.store.generations",
    },
)
