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
# Vectors that are made one array at a time while they are written.
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

    Texts that the previous generation holds are not embedded again. Vectors and pieces are written
    to the folder `scratch` and read there; without one they stay in memory.
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
    dimensions = encoder.info.dimension, encoder.info.token_dimension
    if scratch is None:
        return _joined(parts, vectors, pieces, previous, *dimensions)
    with generations.changing(scratch.parent):
        scratch.mkdir(parents=True)
        return _joined(parts, vectors, pieces, previous, *dimensions, scratch)


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


def _joined(
    parts: Sequence[Part],
    vectors: Mapping[str, NDArray[np.float32]],
    pieces: Mapping[str, PassageTokens],
    previous: PreviousGeneration,
    dimension: int,
    token_dimension: int,
    scratch: Path | None = None,
) -> Embedded:
    """Join the vectors of all views and the pieces of all passages, in their order."""
    blocks = _blocks(parts, vectors, previous)
    tokens = TokenVectors.joined(
        _tokens(parts, pieces, previous, token_dimension), token_dimension, scratch
    )
    like = previous.stored.vectors if previous.stored else None
    if scratch is None:
        taken = [like.take(b) if isinstance(b, range) and like else b for b in blocks]
        return Embedded(
            VectorIndex(np.concatenate([np.zeros((0, dimension), np.float32), *taken])), tokens
        )
    rows = sum(len(view_rows(part, previous)) + len(part.views) for part in parts)
    like = like if any(part.kept for part in parts) else None
    return Embedded(VectorIndex.made_in(scratch, (rows, dimension), blocks, like=like), tokens)


def _blocks(
    parts: Sequence[Part], vectors: Mapping[str, NDArray[np.float32]], previous: PreviousGeneration
) -> Iterator[NDArray[np.float32] | range]:
    """Yield the vectors of all views in their order: new ones, or rows of the generation before."""
    for part in parts:
        if kept := view_rows(part, previous):
            yield kept
        for start in range(0, len(part.views), _BLOCK):
            yield np.stack([vectors[view.text] for view in part.views[start : start + _BLOCK]])


def _tokens(
    parts: Sequence[Part],
    pieces: Mapping[str, PassageTokens],
    previous: PreviousGeneration,
    dimension: int,
) -> Iterator[TokenVectors]:
    """Yield the word pieces of all passages in their order, neighbours together."""
    for part in parts:
        if part.kept and previous.stored:
            yield previous.stored.tokens.part(part.kept)
        new = [pieces[view.text] for view in part.views if view.kind is ViewKind.TEXT]
        yield TokenVectors(new, dimension)


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
