"""Prepare a query: clean, correct, normalise, expand, stem and encode it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.text.language import is_understood
from core.text.normalize import AS_TYPED, clean_query, has_words, normalize_query
from core.text.spelling import english_words
from index.bank.vocabulary import expansions
from index.intent.cries import is_cry
from index.search.bm25 import content_words
from safety.notices.wording_model import wording_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.store.opened import OpenIndex


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A query in every form that a search compares.

    `asked` is the text as typed, cleaned; `corrected` is searched for instead where a word was
    misspelt, else None. `normalized` is the form that is encoded, `added_terms` are phrases of the
    vocabulary with the same meaning, `stems` are the content words of both, with repetitions.
    `vector` is a unit vector: float32, shape (dimension,); `tokens` are those of its word pieces:
    float32, shape (pieces, token dimension), and `starts` their offsets in `normalized`: int32,
    shape (pieces,); `bank_similarities` are its cosines to the rows of the question bank: float32,
    shape (rows,). `is_cry` says that its words are a cry for help and nothing else,
    `sounds_like_cry` that it means one in other words.
    `is_understood` as in SearchResponse.
    """

    asked: str
    corrected: str | None
    normalized: str
    added_terms: tuple[str, ...]
    stems: tuple[str, ...]
    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]
    starts: NDArray[np.int32]
    bank_similarities: NDArray[np.floating]
    is_cry: bool
    is_understood: bool
    sounds_like_cry: bool = False

    @property
    def searched(self) -> str:
        """The text that is searched for: as corrected, or else as asked."""
        return self.corrected or self.asked

    @property
    def is_searchable(self) -> bool:
        """Whether there is something to search for: words, and not just a cry for help."""
        return has_words(self.asked) and not self.is_cry


def prepare_query(index: OpenIndex, text: str, *, correct_spelling: bool = True) -> PreparedQuery:
    """Clean, correct, normalise, expand, stem and encode a text; compare it with the bank.

    Accepts any text; of a long one only the first `MAX_QUERY_CHARS` characters count.
    """
    asked = clean_query(text)
    corrected = _corrected(index, asked) if correct_spelling else None
    normalized = normalize_query(corrected or asked)
    added = expansions(normalized, index.lexicon.terms, known=index.lexical)
    understood = is_understood(asked, index.spoken)
    model = wording_model(index.manifest.encoder.sha256)
    (encoded,) = index.encoder.encode_tokens([normalized])
    return PreparedQuery(
        asked=asked,
        corrected=corrected,
        normalized=normalized,
        added_terms=added,
        stems=(*content_words(normalized), *content_words(" ".join(added))),
        vector=encoded.vector,
        tokens=encoded.tokens,
        starts=encoded.starts,
        bank_similarities=index.bank.similarities(encoded.vector),
        is_cry=is_cry(asked) or is_cry(corrected or asked),
        is_understood=understood,
        sounds_like_cry=bool(
            understood and model and _is_english(normalized) and model.is_cry(encoded.vector)
        ),
    )


def with_corrections(index: OpenIndex, query: PreparedQuery) -> PreparedQuery:
    """Return a query that was prepared as it was typed with its spelling corrected."""
    if _corrected(index, query.asked) is None:
        return query
    return prepare_query(index, query.asked)


def _corrected(index: OpenIndex, asked: str) -> str | None:
    return None if asked.startswith(AS_TYPED) else index.speller.correct(asked)


def _is_english(normalized: str) -> bool:
    """Say whether half of the words are known: nobody cries for help with "hhhhh"."""
    words = normalized.split()
    return bool(words) and 2 * sum(word in english_words() for word in words) >= len(words)
