"""The words of content, bank and vocabulary: for spelling, expansion and features."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

from core.text.tokens import content_stems, words_in
from core.types import BankRow, Passage
from index.bank.vocabulary import Term

if TYPE_CHECKING:
    from pathlib import Path


# Raised when the same texts would be counted differently: it is part of a generation's id.
WORDS_VERSION = 1
_JOINED = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The known words.

    `words` counts each word, in lower case, in content, bank and vocabulary, and the words that
    hyphens join there as a whole too. `answerable_stems` and
    `other_stems` count the answerable and the other rows of the bank that have a stem. `terms` is
    the vocabulary.
    """

    words: Mapping[str, int]
    answerable_stems: Mapping[str, int]
    other_stems: Mapping[str, int]
    terms: tuple[Term, ...]


class Counted(NamedTuple):
    """The words of a lexicon that was learned before, and the texts that are no longer there."""

    words: Mapping[str, int]
    gone: Sequence[str]


def learn_lexicon(
    passages: Iterable[str],
    bank: Sequence[BankRow],
    terms: Sequence[Term],
    *,
    before: Counted | None = None,
) -> Lexicon:
    """Count the words of passages (with their headings), bank rows and vocabulary.

    With `before`, the passages are those that it has not counted.
    """
    words = Counter(before.words if before else ())
    words.update(word for text in (*passages, *texts_of(bank, terms)) for word in _words(text))
    words.subtract(word for text in (before.gone if before else ()) for word in _words(text))
    return Lexicon(
        words=dict(+words),
        answerable_stems=_rows_by_stem(row for row in bank if row.sections),
        other_stems=_rows_by_stem(row for row in bank if not row.sections),
        terms=tuple(terms),
    )


def searched_text(passage: Passage) -> str:
    """Return all that a passage is searched by in one text."""
    return " ".join([*passage.path, passage.text])


def texts_of(bank: Iterable[BankRow], terms: Iterable[Term]) -> list[str]:
    """Return what a lexicon counts besides passages."""
    return [*(row.text for row in bank), *(p for t in terms for p in t.lay + t.clinical)]


def _words(text: str) -> Iterator[str]:
    for word in words_in(text):
        yield word.lower().replace(".", "")
    yield from (word.lower() for word in _JOINED.findall(text))


def _rows_by_stem(rows: Iterable[BankRow]) -> dict[str, int]:
    return dict(Counter(stem for row in rows for stem in content_stems(row.text)))


def write_lexicon(lexicon: Lexicon, path: Path) -> None:
    """Write the words as JSON."""
    record = {field.name: getattr(lexicon, field.name) for field in fields(lexicon)}
    record["terms"] = [{"clinical": term.clinical, "lay": term.lay} for term in lexicon.terms]
    text = json.dumps(record, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_lexicon(path: Path) -> Lexicon:
    """Read what `write_lexicon` wrote."""
    record = json.loads(path.read_text(encoding="utf-8"))
    terms = tuple(Term(tuple(t["clinical"]), tuple(t["lay"])) for t in record.pop("terms"))
    return Lexicon(**record, terms=terms)
