"""The third step of an ingest: texts become vectors, no text twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.text.normalize import normalize_query
from core.types import BankRowKind, ViewKind
from index.store import generations
from index.vectors.faiss_store import VectorIndex
from index.vectors.token_vectors import PassageTokens, TokenVectors, passage_tokens
from ingest.build.passages import view_rows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from core.encoders.caching import CachingEncoder
    from core.types import BankRow, Encoder
    from ingest.build.articles import Progress
    from ingest.build.passages import Part
    from ingest.build.previous import PreviousGeneration

# Characters between two steps of the progress bar; the encoder makes batches of them.
_STEP_CHARS = 32_000
# Vectors that are in memory at a time while they are written.
_BLOCK = 1 << 14


class Embedded(NamedTuple):
    """The vectors of all views and the word pieces of all passages."""

    vectors: VectorIndex
    tokens: TokenVectors


def embed_parts(
    parts: Sequence[Part],
    encoder: Encoder,
    previous: PreviousGeneration,
    progress: Progress,
    scratch: Path | None = None,
) -> Embedded:
    """Embed the views of new passages, and the text of each of them piece by piece as well.

    Texts that the previous generation holds are not embedded again. The vectors are written to the
    folder `scratch` and read there; without one they stay in memory.
    """
    sha256 = encoder.info.sha256
    views = [view for part in parts for view in part.views]
    # The text of a view of kind TEXT, and where the passage itself begins in it.
    whole = {
        view.text: len(view.text) - len(part.passages[view.passage].text)
        for part in parts
        for view in part.views
        if view.kind is ViewKind.TEXT
    }
    texts = list(dict.fromkeys(view.text for view in views))
    known = previous.embedded(sha256, texts)
    in_pieces = previous.split_in_pieces(sha256, list(whole))
    unread = [text for text in whole if text not in in_pieces]
    new = [text for text in texts if text not in known]
    vectors, pieces = _embedded(encoder, new, {t: whole[t] for t in unread}, progress)
    stored = previous.stored
    if stored:
        for text, row in known.items():
            vectors[text] = stored.vectors.vector(row)
        for text, row in in_pieces.items():
            pieces[text] = stored.tokens.passage(row)
    return Embedded(
        _vector_index(parts, vectors, encoder.info.dimension, previous, scratch),
        TokenVectors(_tokens(parts, pieces, previous), encoder.info.token_dimension),
    )


def _embedded(
    encoder: Encoder, texts: Sequence[str], whole: Mapping[str, int], progress: Progress
) -> tuple[dict[str, NDArray[np.float32]], dict[str, PassageTokens]]:
    """Return the vectors of texts, and the pieces of those in `whole`."""
    vectors: dict[str, NDArray[np.float32]] = {}
    pieces: dict[str, PassageTokens] = {}
    for step in _steps(whole, progress, "Embedding passages"):
        for text, encoded in zip(step, encoder.encode_tokens(step), strict=True):
            pieces[text] = passage_tokens(encoded, whole[text])
            vectors[text] = encoded.vector
    rest = [text for text in texts if text not in vectors]
    for step in _steps(rest, progress, "Embedding sentences"):
        vectors.update(zip(step, encoder.encode(step), strict=True))
    return vectors, pieces


def _vector_index(
    parts: Sequence[Part],
    vectors: Mapping[str, NDArray[np.float32]],
    dimension: int,
    previous: PreviousGeneration,
    scratch: Path | None,
) -> VectorIndex:
    """Index the vectors of all views in their order."""
    kept = [view_rows(part, previous) for part in parts]
    rows = sum(len(k) + len(part.views) for k, part in zip(kept, parts, strict=True))

    def blocks() -> Iterator[NDArray[np.float32]]:
        for rows_kept, part in zip(kept, parts, strict=True):
            for start in range(rows_kept.start, rows_kept.stop, _BLOCK):
                block = np.arange(start, min(start + _BLOCK, rows_kept.stop))
                yield previous.take(block)
            for start in range(0, len(part.views), _BLOCK):
                yield np.stack([vectors[view.text] for view in part.views[start : start + _BLOCK]])

    if scratch is None:
        return VectorIndex(np.concatenate([np.zeros((0, dimension), np.float32), *blocks()]))
    like = previous.stored.vectors if previous.stored and any(kept) else None
    with generations.changing(scratch.parent):
        scratch.mkdir(parents=True)
        return VectorIndex.made_in(scratch, (rows, dimension), blocks(), like=like)


def _tokens(
    parts: Sequence[Part], pieces: Mapping[str, PassageTokens], previous: PreviousGeneration
) -> list[PassageTokens]:
    """Return the word pieces of all passages in their order."""
    stored = previous.stored
    return [
        tokens
        for part in parts
        for tokens in (
            *(stored.tokens.passage(row) for row in part.kept if stored),
            *(pieces[view.text] for view in part.views if view.kind is ViewKind.TEXT),
        )
    ]


def encode_bank(
    rows: Sequence[BankRow], encoder: CachingEncoder, progress: Progress
) -> NDArray[np.float32]:
    """Encode the questions of the bank piece by piece, for the searches that follow, and new rows.

    Returns their vectors, in their order: float32, shape (rows, dimension).
    """
    texts = [normalize_query(row.text) for row in rows]
    asked = [
        text for row, text in zip(rows, texts, strict=True) if row.kind is BankRowKind.QUESTION
    ]
    wanted = dict.fromkeys([*asked, *encoder.unknown(texts)])
    for step in _steps(wanted, progress, "Embedding the question bank"):
        encoder.encode_tokens(step)
    return encoder.encode(texts)


def encode_all(
    texts: Sequence[str], encoder: CachingEncoder, progress: Progress, *, what: str = "Embedding"
) -> NDArray[np.float32]:
    """Return the vectors of many texts, in their order: float32, shape (texts, dimension)."""
    for step in _steps(encoder.unknown(texts), progress, what):
        encoder.encode(step)
    return encoder.encode(texts)


def _steps(texts: Iterable[str], progress: Progress, what: str) -> Iterator[list[str]]:
    """Yield the texts in steps of alike lengths and of about the same work, the longest first.

    So little of a batch is padding, and the progress bar knows how much time is left.
    """
    steps: list[list[str]] = []
    room = 0
    for text in sorted(texts, key=len, reverse=True):
        if not steps or len(text) > room:
            steps.append([])
            room = _STEP_CHARS
        steps[-1].append(text)
        room -= len(text)
    yield from progress(steps, len(steps), what)
