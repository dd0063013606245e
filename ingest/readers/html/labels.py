"""Labels above headings ("01", "Sleep"), which would end the section before or be one alone."""

from __future__ import annotations

import re

from core.text.characters import word_count
from ingest.readers.blocks import Block

_MAX_WORDS, _MAX_CHARS = 5, 45
_ENDS = tuple(".!?:;,\u2026\u3002\uff01\uff1f\uff1a")
_LISTED = re.compile(r"(?:-|\d{1,4}\.)\s")
# The number and name of a part, above its heading.
_NUMBERED = re.compile(r"\d{1,2}\s+[/\xb7]\s+[^\W\d_a-z].{0,60}")
# Without these words a heading under them would say the opposite, or sound less urgent.
_NOT_TO_DO = re.compile(
    r"\b(?:not|don.?t|never|avoid|stop|without|no|warning|danger|caution|urgent|emergency|important"
    r"|nicht|nie|vermeiden|keine?|achtung|notfall|pas|jamais|[\xe9\xe8e]viter|attention|urgence|niet|nooit"
    r"|vermijd(?:en)?|geen|nunca|evitar?|non|mai|evitare|attenzione|urgente)\b|[\u2717\u2718\u274c\u26a0]",
    re.IGNORECASE,
)


def is_label(block: Block) -> bool:
    """Say whether a block could be the label of a heading: one short line without an end."""
    return (
        not block.level
        and not block.leaves
        and "\n" not in block.text
        and len(block.text) <= _MAX_CHARS
        and word_count(block.text) <= _MAX_WORDS
        and not block.text.endswith(_ENDS)
        and not _LISTED.match(block.text)
    )


def is_numbered(block: Block) -> bool:
    """Say whether a line is a label wherever it is above a heading: "02 / Symptoms"."""
    is_line = not block.level and not block.leaves and not block.text.endswith(_ENDS)
    return is_line and bool(_NUMBERED.fullmatch(block.text))


def says_what_not_to_do(label: str) -> bool:
    """Say whether a heading is not to be read without its label."""
    return bool(_NOT_TO_DO.search(label))
