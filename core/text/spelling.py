"""Spelling correction that never changes a word of the content or of the language."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Mapping
from functools import cache
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from core.text.contractions import JOINED
from core.text.normalize import QUOTED
from core.text.tokens import normalize_token, stem, stems, words_of

if TYPE_CHECKING:
    from core.text.tokens import Word

_SHORTEST = 4
# Longer words may have two typos; in shorter words two typos make another word.
_TWO_TYPOS_FROM = 8
_HYPHENS = str.maketrans("", "", "-\u2010\u2011")
# How people write letters that their keyboard has not.
_WITHOUT_MARKS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "æ": "ae", "ø": "oe", "œ": "oe"}
)
# Each takes about 5 kB of memory, and people mean words that are used.
_CORRECTED_TOWARDS = 20_000


class Speller:
    """Corrects words that neither the content nor the language knows, towards the content's words.

    Another spelling of a word of the content is corrected first ("followup", "Rueckenschule").

    `counts` maps the words of content, bank and vocabulary, in lower case, to how often they are
    used there.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._stems = frozenset(stems(list(map(normalize_token, counts))))
        # By the stems of their other spellings: "followup", "rueckenschule".
        others = {word: other for word in counts if (other := _other_spelling(word)) != word}
        self._spelled = {
            stem(others[word]): word
            for word in sorted(others, key=lambda word: (counts[word], word))
        }
        self._nearest: Callable[[str, int], list[Any]] | None = None

    def correct(self, query: str) -> str | None:
        """Return the query with its misspelt words corrected, or None if there are none.

        Words inside double quotes are never corrected.
        """
        quoted = {at for match in QUOTED.finditer(query) for at in range(*match.span(1))}
        parts, end = [], 0
        for word in words_of(query):
            correction = None if word.start in quoted else self._correction(query, word)
            if correction:
                parts += [query[end : word.start], correction]
                end = word.end
        return "".join([*parts, query[end:]]) if parts else None

    def make_ready(self) -> None:
        """Load the dictionaries, for which the first unknown word would wait some seconds."""
        self._lookup()
        english_words()

    def _lookup(self) -> Callable[[str, int], list[Any]]:
        if self._nearest is None:  # not when the index is opened, which has to be quick
            self._nearest = nearest_words(self._counts)
        return self._nearest

    def _correction(self, query: str, word: Word) -> str | None:
        typed = query[word.start : word.end]
        lower = typed.lower()
        if lower in self._counts or lower in JOINED or word.stem in self._stems:
            return None
        meant = self._spelled.get(word.stem) or self._without_marks(lower)
        if meant is None:
            meant = self._corrected(lower)
        return meant.capitalize() if meant and typed[0].isupper() else meant

    def _without_marks(self, lower: str) -> str | None:
        """Return the spelling with letters that every keyboard has, if the content has it."""
        plain = lower.translate(_WITHOUT_MARKS)
        return plain if plain in self._counts else None

    def _corrected(self, lower: str) -> str | None:
        if len(lower) < _SHORTEST or not lower.isalpha() or not lower.isascii():
            return None
        return None if lower in english_words() else self._nearest_word(lower)

    def _nearest_word(self, word: str) -> str | None:
        typos = 2 if len(word) >= _TWO_TYPOS_FROM else 1
        # People rarely miss the first letter, and two words that differ there are rarely the same.
        near = [
            found
            for found in self._lookup()(word, typos)
            if found.term[0] == word[0] and len(found.term) >= _SHORTEST
        ]
        if not near:
            return None
        best = min(near, key=lambda found: (found.distance, -found.count, found.term))
        # "infectiom" has one typo for a word that the content does not know, and two for
        # "injection", which it does.
        if best.distance > 1 and not english_words().isdisjoint(_with_one_typo(word)):
            return None
        return str(best.term)


def _other_spelling(word: str) -> str:
    """Return a word of the content as people write it who leave out its hyphens and marks."""
    if word.isalnum() and word.isascii():
        return word
    return word.translate(_HYPHENS).translate(_WITHOUT_MARKS)


def nearest_words(counts: Mapping[str, int]) -> Callable[[str, int], list[Any]]:
    """Return a function from a word and a number of typos to the known words within that number.

    Each result has `term`, `distance` (Damerau-Levenshtein, optimal string alignment) and `count`.
    """
    from symspellpy import SymSpell, Verbosity

    symspell = SymSpell(max_dictionary_edit_distance=2)
    # Of words that are used as often, the first by name: an ingest counts them in another order
    # than they are read back in, and both have to correct alike.
    most_used = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:_CORRECTED_TOWARDS]
    for word, count in most_used:
        symspell.create_dictionary_entry(word, count)
    return lambda word, typos: symspell.lookup(word, Verbosity.ALL, max_edit_distance=typos)


def _with_one_typo(word: str) -> set[str]:
    """Return every text at one insertion, deletion, replacement or swap from a word."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in splits if b),
        *(a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1),
        *(a + c + b[1:] for a, b in splits if b for c in ascii_lowercase),
        *(a + c + b for a, b in splits for c in ascii_lowercase),
    }


@cache
def english_words() -> frozenset[str]:
    """Return the words of general English that symspellpy ships with (82,765 of them)."""
    file = importlib.resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split(" ", 1)[0] for line in lines)
