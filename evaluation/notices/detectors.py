"""The detectors of notices to compare: term rules alone, and with the example classifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.encoders.caching import CachingEncoder
from safety.notices.example_classifier import Encode, ExampleClassifier
from safety.notices.finder import Notice, NoticeFinder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Encoder
    from ingest.build.articles import Progress
    from safety.notices.red_flags import RedFlags

# The columns of every table: the term rules alone, and with what compares meanings.
RULES, BOTH = "rules", "both"
_BATCH = 64

# A text, and the notices any of which it has to raise.
Asking = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Trained:
    """The classifier trained on the examples, and its encoder; made once: it takes seconds."""

    classifier: ExampleClassifier
    encode: Encode
    dimension: int


def train(flags: RedFlags, encoder: Encoder) -> Trained:
    """Train on the examples of a file, with an encoder that encodes no text twice."""
    encode = CachingEncoder(encoder).encode
    sha256 = encoder.info.sha256
    return Trained(
        ExampleClassifier.fit(flags, encode, encoder_sha256=sha256), encode, encoder.info.dimension
    )


class Detectors:
    """Ask term rules alone and, with trained examples, both detectors together."""

    def __init__(
        self, flags: RedFlags, trained: Trained | None = None, *, own_words: bool = True
    ) -> None:
        self.flags = flags
        self._trained = trained
        self._finders = {RULES: NoticeFinder(flags, own_words=own_words)}
        if trained:
            self._finders[BOTH] = self._finders[RULES].with_examples(trained.classifier)

    def prepare(self, asked: Iterable[Asking], progress: Progress) -> None:
        """Encode the texts that `raises` will need in batches, which is many times faster.

        For a text that `find` will get, which needs more, pass no notices: ("my neck hurts", ()).
        """
        if not self._trained:
            return
        needed: dict[str, None] = {}
        dimension = self._trained.dimension

        def note(texts: Sequence[str]) -> NDArray[np.float32]:
            needed.update(dict.fromkeys(texts))
            return np.zeros((len(texts), dimension), dtype=np.float32)

        for text, wanted in asked:
            if not _is_among(self._finders[RULES].find(text), wanted):
                self._finders[BOTH].find(text, note)
        # Sort by length, so that little of a batch is padding.
        texts = sorted(needed, key=len)
        batches = [texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
        for batch in progress(batches, len(batches), "Embedding"):
            self._trained.encode(batch)

    def find(self, question: str) -> dict[str, tuple[Notice, ...]]:
        """Return the notices that a question raises, by detector."""
        encode = self._trained.encode if self._trained else None
        return {name: finder.find(question, encode) for name, finder in self._finders.items()}

    def raises(self, question: str, wanted: Sequence[str]) -> dict[str, float]:
        """Return 1.0 for each detector that raises one of the wanted notices, else 0.0.

        Examples can only add notices, so they are skipped when the rules are enough.
        """
        if _is_among(self._finders[RULES].find(question), wanted):
            return dict.fromkeys(self._finders, 1.0)
        found = self.find(question)
        return {name: float(_is_among(notices, wanted)) for name, notices in found.items()}


def _is_among(notices: Iterable[Notice], wanted: Sequence[str]) -> bool:
    return any(notice.group in wanted for notice in notices)


def missed_by(row: Mapping[str, float]) -> list[str]:
    """Return the columns in which a row is wrong."""
    return [name for name, right in row.items() if not right]
