"""Contrast of the clinic's colours with the page, and colours made from them. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEX = re.compile(r"#[0-9a-fA-F]{6}")
WHITE, BLACK = "#ffffff", "#000000"
# Backgrounds of text in the accent colour, ui/assets/app.css: the page and its cards.
LIGHT_GROUNDS = ("#f6f9f9", WHITE)
DARK_GROUNDS = ("#0e1617", "#152022")
# WCAG 2.2, 1.4.3 for text. Colours made here have more contrast.
READABLE = 4.5
_COMFORTABLE = 5.5
_LIGHT_TINT, _DARK_TINT = 0.10, 0.14
_STEPS = 20
_FINE_STEPS = 100


def contrast(colour: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour with this share of `colour` and the rest of `other`, channel by channel."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02x}" for a, b in pairs)


def grounds(accent: str, *, dark: bool = False) -> tuple[str, ...]:
    """Return every background of text in this accent; its own tint comes last."""
    if dark:
        return (*DARK_GROUNDS, mix(accent, DARK_GROUNDS[1], _DARK_TINT))
    return (*LIGHT_GROUNDS, mix(accent, WHITE, _LIGHT_TINT))


def least_contrast(accent: str, *, dark: bool = False) -> tuple[float, str]:
    """Return the lowest contrast of an accent with its backgrounds, and that background."""
    return min((contrast(accent, ground), ground) for ground in grounds(accent, dark=dark))


def readable(colour: str, *, dark: bool = False) -> str:
    """Return the nearest shade of a colour that can be read: darker by day, lighter at night."""
    end = WHITE if dark else BLACK
    shades = (mix(colour, end, 1 - step / _FINE_STEPS) for step in range(_FINE_STEPS + 1))
    return next(one for one in shades if least_contrast(one, dark=dark)[0] >= READABLE)


def for_dark(accent: str) -> str:
    """Lighten an accent until it is comfortable to read on the dark page."""
    for colour in _towards_white(accent):
        if least_contrast(colour, dark=True)[0] >= _COMFORTABLE:
            return colour
    return WHITE


def under_white(accent: str) -> str:
    """Return the lightest form of an accent on which white text can be read."""
    readable = [c for c in _towards_white(accent) if contrast(c, WHITE) >= READABLE]
    return readable[-1] if readable else accent


def _towards_white(colour: str) -> Sequence[str]:
    return [mix(colour, WHITE, 1 - step / _STEPS) for step in range(_STEPS + 1)]


def _channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
