"""The model of caution is fitted to what writers asked, and cut by writers it did not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from training.caution import Rows, fit, read_rows

WORDS = ("harm", "help", "neck", "back")


class Words:
    """Encodes a text as which of WORDS it has."""

    info = SimpleNamespace(sha256="e")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[word in text for word in WORDS] for text in texts], dtype=np.float32)


def rows() -> Rows:
    asked = [
        (f"{word} {part} {number}", word == "harm", writer)
        for writer in ("a", "b", "")
        for number in range(5)
        for word in ("harm", "help")
        for part in ("neck", "back")
    ]
    texts, cautious, writers = zip(*asked, strict=True)
    return Rows(list(texts), np.array(cautious), np.array(writers))


def test_it_recognises_what_writers_call_caution() -> None:
    told: list[str] = []
    encoder: Any = Words()
    model = fit(encoder, rows(), [f"back {n}" for n in range(50)], told.append)
    assert model.encoder == "e"
    for has_bank in (False, True):
        assert model.recognises(encoder.encode(["harm back"])[0], has_bank=has_bank)
        assert not model.recognises(encoder.encode(["help back"])[0], has_bank=has_bank)
    assert told[0].startswith("caution: ")
    assert "1.000 with the model, 1.000 beside a bank, of 20 questions" in told[0]
    assert model.questions.cut <= model.cut_with_bank
    assert told[1].startswith("other: ")


def test_the_questions_are_of_several_writers_and_both_kinds() -> None:
    found = read_rows()
    counted = Counter(zip(found.writers.tolist(), found.cautious.tolist(), strict=True))
    for writer in ("ca", "cb", "cc"):
        assert min(counted[writer, True], counted[writer, False]) > 250
    assert counted["", True] > 500
    written = [text for text, writer in zip(found.texts, found.writers, strict=True) if writer]
    assert len({" ".join(text.casefold().split()) for text in written}) > 1750


@pytest.mark.parametrize("asked", ["is it dangerous", "who should not have it"])
def test_patterns_label_the_other_questions(asked: str) -> None:
    found = read_rows()
    same = [c for text, c in zip(found.texts, found.cautious, strict=True) if asked in text.lower()]
    assert all(same)
