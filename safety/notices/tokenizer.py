"""Turn text into tokens that can be compared with terms: pure.

Questions and the terms of `red_flags.toml` are tokenized alike, so that "I can not feel it" and the
term "cant feel" become the same tokens.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.text.tokens import stem
from safety.notices.red_flags import SpeechPatterns

_WORD_OR_END = re.compile(
    r"[^\W_]+(?:['\-][^\W_]+)*|[.,;:!?()\n\u2026\u2013\u2014]|(?<=\s)-+(?=\s)"
)
# "no fever, chills or night sweats": the comma of a list does not end what the "no" belongs to.
_LIST_COMMA = re.compile(
    r",(?=\s*(?:(?!(?:i|im|ive|my|its?|is|are|was|he|she|they|now|still|but)\b)[\w']+[\s,]+){1,4}n?or\b)"
)
_SENTENCE_END = re.compile(r"(?<=[.!?\u2026])\s+|\n+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AGE_OF_A_CHILD = re.compile(r"[1-9]|1[0-7]")
_NUMBER_AND_UNIT = re.compile(r"(?<=\d)(?=[a-z])")
# "is not" and "isnt" are the same; the form that people type without an apostrophe is kept.
_WITH_NOT = dict(
    pair.split(":")
    for pair in """can:cant could:couldnt do:dont does:doesnt did:didnt will:wont
    would:wouldnt should:shouldnt""".split()
)
# "isn't able" becomes "is not able", so that the "not" denies the words after it.
_SPLIT = {
    "cannot": ("can", "not"),
    **{word + "nt": (word, "not") for word in "is are was were has have had".split()},
    "aint": ("is", "not"),
}
# Words of inability deny by themselves: a term with such a word is never denied.
_INABILITY = frozenset(
    "cant couldnt wont wouldnt unable cudnt cnt wnt cannae canny willnae wullnae".split()
)
_OR = frozenset({"or", "nor"})
# In a term, any year matches every year, and any age below 18 matches every such age.
YEAR, CHILD_AGE = "<year>", "<age of a child>"

_DENIAL_REACH = 3

Correct = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Token:
    """A word in the form that is compared.

    `word` is the word's stem, `place` the number of the typed word, counted from 0 and including
    words that are left out, `clause` the number of its clause. `is_negator` says whether it denies
    the words after it, and `is_denied` whether a phrase after it rules it out ("DVT ruled out").
    `holds_no` says whether it replaces words of denial or inability ("no feeling", "unable"): a
    term with such a word is never denied. `ors` counts the "or" and "nor" before it.
    """

    word: str
    place: int
    clause: int
    is_negator: bool = False
    is_denied: bool = False
    holds_no: bool = False
    ors: int = 0


@dataclass(frozen=True, slots=True)
class _Typed:
    word: str
    place: int
    clause: int
    stands_for: tuple[str, ...] = ()


class Reader:
    """Tokenize text by the phrases of a `Manner`; `correct` corrects the spelling of a word."""

    def __init__(self, manner: SpeechPatterns, correct: Correct = lambda word: word) -> None:
        self._correct = correct
        self._exact = frozenset(manner.exact)
        self._clause_ends = frozenset(manner.clause_ends)
        self._fillers = frozenset(manner.fillers)
        self._same = _by_first(
            (_words(phrase), word) for word, phrases in manner.same.items() for phrase in phrases
        )
        self._negators = frozenset(manner.negators)
        self._idioms = _by_first((_words(phrase), "") for phrase in manner.idioms)
        self._denials = _by_first((_words(phrase), "") for phrase in manner.ruled_out)
        self._not_negations = _by_first((_words(phrase), "") for phrase in manner.not_negations)

    def tokens(self, text: str) -> list[Token]:
        """Return a question's words in order, without idioms and fillers."""
        typed = self._typed(text, correct=True)
        typed = [
            one
            for one, hidden in zip(typed, _covered(typed, self._idioms), strict=True)
            if not hidden
        ]
        excused = _covered(typed, self._not_negations)
        negators = {
            one.place
            for one, is_excused in zip(typed, excused, strict=True)
            if one.word in self._negators and not is_excused
        }
        alternatives = [one.place for one in typed if one.word in _OR]
        denied = {one.place for one in self._ruled_out(typed, excused)}
        return [
            Token(
                self._stem(one.word),
                one.place,
                one.clause,
                is_negator=one.place in negators and not one.stands_for,
                is_denied=one.place in denied,
                holds_no=self._holds_no(one),
                ors=bisect(alternatives, one.place),
            )
            for one in self._replaced(typed)
            if one.word not in self._fillers
        ]

    def phrase(self, text: str) -> tuple[str, ...]:
        """Return a term's words in the same form as the tokens of a question."""
        kept = [one.word for one in self._replaced(self._typed(text, correct=False))]
        return tuple(self._stem(word) for word in kept if word not in self._fillers)

    def begins_with(self, text: str, phrases: Iterable[str]) -> bool:
        """Say whether a text begins with one of these phrases, word for word."""
        typed = self._typed(text, correct=False)
        arranged = _by_first((_words(p), "") for p in phrases)
        return any(start == 0 for start, _ in _phrases_in(typed, arranged))

    def says(self, text: str, phrases: Iterable[str]) -> bool:
        """Say whether a text holds one of these phrases, word for word."""
        typed = self._typed(text, correct=False)
        return any(_covered(typed, _by_first((_words(p), "") for p in phrases)))

    def _holds_no(self, one: _Typed) -> bool:
        words = one.stands_for or (one.word,)
        return any(word in self._negators or word in _INABILITY for word in words)

    def _ruled_out(self, typed: Sequence[_Typed], excused: Sequence[bool]) -> Iterable[_Typed]:
        """Yield the words of phrases that rule something out, and the words just before them."""
        for start, end in _phrases_in(typed, self._denials):
            if not any(excused[start:end]):
                before = typed[max(0, start - _DENIAL_REACH) : end]
                yield from (one for one in before if one.clause == typed[start].clause)

    def _stem(self, word: str) -> str:
        if _YEAR.fullmatch(word):
            return YEAR
        if _AGE_OF_A_CHILD.fullmatch(word):
            return CHILD_AGE
        return word if word in self._exact else stem(word)

    def _typed(self, text: str, *, correct: bool) -> list[_Typed]:
        """Return the words as typed, in lower case, without apostrophes, with their clauses."""
        found: list[_Typed] = []
        clause = place = 0
        for match in _WORD_OR_END.finditer(_LIST_COMMA.sub(" ", _fold(text))):
            piece = match.group()
            if not piece[0].isalnum():
                clause += 1
                continue
            for part in _parts(piece):
                if found and part == "not" and found[-1].word in _WITH_NOT:
                    last = found.pop()
                    found.append(_Typed(_WITH_NOT[last.word], last.place, last.clause))
                else:
                    clause += part in self._clause_ends
                    corrected = self._correct(part) if correct else part
                    found.append(_Typed(corrected, place, clause))
                place += 1
        return found

    def _replaced(self, typed: Sequence[_Typed]) -> list[_Typed]:
        """Replace phrases with the same meaning by their word in `[manner.same]`."""
        out: list[_Typed] = []
        at = 0
        while at < len(typed):
            for phrase, word in self._same.get(typed[at].word, ()):
                if tuple(one.word for one in typed[at : at + len(phrase)]) == phrase:
                    out.append(_Typed(word, typed[at].place, typed[at].clause, phrase))
                    at += len(phrase)
                    break
            else:
                out.append(typed[at])
                at += 1
        return out


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, as it is punctuated."""
    return [part for part in _SENTENCE_END.split(text) if part and part.strip()]


_Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]


def _by_first(phrases: Iterable[tuple[tuple[str, ...], str]]) -> _Phrases:
    """Arrange phrases by their first word, the longest first."""
    arranged: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, word in sorted(phrases, key=lambda pair: (-len(pair[0]), pair)):
        if phrase:
            arranged.setdefault(phrase[0], []).append((phrase, word))
    return arranged


def _covered(typed: Sequence[_Typed], phrases: _Phrases) -> list[bool]:
    """Say of each word whether it is part of one of the phrases."""
    covered = [False] * len(typed)
    for start, end in _phrases_in(typed, phrases):
        covered[start:end] = [True] * (end - start)
    return covered


def _phrases_in(typed: Sequence[_Typed], phrases: _Phrases) -> Iterable[tuple[int, int]]:
    """Yield start and end of each phrase; of phrases that begin at the same word, the longest."""
    for at, one in enumerate(typed):
        for phrase, _ in phrases.get(one.word, ()):
            end = at + len(phrase)
            if tuple(other.word for other in typed[at:end]) == phrase:
                yield at, end
                break


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(part for word in _fold(phrase).split() for part in _parts(word))


def _parts(word: str) -> list[str]:
    """Return the parts of a typed word: without apostrophes, split at hyphens and units."""
    for ending in ("'s", "'d", "'ll"):
        word = word.removesuffix(ending)
    word = word.replace("'", "")
    parts = _SPLIT.get(word, (word,))
    return [piece for part in parts for piece in _NUMBER_AND_UNIT.sub("-", part).split("-")]


def _fold(text: str) -> str:
    """Return a text in lower case, without accents, with straight apostrophes."""
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
