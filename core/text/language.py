"""Judge whether a question is in a language that the articles are written in: pure.

So that nobody is told that the articles do not cover a question that nothing here can read.
English passes in doubt, with its slips, dialects, names and drugs.
"""

from __future__ import annotations

import importlib.resources
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from core import language_tags
from core.text.normalize import WORD
from core.text.spelling import english_words
from core.text.tokens import STOP_WORDS, normalize_token

_LATIN = "LATIN"
# So much of all running words of a content are stop words of English, or common words of another
# language and of no third one.
_ENGLISH_FROM, _OTHER_FROM = 0.15, 0.01
_SCRIPT_FROM = 0.05  # so much of the running words
# A longer foreign word says enough alone; shorter ones are an abbreviation or a slip somewhere.
_LONG, _ENOUGH = 4, 2
_COMPOUND = 8  # letters of a word that may be recognised by its ending
_UNLISTED_FROM = 4  # fewer unknown words may all be names
_WORDS = re.compile(WORD)
_PLAIN = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a content is written in.

    `languages` are "en" and keys of foreign_words.toml, as far as they are recognised; `scripts`
    are the first words of the Unicode names of its letters ("LATIN", "CYRILLIC"); `words` are its
    words in lower case.
    """

    languages: frozenset[str]
    scripts: frozenset[str]
    words: Collection[str] = field(default=(), repr=False)

    @property
    def is_english(self) -> bool:
        """Whether English is among the languages."""
        return language_tags.ENGLISH in self.languages


ENGLISH = Spoken(frozenset({language_tags.ENGLISH}), frozenset({_LATIN}))


def spoken_in(counts: Mapping[str, int]) -> Spoken:
    """Recognise what a content is written in; `counts` has its words in lower case."""
    total = max(sum(counts.values()), 1)
    table = _table("words")
    languages = Counter({language_tags.ENGLISH: sum(counts.get(word, 0) for word in STOP_WORDS)})
    scripts: Counter[str] = Counter()
    for word, count in counts.items():  # a large content has many words, and waits for this
        plain = word
        if not word.isascii():
            scripts[_script(word[0])] += count
            plain = folded(word)
        if plain in table and len(named := table[plain]) == 1 and word not in STOP_WORDS:
            languages[next(iter(named))] += count
    scripts[_LATIN] += total - scripts.total()
    least = {language_tags.ENGLISH: _ENGLISH_FROM}
    return Spoken(
        frozenset(x for x, n in languages.items() if n / total >= least.get(x, _OTHER_FROM)),
        frozenset(x for x, n in scripts.items() if n / total >= _SCRIPT_FROM),
        counts.keys(),
    )


def is_understood(text: str, spoken: Spoken) -> bool:
    """Say whether a text is in English or in a language of the content, or may be.

    It is not where most letters are of a script that the content has not, or where most words are
    foreign or unknown and some say for certain that they are foreign. Where the content is in
    English, marks on unknown words and a sentence of unknown words say it too.
    """
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii() and _is_in_foreign_script(text, spoken.scripts):
        return False
    words = [_Word.read(word, spoken) for word in _WORDS.findall(text) if not word.isdecimal()]
    unknown = sum(not word.is_known for word in words)
    foreign = [
        sum(name in word.languages or not word.is_known for word in words)
        for name in {name for word in words for name in word.languages}
        if _is_certain(name, words)
    ]
    if foreign:
        return 2 * max(foreign) <= len(words)
    if not spoken.is_english:
        return True
    if sum(word.marks for word in words) >= _ENOUGH:
        return 2 * unknown <= len(words)
    return unknown < max(len(words), _UNLISTED_FROM) or not _is_sentence(words)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a question, the foreign languages that have it, and how much it says for them."""

    plain: str
    is_known: bool
    is_english: bool
    marks: int
    languages: frozenset[str]
    says: int

    @classmethod
    def read(cls, word: str, spoken: Spoken) -> _Word:
        lower = word.lower().replace("\u2019", "'")
        plain = folded(lower)
        is_latin_1 = all(c <= "\u00ff" for c in lower)  # "café" is English, "mệt" is not "met"
        spellings = (lower, plain, plain.partition("'")[0]) if is_latin_1 else (lower,)
        is_english = not english_words().isdisjoint(spellings)
        is_of_content = lower in spoken.words
        marks = 1 if is_latin_1 or word[0].isupper() else _ENOUGH  # a name begins with a capital
        languages = _languages_of(plain)
        if is_of_content and not spoken.is_english:
            languages = frozenset()
        if not languages.isdisjoint(spoken.languages):
            is_of_content, languages = True, frozenset()
        says = 0 if is_english or len(plain) < _LONG - 1 else 1
        if says and len(plain) >= _LONG and plain not in _says_little():
            says = _ENOUGH
        return cls(
            plain=plain,
            is_known=is_english or is_of_content,
            is_english=is_english,
            marks=0 if is_english or is_of_content or plain == lower else marks,
            languages=languages,
            says=says,
        )


def folded(word: str) -> str:
    """Return a word in lower case and without marks: "Ağrı" is "agri"."""
    return normalize_token(word).translate(_PLAIN)


def _is_certain(language: str, words: list[_Word]) -> bool:
    """Say whether words that English has not make a language certain: a long one, or two.

    Where every word is of that language or unknown, less is enough: a word of three letters beside
    another word ("mal de dos"), or three words ("soy alérgico a la penicilina").
    """
    own = {word.plain: word.says for word in words if language in word.languages}
    if sum(own.values()) >= _ENOUGH:
        return True
    if all(word.is_english for word in words):
        return False
    are_all = all(language in word.languages or not word.is_known for word in words)
    return are_all and len(own) > (1 if any(own.values()) else 2)


def _is_sentence(words: list[_Word]) -> bool:
    """Say whether words have the lengths of those of a sentence, not of a list of drugs."""
    lengths = [len(word.plain) for word in words]
    return min(lengths) <= 3 and max(lengths) >= 6


def _languages_of(plain: str) -> frozenset[str]:
    parts = (plain, *plain.split("'")[1:])
    tables = (_table("words"), _table("also_english"))
    named = frozenset().union(*(table.get(part, ()) for part in parts for table in tables))
    if named or len(plain) < _COMPOUND:
        return named
    endings = _table("endings")
    found = (endings.get(plain[-length:], ()) for length in _lengths_of_endings())
    return frozenset().union(*found)


@cache
def _table(name: str) -> dict[str, frozenset[str]]:
    """Return the languages of each word, or ending, of a table of foreign_words.toml."""
    table: dict[str, set[str]] = {}
    for language, words in _file()[name].items():
        for word in words.split():
            table.setdefault(word, set()).add(language)
    # Most words have the same few sets of languages: kept once, they take a tenth of the memory.
    kept: dict[frozenset[str], frozenset[str]] = {}
    return {word: kept.setdefault(same := frozenset(of), same) for word, of in table.items()}


@cache
def _lengths_of_endings() -> frozenset[int]:
    return frozenset(map(len, _table("endings")))


@cache
def _says_little() -> frozenset[str]:
    return frozenset(_file()["say_little"].split())


def _file() -> dict[str, Any]:
    file = importlib.resources.files("core.text") / "foreign_words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _is_in_foreign_script(text: str, scripts: Collection[str]) -> bool:
    letters = [c for c in text if c.isalpha()]
    foreign = sum(not c.isascii() and _script(c) not in (_LATIN, *scripts) for c in letters)
    return 2 * foreign > len(letters)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
