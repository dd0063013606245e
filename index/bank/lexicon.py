"""The words of content, bank and vocabulary: for spelling, expansion and features."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.text.tokens import content_stems, words_in
from core.types import BankRow
from index.bank.vocabulary import Term

if TYPE_CHECKING:
    from pathlib import Path


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


def learn_lexicon(
    passages: Iterable[str], bank: Sequence[BankRow], terms: Sequence[Term]
) -> Lexicon:
    """Count the words of passages (with their headings), bank rows and vocabulary."""
    texts = [
        *passages,
        *(row.text for row in bank),
        *(p for t in terms for p in t.lay + t.clinical),
    ]
    return Lexicon(
        words=dict(Counter(word for text in texts for word in _words(text))),
        answerable_stems=_rows_by_stem(row for row in bank if row.sections),
        other_stems=_rows_by_stem(row for row in bank if not row.sections),
        terms=tuple(terms),
    )


def _words(text: str) -> Iterator[str]:
    for word in words_in(text):
        yield word.lower().replace(".", "")
    yield from (word.lower() for word in _JOINED.findall(text))


def _rows_by_stem(rows: Iterable[BankRow]) -> dict[str, int]:
    return dict(Counter(stem for row in rows for stem in content_stems(row.text)))


def write_lexicon(lexicon: Lexicon, path: Path) -> None:
    """Write the words as JSON."""
    text = json.dumps(asdict(lexicon), sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_lexicon(path: Path) -> Lexicon:
    """Read what `write_lexicon` wrote."""
    record = json.loads(path.read_text(encoding="utf-8"))
    terms = tuple(Term(tuple(t["clinical"]), tuple(t["lay"])) for t in record.pop("terms"))
    return Lexicon(**record, terms=terms)
