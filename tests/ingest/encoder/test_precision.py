"""Passages are embedded in bfloat16 only where that is faster and the vectors agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.encoders.reference import SentenceEncoder
from core.errors import EncoderError
from core.types import Encoded, Passage, View, ViewKind
from index.store.manifest import BFLOAT16, FLOAT32
from ingest.build.embedding import embed_parts
from ingest.build.passages import Part
from ingest.build.previous import PreviousGeneration
from ingest.encoder import precision
from ingest.encoder.precision import passage_encoder
from tests.support.fakes import BagOfWordsEncoder

TEXTS = [f"neck {'pain ' * (number % 7)}{number}" for number in range(40)]


class Counting(SentenceEncoder):
    """A reference without a model, whose faster form is `turned` by so much."""

    def __init__(self, turned: float | None) -> None:
        self.asked: list[str] = []
        self._turned = turned
        self._words = BagOfWordsEncoder()
        self._info = self._words.info

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        vectors[:, 0] = 1.0
        return vectors

    def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        nothing = np.zeros((0, 0), dtype=np.float32)
        return [Encoded(v, nothing, np.zeros(0, dtype=np.int32)) for v in self.encode(texts)]

    def in_bfloat16(self) -> Any:
        return None if self._turned is None else Turned(self._turned)


class Serving(Counting):
    """What serves, with the vectors of the reference."""

    def __init__(self) -> None:
        super().__init__(None)


class Turned(Counting):
    def __init__(self, cosine: float) -> None:
        super().__init__(None)
        self._cosine = cosine

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = super().encode(texts)
        vectors[:, 0], vectors[:, 1] = self._cosine, np.sqrt(1 - self._cosine**2)
        return vectors


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "LEAST_TEXTS", len(TEXTS))


def test_what_agrees_is_taken_and_what_does_not_is_not() -> None:
    assert isinstance(passage_encoder(Serving(), lambda: Counting(0.9999), TEXTS), Turned)
    serving = Serving()
    assert passage_encoder(serving, lambda: Counting(0.99), TEXTS) is serving


def test_short_and_long_texts_are_tried() -> None:
    serving = Serving()
    passage_encoder(serving, lambda: Counting(0.9999), TEXTS)
    lengths = sorted(map(len, TEXTS))
    tried = sorted(map(len, serving.asked))
    assert 10 <= len(tried) < len(TEXTS)
    assert (tried[0], tried[-1]) == (lengths[0], lengths[-1])


def test_a_processor_without_it_and_few_texts_keep_what_serves() -> None:
    serving = Serving()
    assert passage_encoder(serving, lambda: Counting(None), TEXTS) is serving
    assert passage_encoder(serving, unloadable, TEXTS[:-1]) is serving
    stand_in = BagOfWordsEncoder()
    assert passage_encoder(stand_in, lambda: stand_in, TEXTS) is stand_in
    assert serving.asked == []


def test_where_the_reference_cannot_be_loaded_what_serves_embeds_it_all() -> None:
    serving = Serving()
    assert passage_encoder(serving, unloadable, TEXTS) is serving


def test_the_manifest_says_in_what_passages_were_embedded() -> None:
    def said(reference: Any, texts: Sequence[str]) -> str:
        views = [View(0, ViewKind.SENTENCE, text) for text in texts]
        passages = [Passage("a#b/1", "a", "a#b", "", "", (), "", 0, 0)]
        return embed_parts(
            [Part(passages=passages, views=views)],
            Serving(),
            lambda: reference,
            PreviousGeneration(),
            lambda items, _number, _what: items,
        ).precision

    assert said(Counting(0.9999), TEXTS) == BFLOAT16
    assert said(Counting(0.9999), TEXTS[1:]) == FLOAT32
    assert said(BagOfWordsEncoder(), TEXTS) == FLOAT32


def unloadable() -> Any:
    raise EncoderError("The encoder needs sentence-transformers, which is not installed.")
