"""Sentence encoders: the reference, the exported one that serves, and a cache."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.encoders.reference import load_encoder
    from core.types import Encoder

__all__ = ["Encoder", "load_encoder"]

# Imported when asked for, so that the exported encoder loads nothing of the reference.
_MODULES = {"Encoder": "core.types", "load_encoder": "core.encoders.reference"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
