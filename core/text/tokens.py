"""Words of a text with their offsets and stems."""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass

import Stemmer

from core.text.normalize import ABBREVIATION, AMERICAN, WORD

_WORD = re.compile(f"{ABBREVIATION}|{WORD}")

# Words without a topic of their own, which never count as a match.
STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being but by can
    could did do does doing don't down during each few for from get gets getting give got had has
    have having he her here hers him his how i i'd i'll i'm i've if im in into is isn't it it's its
    ive just like me might more most much my myself no nor not of off on once only or other our out
    over own please same shall she should so some such tell than that that's the their them then
    there these they thing things this those through to too u under until up us very want was we
    were what what's when where which while who whom whose why will with would you your yours
    """.split()
)

_local = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `text[start:end]` and its stem; two words match when their stems are equal."""

    start: int
    end: int
    stem: str


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order; stems are lower case, without accents.

    They are parted as `normalize_query` parts them, so that a question finds what a text says.
    """
    return [Word(m.start(), m.end(), stem(m.group())) for m in _WORD.finditer(text)]


def words_in(text: str) -> list[str]:
    """Return the words of a text in order, as they are written there."""
    return _WORD.findall(text)


def stem(word: str) -> str:
    """Return a word's stem (Snowball's English stemmer, Porter 2), in American spelling.

    Nothing is cached, because the word may be a visitor's.
    """
    # A stemmer object keeps a buffer of its own and must not be shared between threads.
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english", 0)  # 0: without its own cache of words
        _local.american = dict(
            zip(*(_local.stemmer.stemWords(s) for s in (AMERICAN, AMERICAN.values())), strict=True)
        )
    stemmed: str = _local.stemmer.stemWord(normalize_token(word).replace(".", ""))
    american: str = _local.american.get(stemmed, stemmed)
    return american


def snowball_stem(word: str, algorithm: str) -> str:
    """Return the stem of a word in lower case by an algorithm of Snowball, such as "french"."""
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = Stemmer.Stemmer(algorithm, 0)
    stemmed: str = stemmers[algorithm].stemWord(word)
    return stemmed


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words without stop words."""
    return frozenset(
        stem(word) for word in _WORD.findall(text) if normalize_token(word) not in STOP_WORDS
    )


def normalize_token(word: str) -> str:
    """Return a word in lower case, without accents, with plain apostrophes."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.replace("\u2019", "'").casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
