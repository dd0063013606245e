"""Tokens of a text, in a form that can be compared with terms: pure.

Questions and the terms of `red_flags.toml` are tokenized alike, so that "I can not feel it" and the
term "cant feel" become the same tokens.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.language_tags import ENGLISH
from core.text.tokens import normalize_token
from safety.notices.languages import Language, language_of
from safety.notices.red_flags import SpeechPatterns

_WORD_OR_END = re.compile(
    r"[^\W_]+(?:['\-][^\W_]+)*|[.,;:!?()\n\u2026\u2013\u2014]|(?<=\s)-+(?=\s)"
)
_SENTENCE_END = re.compile(r"(?<=[.!?\u2026])\s+|\n+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AGE_OF_A_CHILD = re.compile(r"[1-9]|1[0-7]")
_NUMBER_AND_UNIT = re.compile(r"(?<=\d)(?=[a-z])")
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
class TypedWord:
    """A typed word, or the word that replaces a typed phrase.

    `text` is in lower case, without apostrophes, and may be corrected; `place` and `clause` as in
    Token.
    """

    text: str
    place: int
    clause: int
    phrase: tuple[str, ...] = ()
    is_corrected: bool = False


class Tokenizer:
    """Tokenize text by the clinic's speech patterns; `correct` corrects the spelling of a word.

    `language` is the code of the patterns' language.
    """

    def __init__(
        self,
        patterns: SpeechPatterns,
        correct: Correct = lambda word: word,
        *,
        language: str = ENGLISH,
    ) -> None:
        self._correct = correct
        self._language = language_of(language)
        self._exact = frozenset(patterns.exact)
        self._clause_ends = frozenset(patterns.clause_ends)
        self._fillers = frozenset(patterns.fillers)
        self._negators = frozenset(patterns.negators)
        self._same = _by_first_word(
            ((phrase, word) for word, phrases in patterns.same.items() for phrase in phrases),
            self._language,
        )
        self._idioms = self._arranged(patterns.idioms)
        self._denials = self._arranged(patterns.ruled_out)
        self._not_negations = self._arranged(patterns.not_negations)

    def typed(self, text: str) -> list[TypedWord]:
        """Return a question's words in order, their typos corrected."""
        return self._split(text, correct=True)

    def tokens(self, text: str) -> list[Token]:
        """Return a question's words in order, without idioms and fillers."""
        return self.tokens_of(self.typed(text))

    def tokens_of(self, typed: Sequence[TypedWord]) -> list[Token]:
        """Return the tokens of a question's typed words."""
        hidden = _covered(typed, self._idioms)
        typed = [word for at, word in enumerate(typed) if at not in hidden]
        excused = _covered(typed, self._not_negations)
        negators = {
            word.place
            for at, word in enumerate(typed)
            if word.text in self._negators and at not in excused
        }
        alternatives = [word.place for word in typed if word.text in self._language.either]
        denied = self._ruled_out(typed, excused)
        return [
            Token(
                self._stem(word.text),
                word.place,
                word.clause,
                is_negator=word.place in negators and not word.phrase,
                is_denied=word.place in denied,
                holds_no=any(
                    part in self._negators or part in self._language.inability
                    for part in word.phrase or (word.text,)
                ),
                ors=bisect(alternatives, word.place),
            )
            for word in self._with_synonyms(typed)
            if word.text not in self._fillers
        ]

    def phrase(self, text: str) -> tuple[str, ...]:
        """Return a term's words in the same form as the tokens of a question."""
        words = self._with_synonyms(self._split(text, correct=False))
        return tuple(self._stem(word.text) for word in words if word.text not in self._fillers)

    def begins_with(self, text: str, phrases: Iterable[str]) -> bool:
        """Say whether a text begins with one of these phrases, word for word."""
        return 0 in _covered(self._split(text, correct=False), self._arranged(phrases))

    def contains(self, text: str, phrases: Iterable[str]) -> bool:
        """Say whether a text holds one of these phrases, word for word."""
        return bool(_covered(self._split(text, correct=False), self._arranged(phrases)))

    def _arranged(self, phrases: Iterable[str]) -> _Phrases:
        return _by_first_word(((phrase, "") for phrase in phrases), self._language)

    def _ruled_out(self, words: Sequence[TypedWord], excused: frozenset[int]) -> set[int]:
        """Return the places of phrases that rule something out, and of the words before them."""
        return {
            word.place
            for start, end in _spans(words, self._denials)
            if excused.isdisjoint(range(start, end))
            for word in words[max(0, start - _DENIAL_REACH) : end]
            if word.clause == words[start].clause
        }

    def _stem(self, word: str) -> str:
        if _YEAR.fullmatch(word):
            return YEAR
        if _AGE_OF_A_CHILD.fullmatch(word):
            return CHILD_AGE
        return word if word in self._exact else self._language.stem(word)

    def _split(self, text: str, *, correct: bool) -> list[TypedWord]:
        """Return the words as typed, in lower case, without apostrophes, with their clauses."""
        words: list[TypedWord] = []
        language, normal = self._language, _normalize(text)
        if language.list_comma:
            normal = language.list_comma.sub(" ", normal)
        clause = place = 0
        for match in _WORD_OR_END.finditer(normal):
            if not match.group()[0].isalnum():
                clause += 1
                continue
            for part in _parts(match.group(), language):
                if words and part == "not" and words[-1].text in language.with_not:
                    verb = words.pop()
                    words.append(replace(verb, text=language.with_not[verb.text]))
                else:
                    clause += part in self._clause_ends
                    corrected = self._correct(part) if correct else part
                    is_corrected = corrected != part
                    words.append(TypedWord(corrected, place, clause, is_corrected=is_corrected))
                place += 1
        return words

    def _with_synonyms(self, words: Sequence[TypedWord]) -> list[TypedWord]:
        """Replace phrases with the same meaning by their word in `[manner.same]`."""
        replaced: list[TypedWord] = []
        at = 0
        while at < len(words):
            first = words[at]
            for phrase, synonym in self._same.get(first.text, ()):
                if _texts(words[at : at + len(phrase)]) == phrase:
                    replaced.append(TypedWord(synonym, first.place, first.clause, phrase))
                    at += len(phrase)
                    break
            else:
                replaced.append(first)
                at += 1
        return replaced


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, as it is punctuated."""
    return [part for part in _SENTENCE_END.split(text) if part and part.strip()]


# Phrases by their first word, the longest first, each with the word that replaces it.
_Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]


def _by_first_word(phrases: Iterable[tuple[str, str]], language: Language) -> _Phrases:
    split = [(_phrase_words(phrase, language), word) for phrase, word in phrases]
    arranged: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, word in sorted(split, key=lambda pair: (-len(pair[0]), pair)):
        if words:
            arranged.setdefault(words[0], []).append((words, word))
    return arranged


def _covered(words: Sequence[TypedWord], phrases: _Phrases) -> frozenset[int]:
    """Return the positions of words that are part of one of the phrases."""
    return frozenset(at for start, end in _spans(words, phrases) for at in range(start, end))


def _spans(words: Sequence[TypedWord], phrases: _Phrases) -> Iterator[tuple[int, int]]:
    """Yield start and end of each phrase; of phrases that begin at the same word, the longest."""
    for at, word in enumerate(words):
        for phrase, _ in phrases.get(word.text, ()):
            end = at + len(phrase)
            if _texts(words[at:end]) == phrase:
                yield at, end
                break


def _texts(words: Sequence[TypedWord]) -> tuple[str, ...]:
    return tuple(word.text for word in words)


def _phrase_words(phrase: str, language: Language) -> tuple[str, ...]:
    return tuple(part for word in _normalize(phrase).split() for part in _parts(word, language))


def _parts(word: str, language: Language) -> list[str]:
    """Return the parts of a typed word: split at hyphens and units, and as its language does."""
    for ending in language.endings:
        word = word.removesuffix(ending)
    typed = word.split("'") if language.has_elisions else [word.replace("'", "")]
    parts = [part for piece in typed for part in language.parts.get(piece, (piece,))]
    return [piece for part in parts for piece in _NUMBER_AND_UNIT.sub("-", part).split("-")]


def _normalize(text: str) -> str:
    plain = normalize_token(text.replace("\u2018", "'").replace("`", "'"))
    return plain.replace("\u0153", "oe")
