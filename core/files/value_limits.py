"""Limits for values read from TOML or YAML, checked before anything computes or prints them."""

from __future__ import annotations

from typing import Any

# Python does not print a number of more than 4,300 digits, but reads longer hexadecimal ones.
_MAX_BITS = 4_096
# Deeper tables break code that walks through them or prints them.
_MAX_DEPTH = 50


def check_limits(values: Any) -> None:
    """Raise ValueError for a number that is too long, and for values nested too deep."""
    waiting = [(values, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, int) and value.bit_length() > _MAX_BITS:
            raise ValueError("a number that is too long")
        if isinstance(value, dict | list | tuple | set):
            if depth >= _MAX_DEPTH:
                raise ValueError("values nested too deep")
            waiting += [(inner, depth + 1) for inner in value]
            if isinstance(value, dict):
                waiting += [(inner, depth + 1) for inner in value.values()]
