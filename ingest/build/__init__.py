"""From content to a published generation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy import exports

if TYPE_CHECKING:
    from ingest.build.pipeline import build
    from ingest.build.report import BuildReport

__all__ = ["BuildReport", "build"]

__getattr__ = exports(
    __name__,
    {"BuildReport": "ingest.build.report", "build": "ingest.build.pipeline"},
)
