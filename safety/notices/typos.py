"""Correct typos in words of the term rules, and never change a real word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.text.spelling import english_words, nearest_words

_SHORTEST = 4
_TWO_TYPOS_FROM = 8


class TypoCorrector:
    """Correct a word towards the words of the terms.

    At most one typo in words of 4 to 7 letters and two in longer words, with the same first letter.
    A word of the dictionary is never changed: "infection" is no typo of "injection". Words of 4
    letters count because of "calf", "numb" and "cant", which cause no false alarms
    (docs/evaluation.md).
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(w for w in words if w.isalpha() and len(w) >= _SHORTEST)
        self._nearest: Any = None

    def __call__(self, word: str) -> str:
        """Return the word itself, or the term's word that was meant."""
        if len(word) < _SHORTEST - 1 or word in self._words or not word.isalpha():
            return word
        if word in english_words():
            return word
        if self._nearest is None:
            self._nearest = nearest_words(dict.fromkeys(sorted(self._words), 1))
        # The length of the meant word decides: "chest" without a letter has four.
        near = [
            found
            for found in self._nearest(word, 2)
            if found.term[0] == word[0]
            and found.distance <= (2 if len(found.term) >= _TWO_TYPOS_FROM else 1)
        ]
        if not near:
            return word
        # Of equally near words take the longest common beginning: typos come late in a word.
        best = min(near, key=lambda w: (w.distance, -_common_letters(w.term, word), w.term))
        return str(best.term)


def _common_letters(word: str, other: str) -> int:
    """Return how many letters two words share before they differ, 99 if they never do."""
    pairs = enumerate(zip(word, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), 99)
