"""How files name languages: "en", "fr-CA". Pure."""

from __future__ import annotations

import re

ENGLISH = "en"
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
EXPECTED = 'a language such as "en" or "fr"'


def code_of(tag: str) -> str:
    """Return the code of a language, "fr" of "fr-CA"; English for an empty tag."""
    return tag.partition("-")[0].lower() or ENGLISH
