"""How hard a text is to read, as an age: pure. The formula is for English prose.

textstat, the library for this, brings nltk and a dictionary that it downloads, so syllables are
counted by rule here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.text.tokens import normalize_token

# NHS advice for what patients read: https://service-manual.nhs.uk/content/how-we-write
ADVISED_AGES = (9, 11)
# One long sentence would decide about fewer words than that.
MIN_WORDS = 30
_YOUNGEST = 5
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
# An e that is written and not spoken: care, cares, cared; fatigue; careful, safely, movement. It is
# spoken in muscle, muscles, settled, and where the end could not be said without: faces, needed.
_SILENT = re.compile(
    r"(?<=[aeiouy])(?P<between>[^aeiouy]+)(?<![^aeiouy]l)"
    r"(?:e|(?<![sxzcg])(?<![cs]h)es|(?<![td])ed)$"
    r"|(?<=[gq])ue$|(?<=[^aeiouyl])e(?=(?:ly|ful|fully|less|ness|ment|ments)$)"
)
# Vowels that stand together and are spoken apart: medial, experience, diet, being, usual; and the
# ends of spasm and isn't, spoken without a vowel.
_APART = re.compile(
    r"(?<!ll)i(?:(?<![cgstx]i)|(?=o[^nu]|u[^s]|a[^lnr]))[aou]|(?<![ct])(?<!fr)ien|iet"
    r"|[aeiouy]ing|(?<![gq])u(?:al|at|ous)|(?<=[aeiouy][^aeiouy])ea$|(?:s|th)ms?$|[ds]n't$"
)


@dataclass(frozen=True, slots=True)
class TextSize:
    """What the formula needs to know of a text; words are those that are spelt with letters."""

    words: int = 0
    sentences: int = 0
    syllables: int = 0


def size(text: str, *, sentences: int) -> TextSize:
    """Count the words and syllables of a text whose sentences are counted already."""
    words = _WORD.findall(text)
    return TextSize(len(words), sentences, sum(syllables(word) for word in words))


def together(sizes: Iterable[TextSize]) -> TextSize:
    """Return the size of several texts read one after another."""
    rows = [(one.words, one.sentences, one.syllables) for one in sizes]
    return TextSize(*map(sum, zip(*rows, strict=True))) if rows else TextSize()


def reading_age(of: TextSize) -> int | None:
    """Return the age in years at which a text is read with ease, None when it is too short.

    It is the Flesch-Kincaid grade and 5, the age at which the first grade begins less one. Kincaid,
    Fishburne, Rogers and Chissom 1975, Derivation of new readability formulas for Navy enlisted
    personnel, Research Branch Report 8-75.
    """
    if of.words < MIN_WORDS or not of.sentences:
        return None
    grade = 0.39 * of.words / of.sentences + 11.8 * of.syllables / of.words - 15.59
    return max(round(grade + 5), _YOUNGEST)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Count the syllables of an English word by its spelling, at least one."""
    spoken = _SILENT.sub(lambda found: found["between"] or "", normalize_token(word))
    return max(len(_VOWELS.findall(spoken)) + len(_APART.findall(spoken)), 1)
