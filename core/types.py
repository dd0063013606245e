"""Every type that crosses a boundary between the project's packages: frozen, slotted, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from core.ids import heading_of, slug_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class ViewKind(StrEnum):
    """The ways to reach a passage; each is a vector in the index."""

    TEXT = "text"
    HEADING = "heading"
    SENTENCE = "sentence"
    QUESTION = "question"


class Outcome(StrEnum):
    """The outcome of a search: a passage answers, is only related, or nothing fits."""

    ANSWER = "answer"
    RELATED = "related"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who wrote and reviewed an article; None or empty if not stated, never guessed."""

    author: str | None = None
    reviewer: str | None = None
    reviewed: date | None = None
    next_review: date | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article under one heading.

    `path` holds the headings from the outermost to this one, as written in the article; it is
    empty where the article has no heading (text before the first one, or a closing paragraph).
    `body` are offsets into `Article.text`, without the heading line.
    """

    id: str
    path: tuple[str, ...]
    body: Span

    @property
    def slug(self) -> str:
        """The part of the id after '#', a stable anchor in the article."""
        return slug_of(self.id)

    @property
    def heading(self) -> str:
        """The section's heading, or a name for a section without one ('Introduction')."""
        return heading_of(self.id, self.path)


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read; every offset in the project points into `text`.

    `source` is the file's path below the content folder's `articles/`, with forward slashes;
    `sha256` is that of its bytes. `pages` are the offsets in `text` at which its pages begin.
    """

    id: str
    title: str
    text: str
    sections: tuple[Section, ...]
    source: str
    sha256: str
    provenance: Provenance = field(default_factory=Provenance)
    pages: tuple[int, ...] = ()

    @property
    def version(self) -> str:
        """The version in citations: the first digits of the file's sha256."""
        return self.sha256[:8]


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim slice of an article: `article.text[start:end] == text`, whole sentences only.

    The id is `article#section/n`, n counted from 1 in the section. `labels` are shown with it.
    """

    id: str
    article_id: str
    section_id: str
    title: str
    heading: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One way to reach a passage; row i of the vector index belongs to view i.

    `passage` is the row of the passage. `span` are a sentence view's offsets into its text.
    """

    passage: int
    kind: ViewKind
    text: str
    span: Span | None = None


ClaimKey = tuple[str, str, str]


def claim_key(article_id: str, sentence: str, kind: str) -> ClaimKey:
    """Return what a decision about a claim names: article, sentence on one line, kind."""
    return article_id, " ".join(sentence.split()), kind


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A health claim found in an article, as stored for pages that show the article.

    `start` and `end` are those of the sentence in `Article.text`, both 0 for a title that is not in
    the text. `words` begin at `words_start` of the sentence. `decision` says what was decided and
    by whom, empty without a decision; an open claim needs a decision or other words.
    """

    article_id: str
    place: str
    start: int
    end: int
    sentence: str
    words: str
    words_start: int
    kind: str
    severity: str
    reason: str
    wording: str
    evidence: str
    is_open: bool
    decision: str

    @property
    def key(self) -> ClaimKey:
        """What a decision about this claim names."""
        return claim_key(self.article_id, self.sentence, self.kind)


class BankRowKind(StrEnum):
    """The source of a row of the bank: a labelled question, the vocabulary, a route card."""

    QUESTION = "question"
    VOCABULARY = "vocabulary"
    ROUTE = "route"


@dataclass(frozen=True, slots=True)
class BankRow:
    """Words that patients use, and the sections or the route card that answer them."""

    text: str
    kind: BankRowKind
    sections: tuple[str, ...] = ()
    route: str | None = None


@dataclass(frozen=True, slots=True)
class MatchedView:
    """The view that matched a passage: its kind and its words."""

    kind: ViewKind
    text: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One passage found for a query.

    `score` is a raw similarity (higher is better; no probability, not normalised per query).
    `sentence` and `terms` are offsets into `passage.text`. `is_far` means that the passage is much
    further from the query than the first one, `is_answer` that its sentence answers the query.
    """

    rank: int
    passage: Passage
    score: float
    sentence: Span
    terms: tuple[Span, ...]
    matched_view: MatchedView
    labels: tuple[str, ...] = ()
    is_far: bool = False
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """Everything a search found, best first, and the generation of the index that it searched.

    `query` is the cleaned question, `corrected_query` its correction if a word was misspelt.
    `also_searched` are added words of the vocabulary. `is_cry`: it is a cry for help and asks
    nothing. `is_understood`: it may be in English or in a language of the articles. `is_doubted`:
    the answer rests on the question bank alone, and does not stand under an urgent notice.
    `practical`: what a question about the clinic asks, if no label answers it (`index/intent`).
    """

    query: str
    outcome: Outcome
    results: tuple[SearchResult, ...]
    generation: str
    route: str | None = None
    corrected_query: str | None = None
    also_searched: tuple[str, ...] = ()
    is_cry: bool = False
    is_understood: bool = True
    is_doubted: bool = False
    practical: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """The answer to a question of the bank when its generation was built.

    `passages` are the ids of the passages found, best first; `notices` the groups of the notices
    raised, most urgent first.
    """

    question: str
    outcome: Outcome
    route: str | None
    passages: tuple[str, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """An encoder's identity, as an index's manifest records it.

    `max_tokens` is the number of word pieces that it reads, special tokens included; it ignores
    the rest of a text. `token_dimension` is the length of the vectors of single word pieces, 0 for
    an encoder that has none.
    """

    name: str
    sha256: str
    dimension: int
    max_tokens: int
    token_dimension: int = 0


class Encoded(NamedTuple):
    """A text as its encoder sees it: as a whole, and piece by piece.

    `vector` is a unit vector, shape (dimension,); `tokens` are the unit vectors of its word pieces
    without the special ones, shape (pieces, token_dimension), no column without token vectors; both
    float32. `starts` are the offsets of the pieces in the text: int32, shape (pieces,).
    """

    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]
    starts: NDArray[np.int32]


class Encoder(Protocol):
    """Turns text into unit vectors. Passed in to its users, never constructed by them."""

    @property
    def info(self) -> EncoderInfo:
        """The encoder's identity."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector per text: float32, shape (len(texts), dimension), same order."""

    def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts piece by piece as well, in their order."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special tokens included."""
