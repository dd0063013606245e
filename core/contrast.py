"""Colours as numbers: whether people can read what a clinic chose, and what goes with it: pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEX = re.compile(r"#[0-9a-fA-F]{6}")
WHITE = "#ffffff"
# What text in the accent stands on, ui/assets/app.css: the page and its cards.
LIGHT_GROUNDS = ("#f6f9f9", WHITE)
DARK_GROUNDS = ("#0e1617", "#152022")
# WCAG 2.2, 1.4.3 for text; what is chosen for a clinic is easier to read than that.
READABLE = 4.5
_COMFORTABLE = 5.5
_LIGHT_TINT, _DARK_TINT = 0.10, 0.14
_STEPS = 20


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour with this share of `one` and the rest of `other`, channel by channel."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02x}" for a, b in pairs)


def grounds(accent: str, *, dark: bool = False) -> tuple[str, ...]:
    """Return every background that text in this accent stands on; its own tint comes last."""
    if dark:
        return (*DARK_GROUNDS, mixed(accent, DARK_GROUNDS[1], _DARK_TINT))
    return (*LIGHT_GROUNDS, mixed(accent, WHITE, _LIGHT_TINT))


def least_contrast(accent: str, *, dark: bool = False) -> tuple[float, str]:
    """Return the lowest contrast of an accent with what it stands on, and which that is."""
    return min((contrast(accent, ground), ground) for ground in grounds(accent, dark=dark))


def for_dark(accent: str) -> str:
    """Lighten an accent until it is comfortable to read on the dark page."""
    lighter = _towards_white(accent)
    good = (one for one in lighter if least_contrast(one, dark=True)[0] >= _COMFORTABLE)
    return next(good, WHITE)


def under_white(accent: str) -> str:
    """Lighten an accent for as long as white text on it can be read."""
    readable = [one for one in _towards_white(accent) if contrast(one, WHITE) >= READABLE]
    return readable[-1] if readable else accent


def _towards_white(colour: str) -> Sequence[str]:
    return [mixed(colour, WHITE, 1 - step / _STEPS) for step in range(_STEPS + 1)]


def _channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
