"""Words of a text with their offsets and stems."""

from __future__ import annotations

import re
import threading
import unicodedata
import zlib
from typing import TYPE_CHECKING, NamedTuple

import Stemmer

from core.text.normalize import ABBREVIATION, AMERICAN, WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD, _NO_ABBREVIATION = re.compile(f"{ABBREVIATION}|{WORD}"), re.compile(WORD)
_MAY_ABBREVIATE = re.compile(r"\.[^\W\d_]\.")

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


class Word(NamedTuple):
    """A word at `text[start:end]` and its stem; two words match when their stems are equal.

    `is_topic` says that it has a topic of its own: that it is no stop word.
    """

    start: int
    end: int
    stem: str
    is_topic: bool


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order; stems are lower case, without accents.

    They are parted as `normalize_query` parts them, so that a question finds what a text says.
    """
    found = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    words = [normalize_token(text[start:end]) for start, end in found]
    return [
        Word(start, end, stem, word not in STOP_WORDS)
        for (start, end), word, stem in zip(found, words, stems(words), strict=True)
    ]


def words_in(text: str) -> list[str]:
    """Return the words of a text in order, as they are written there."""
    # Most texts have no abbreviation, and their words are then found in two thirds of the time.
    return (_WORD if _MAY_ABBREVIATE.search(text) else _NO_ABBREVIATION).findall(text)


def stem(word: str) -> str:
    """Return a word's stem (Snowball's English stemmer, Porter 2), in American spelling."""
    return stems([normalize_token(word)])[0]


def stems(words: Sequence[str]) -> list[str]:
    """Return the stem of each word, which `normalize_token` returned.

    Nothing is cached, because a word may be a visitor's.
    """
    # A stemmer object keeps a buffer of its own and must not be shared between threads.
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english", 0)  # 0: without its own cache of words
        _local.american = dict(
            zip(*(_local.stemmer.stemWords(s) for s in (AMERICAN, AMERICAN.values())), strict=True)
        )
    american: dict[str, str] = _local.american
    stemmed: list[str] = _local.stemmer.stemWords([word.replace(".", "") for word in words])
    return [american.get(stem, stem) for stem in stemmed]


def snowball_stem(word: str, algorithm: str) -> str:
    """Return the stem of a word in lower case by an algorithm of Snowball, such as "french"."""
    stemmers = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = Stemmer.Stemmer(algorithm, 0)
    stemmed: str = stemmers[algorithm].stemWord(word)
    return stemmed


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words without stop words."""
    return frozenset(stems(list(set(map(normalize_token, words_in(text))) - STOP_WORDS)))


def signature(stems: Iterable[str]) -> int:
    """Return 64 bits of some stems; each stem sets one of them, the same in every process.

    Of two sets no more bits differ than stems.
    """
    bits = 0
    for stem in stems:
        bits |= 1 << (zlib.crc32(stem.encode()) & 63)
    return bits


def normalize_token(word: str) -> str:
    """Return a word in lower case, without accents, with plain apostrophes."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.replace("\u2019", "'").casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
