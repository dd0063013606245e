"""From content to a published generation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.build.pipeline import build
    from ingest.build.report import BuildReport

__all__ = ["BuildReport", "build"]

# Imported when asked for, so that a module of this package loads nothing of the others.
_MODULES = {"BuildReport": "ingest.build.report", "build": "ingest.build.pipeline"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
