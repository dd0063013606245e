"""Spelling correction that leaves alone every word that the content or the language knows."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Mapping
from functools import cache
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from core.text.normalize import QUOTED
from core.text.tokens import stem, words_of

if TYPE_CHECKING:
    from core.text.tokens import Word

_SHORTEST = 4
# From this length on two slips are forgiven; in shorter words two slips make another word.
_TWO_SLIPS_FROM = 8
# Each takes about 5 kB of memory, and who mistypes means a word that is used.
_CORRECTED_TOWARDS = 20_000


class Speller:
    """Corrects words that neither the content nor the language knows, towards the content's words.

    `counts` maps the words of content, bank and vocabulary, in lower case, to how often they are
    used there.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._stems = frozenset(map(stem, counts))
        self._nearest: Callable[[str, int], list[Any]] | None = None

    def correct(self, query: str) -> str | None:
        """Return the query with its misspelt words corrected, or None when there are none.

        Words inside double quotes are searched for as they stand and never corrected.
        """
        parts, end, quoted = [], 0, _quoted(query)
        for word in words_of(query):
            better = None if word.start in quoted else self._better(query, word)
            if better:
                parts += [query[end : word.start], better]
                end = word.end
        return "".join([*parts, query[end:]]) if parts else None

    def make_ready(self) -> None:
        """Do now what the first unknown word would wait for: seconds where words are many."""
        self._made_ready()
        english_words()

    def _made_ready(self) -> Callable[[str, int], list[Any]]:
        if self._nearest is None:  # not when the index is opened, which has to be quick
            self._nearest = nearest_words(self._counts)
        return self._nearest

    def _better(self, query: str, word: Word) -> str | None:
        typed = query[word.start : word.end]
        lower = typed.lower()
        if len(lower) < _SHORTEST or not lower.isalpha() or not lower.isascii():
            return None
        if lower in self._counts or word.stem in self._stems or lower in english_words():
            return None
        slips = 2 if len(lower) >= _TWO_SLIPS_FROM else 1
        found = self._suggest(lower, slips)
        return found.capitalize() if found and typed[0].isupper() else found

    def _suggest(self, word: str, slips: int) -> str | None:
        found = self._made_ready()(word, slips)
        # People rarely miss the first letter, and two words that differ there are rarely the same.
        near = [s for s in found if s.term[0] == word[0] and len(s.term) >= _SHORTEST]
        if not near:
            return None
        best = min(near, key=lambda s: (s.distance, -s.count, s.term))
        # "infectiom" is one slip from a word that the content does not know, and two from
        # "injection", which it does.
        if best.distance > 1 and not english_words().isdisjoint(_one_slip(word)):
            return None
        return str(best.term)


def nearest_words(counts: Mapping[str, int]) -> Callable[[str, int], list[Any]]:
    """Return a function from a word and a number of slips to the known words within so many.

    What it returns have `term`, `distance` (Damerau-Levenshtein, optimal string alignment) and
    `count`.
    """
    from symspellpy import SymSpell, Verbosity

    symspell = SymSpell(max_dictionary_edit_distance=2)
    # Of words that are used as often the first by name: an ingest counts them in another order than
    # they are read back in, and both have to correct alike.
    most_used = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:_CORRECTED_TOWARDS]
    for word, count in most_used:
        symspell.create_dictionary_entry(word, count)
    return lambda word, slips: symspell.lookup(word, Verbosity.ALL, max_edit_distance=slips)


def _one_slip(word: str) -> set[str]:
    """Return everything one insertion, deletion, replacement or swap away from a word."""
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


def _quoted(query: str) -> set[int]:
    """Return the places inside double quotes."""
    return {place for found in QUOTED.finditer(query) for place in range(*found.span(1))}
