"""Sentence encoders: the reference, the exported one that serves, and a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy import exports

if TYPE_CHECKING:
    from core.encoders.reference import load_encoder
    from core.types import Encoder

__all__ = ["Encoder", "load_encoder"]

__getattr__ = exports(
    __name__,
    {"Encoder": "core.types", "load_encoder": "core.encoders.reference"},
)
