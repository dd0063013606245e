"""Read the vocabulary, `content/vocabulary.toml`, and expand queries with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from core.files.toml_file import TomlFile
from core.text.tokens import normalize_token, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from index.search.bm25 import LexicalIndex

FILE_NAME = "vocabulary.toml"
# Words that do not change a complaint, as "down", "under" or "not" may.
_LIGHT = frozenset("a an the my your our his her their me i".split())
_LOOSE_WORDS = 2


@dataclass(frozen=True)
class Term:
    """Phrases with the same meaning: what clinicians write, and what patients say."""

    clinical: tuple[str, ...]
    lay: tuple[str, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all phrases, by which most terms are skipped quickly."""
        return frozenset(stem for phrase in self.lay + self.clinical for stem in _stems(phrase))


def read_vocabulary(content: Path) -> tuple[Term, ...]:
    """Read the terms in the order of the file; a missing file has none.

    Raises ContentError when the file is not TOML or a term is not two lists of texts.
    """
    file = TomlFile(
        content / FILE_NAME,
        problem="The vocabulary cannot be used.",
        fix="correct the file, then run: python -m ingest",
    )
    data = file.read()
    if data is None:
        return ()
    if set(data) - {"term"} or not isinstance(data.get("term", []), list):
        raise file.wrong("", "[[term]] tables and nothing else", ", ".join(data))
    terms = []
    for number, table in enumerate(data.get("term", []), start=1):
        place = f"term {number}"
        if not isinstance(table, dict) or set(table) != {"clinical", "lay"}:
            raise file.wrong(place, "the lists clinical and lay", repr(table))
        terms.append(Term(*(_phrases(table[key], file, place) for key in ("clinical", "lay"))))
    return tuple(terms)


def expansions(
    query: str, terms: Sequence[Term], *, known: LexicalIndex, most: int = 3
) -> tuple[str, ...]:
    """Return phrases with the meaning of phrases in the query, in the order of the terms.

    A phrase is in the query when its words are close together there, in any order ("pain in my
    heel" for "heel pain"). Of the other side of its term, the first phrase counts whose words are
    all in passages and that is not in the query itself.
    """
    query_stems = tuple(word.stem for word in words_of(query))
    found: dict[str, None] = {}
    for term in terms:
        if term.stems.isdisjoint(query_stems):
            continue
        for asked, meant in ((term.lay, term.clinical), (term.clinical, term.lay)):
            if any(_contains(query_stems, _stems(phrase)) for phrase in asked):
                for phrase in meant:
                    stems = _stems(phrase)
                    if all(map(known.knows, stems)) and not _contains(query_stems, stems):
                        found.setdefault(phrase)
                        break
    return tuple(found)[:most]


def _contains(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Say whether a window of the query, two words longer than the phrase, has all its words."""
    wanted = set(phrase)
    if not wanted.issubset(words):
        return False
    size = len(phrase) + (_LOOSE_WORDS if len(phrase) > 1 else 0)
    starts = range(max(len(words) - size, 0) + 1)
    return any(wanted.issubset(words[i : i + size]) for i in starts)


@cache
def _stems(phrase: str) -> tuple[str, ...]:
    """Return the stems of a phrase of the vocabulary; never of a query, because of the cache."""
    words = words_of(phrase)
    return tuple(w.stem for w in words if normalize_token(phrase[w.start : w.end]) not in _LIGHT)


def _phrases(value: object, file: TomlFile, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise file.wrong(place, "a list of texts", repr(value))
    phrases = []
    for phrase in value:
        if not isinstance(phrase, str) or not _stems(phrase):  # it would be in every query
            raise file.wrong(place, "a list of texts", repr(phrase))
        phrases.append(" ".join(phrase.split()))
    return tuple(phrases)
