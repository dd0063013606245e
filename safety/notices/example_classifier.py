"""Classify a question by the examples of the notices, for words that no rule knows.

Every example votes for its own notice and every ordinary question for none, weighted by similarity
to the question (kernel ridge regression, core/models/kernel_ridge.py). The threshold is measured on
the ordinary questions, each left out of its own fit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.models.kernel_ridge import KernelRidge, fit_kernel_ridge
from core.text.normalize import normalize_query
from safety.notices.fallback import product_notices
from safety.notices.wording_model import model_for

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from core.types import Encoder
    from safety.notices.red_flags import RedFlags

Encode = Callable[[Sequence[str]], "NDArray[np.float32]"]
# Raise this when the same examples would give another classifier.
CLASSIFIER_VERSION = 3
# Compared by leave-one-out on the examples of the file; see docs/evaluation.md.
_SHARPNESS, _RIDGE = 2.0, 0.1
# The share of ordinary questions that may lie above the threshold, each left out of its own fit.
_FALSE_ALARMS = 0.005
# With few ordinary questions to measure it on, the threshold is no lower than this.
_LOWEST_THRESHOLD = 0.35


@dataclass(frozen=True, slots=True)
class ExampleClassifier:
    """Fitted votes of examples for notices.

    `kinds` are the ids of the notices. `texts` are the examples as they were encoded and `vectors`
    theirs: float32, shape (examples, dimension). A question belongs to a kind whose vote reaches
    `cut`. `digest` is the `examples_digest` of what the classifier was fitted on, and `encoder` the
    sha256 of the encoder of the vectors.
    """

    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    votes: KernelRidge
    cut: float
    digest: str
    encoder: str = ""

    @classmethod
    def fit(cls, flags: RedFlags, encode: Encode, *, encoder_sha256: str = "") -> ExampleClassifier:
        """Fit to a file's examples; `encode` returns unit vectors, shape (texts, dimension).

        For the encoder that a wording model was shipped for, that model knows the product's
        examples; only notices with examples of the clinic's own are left to learn. Near misses
        (`not_examples`) are no training data: a near miss is often a denial, and texts close to it
        are often real symptoms. The rules, which understand "no", deal with them.
        """
        digest = examples_digest(flags, encoder_sha256)
        flags = _still_to_learn(flags) if model_for(flags.language, encoder_sha256) else flags
        texts = tuple(
            normalize_query(text) or text
            for text in (*(text for text, _ in _examples(flags)), *flags.benign)
        )
        # Without texts there is nothing to fit to and no dimension.
        kinds = tuple(flags.groups) if texts else ()
        vectors = encode(texts) if texts else np.zeros((0, 1), dtype=np.float32)
        votes, left_out = _fit_votes(flags, vectors)
        acting = [i for i, name in enumerate(kinds) if flags.groups[name].level.asks_to_act]
        alarms = left_out[len(texts) - len(flags.benign) :, acting].max(axis=1, initial=0.0)
        measured = float(np.quantile(alarms, 1 - _FALSE_ALARMS)) if len(alarms) else 0.0
        cut = max(_LOWEST_THRESHOLD, measured)
        return cls(kinds, texts, vectors, votes, cut, digest, encoder_sha256)

    def refit(self, flags: RedFlags, encoder: Encoder) -> ExampleClassifier:
        """Return this classifier if it was fitted to these examples with this encoder, else a new.

        Fitting a new one takes seconds.
        """
        sha256 = encoder.info.sha256
        if self.digest == examples_digest(flags, sha256):
            return self
        return ExampleClassifier.fit(flags, encoder.encode, encoder_sha256=sha256)

    def kinds_of(self, vectors: NDArray[np.float32]) -> set[str]:
        """Return the kinds that any of these vectors belongs to; shape (texts, dimension)."""
        if not self.kinds or not len(vectors) or vectors.shape[1] != self.vectors.shape[1]:
            return set()  # fitted to nothing, or with another encoder than asks now
        votes = self.votes.predict(vectors @ self.vectors.T)
        return {self.kinds[i] for i in np.flatnonzero((votes >= self.cut).any(axis=0))}

    def save(self, path: Path) -> None:
        """Write the classifier as NumPy arrays (.npz)."""
        with path.open("wb") as stream:
            np.savez(
                stream,
                allow_pickle=False,
                kinds=np.array(self.kinds, dtype=str),
                texts=np.array(self.texts, dtype=str),
                vectors=self.vectors,
                coefficients=self.votes.coefficients,
                means=self.votes.means,
                sharpness=np.array(self.votes.sharpness),
                cut=np.array(self.cut),
                digest=np.array(self.digest),
                encoder=np.array(self.encoder),
            )

    @classmethod
    def load(cls, path: Path) -> ExampleClassifier:
        """Read what `save` wrote."""
        # Opened here: numpy leaves a damaged file open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return cls(
                kinds=tuple(map(str, arrays["kinds"])),
                texts=tuple(map(str, arrays["texts"])),
                vectors=arrays["vectors"],
                votes=KernelRidge(
                    arrays["coefficients"], arrays["means"], float(arrays["sharpness"])
                ),
                cut=float(arrays["cut"]),
                digest=str(arrays["digest"]),
                encoder=str(arrays["encoder"]),
            )


def examples_digest(flags: RedFlags, encoder_sha256: str) -> str:
    """Hash everything that a classifier is fitted to: the file's texts and the encoder."""
    groups = [[g.id, g.level.value, *g.examples] for g in flags.groups.values()]
    source = json.dumps(
        [CLASSIFIER_VERSION, encoder_sha256, groups, flags.benign], ensure_ascii=False
    )
    return hashlib.sha256(source.encode()).hexdigest()


def _still_to_learn(flags: RedFlags) -> RedFlags:
    """Return the notices that have an example which the product's own file has not."""
    known = {text for group in product_notices().groups.values() for text in group.examples}
    groups = {name: g for name, g in flags.groups.items() if not known.issuperset(g.examples)}
    return replace(flags, groups=groups, benign=flags.benign if groups else ())


def _examples(flags: RedFlags) -> list[tuple[str, str]]:
    return [(text, group.id) for group in flags.groups.values() for text in group.examples]


def _fit_votes(
    flags: RedFlags, vectors: NDArray[np.float32]
) -> tuple[KernelRidge, NDArray[np.float64]]:
    """Fit the vectors of examples and ordinary questions; the leave-one-out votes come second."""
    kinds = list(flags.groups) if len(vectors) else []
    targets = np.zeros((len(vectors), len(kinds)))
    for row, (_, kind) in enumerate(_examples(flags)):
        targets[row, kinds.index(kind)] = 1.0
    return fit_kernel_ridge(vectors @ vectors.T, targets, sharpness=_SHARPNESS, ridge=_RIDGE)
