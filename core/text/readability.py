"""Reading age of English prose. Pure.

Syllables are counted by rule, because the library for this, textstat, downloads a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.text.tokens import normalize_token

# NHS advice for texts for patients: https://service-manual.nhs.uk/content/how-we-write
ADVISED_AGES = (9, 11)
# In shorter texts a single long sentence would decide.
MIN_WORDS = 30
_YOUNGEST = 5
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
# A silent e: care, cares, cared; fatigue; careful, safely, movement. It is spoken in muscle,
# muscles, settled, and where the ending needs it: faces, needed.
_SILENT = re.compile(
    r"(?<=[aeiouy])(?P<between>[^aeiouy]+)(?<![^aeiouy]l)"
    r"(?:e|(?<![sxzcg])(?<![cs]h)es|(?<![td])ed)$"
    r"|(?<=[gq])ue$|(?<=[^aeiouyl])e(?=(?:ly|ful|fully|less|ness|ment|ments)$)"
)
# Neighbouring vowels of two syllables: medial, experience, diet, being, usual; and the endings of
# spasm and isn't, syllables without a vowel.
_APART = re.compile(
    r"(?<!ll)i(?:(?<![cgstx]i)|(?=o[^nu]|u[^s]|a[^lnr]))[aou]|(?<![ct])(?<!fr)ien|iet"
    r"|[aeiouy]ing|(?<![gq])u(?:al|at|ous)|(?<=[aeiouy][^aeiouy])ea$|(?:s|th)ms?$|[ds]n't$"
)


@dataclass(frozen=True, slots=True)
class TextSize:
    """The counts that the formula needs; only words spelt with letters count."""

    words: int = 0
    sentences: int = 0
    syllables: int = 0


def size(text: str, *, sentences: int) -> TextSize:
    """Count the words and syllables of a text of so many sentences."""
    words = _WORD.findall(text)
    return TextSize(len(words), sentences, sum(syllables(word) for word in words))


def together(sizes: Iterable[TextSize]) -> TextSize:
    """Return the size of several texts together."""
    rows = [(text.words, text.sentences, text.syllables) for text in sizes]
    return TextSize(*map(sum, zip(*rows, strict=True))) if rows else TextSize()


def reading_age(of: TextSize) -> int | None:
    """Return the age in years at which a text is read with ease, None if it is too short.

    It is the Flesch-Kincaid grade plus 5. Kincaid, Fishburne, Rogers and Chissom 1975, Derivation
    of new readability formulas for Navy enlisted personnel, Research Branch Report 8-75.
    """
    if of.words < MIN_WORDS or not of.sentences:
        return None
    grade = 0.39 * of.words / of.sentences + 11.8 * of.syllables / of.words - 15.59
    return max(round(grade + 5), _YOUNGEST)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Count the syllables of an English word by its spelling, at least one."""
    spoken = _SILENT.sub(lambda match: match["between"] or "", normalize_token(word))
    return max(len(_VOWELS.findall(spoken)) + len(_APART.findall(spoken)), 1)
