"""Checks values that were read out of TOML or YAML before anybody counts with or prints them."""

from __future__ import annotations

from typing import Any

# Python refuses to print a number of more than 4,300 digits, and reads longer ones in hexadecimal.
_MOST_BITS = 4_096
# Tables within tables; what is deeper breaks whoever walks through it or prints it.
_DEEPEST = 50


def check_limits(values: Any) -> None:
    """Raise ValueError for a number longer than any, and for values deeper within each other."""
    waiting = [(values, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, int) and value.bit_length() > _MOST_BITS:
            raise ValueError("a number that is too long")
        if isinstance(value, dict | list | tuple | set):
            if depth >= _DEEPEST:
                raise ValueError("values too deep within each other")
            waiting += [(inner, depth + 1) for inner in value]
            if isinstance(value, dict):
                waiting += [(inner, depth + 1) for inner in value.values()]
