"""Reading age of English prose. Pure.

Syllables are counted by rule, because the library for this, textstat, downloads a dictionary.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.text.tokens import normalize_token

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


class TextSize(NamedTuple):
    """The counts that the formula needs; only words spelt with letters count."""

    words: int = 0
    sentences: int = 0
    syllables: int = 0


def size(text: str, *, sentences: int) -> TextSize:
    """Count the words and syllables of a text of so many sentences."""
    words = _WORD.findall(text)
    return TextSize(len(words), sentences, sum(syllables(word) for word in words))


def reading_ages(sizes: NDArray[np.int64]) -> list[int | None]:
    """Return the ages in years at which texts are read with ease, None for those too short.

    `sizes` has the numbers of a TextSize in each row: int64, shape (texts, 3). The age is the
    Flesch-Kincaid grade plus 5. Kincaid, Fishburne, Rogers and Chissom 1975, Derivation of new
    readability formulas for Navy enlisted personnel, Research Branch Report 8-75.
    """
    words, sentences, spoken = sizes.T
    is_measured = (words >= MIN_WORDS) & (sentences > 0)
    some, parts = np.maximum(words, 1), np.maximum(sentences, 1)
    grades = 0.39 * words / parts + 11.8 * spoken / some - 15.59
    ages = np.maximum(np.rint(grades + 5).astype(np.int64), _YOUNGEST).tolist()
    return [age if known else None for age, known in zip(ages, is_measured.tolist(), strict=True)]


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Count the syllables of an English word by its spelling, at least one."""
    spoken = _SILENT.sub(lambda match: match["between"] or "", normalize_token(word))
    return max(len(_VOWELS.findall(spoken)) + len(_APART.findall(spoken)), 1)
