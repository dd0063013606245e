"""Raise notices by nearest examples, for words that no rule knows.

Every example votes for its own notice and every ordinary question for none, weighted by similarity
to the question (kernel ridge regression, core/kernel_ridge.py). The threshold is measured on the
ordinary questions, each left out of its own fit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.kernel_ridge import fit_kernel_ridge
from core.text.normalize import normalize_query
from safety.notices.example_classifier import ExampleClassifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from safety.notices.red_flags import RedFlags

Encode = Callable[[Sequence[str]], "NDArray[np.float32]"]
# Raise this when the same examples would give another classifier.
NEAREST_VERSION = 1
# Compared by leave-one-out on the examples of the file; see docs/evaluation.md.
_SHARPNESS, _RIDGE = 2.0, 0.1
# The share of ordinary questions that may lie above the cut, each left out of its own fit.
_ALARMS = 0.01
# With few ordinary questions to measure it on, the cut is no lower than this.
_LOWEST_CUT = 0.35


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Leave-one-out votes of the examples, shape (examples, groups), and their notices."""

    votes: NDArray[np.float64]
    wanted: tuple[str, ...]


def digest(flags: RedFlags, encoder_sha256: str) -> str:
    """Hash everything that a classifier is learned from: the file's texts and the encoder."""
    groups = [[g.id, g.level.value, *g.examples] for g in flags.groups.values()]
    source = json.dumps([NEAREST_VERSION, encoder_sha256, groups, flags.benign], ensure_ascii=False)
    return hashlib.sha256(source.encode()).hexdigest()


def learn(
    flags: RedFlags, encode: Encode, *, encoder_sha256: str = ""
) -> tuple[ExampleClassifier, LeftOut]:
    """Learn from a file's examples; `encode` returns unit vectors, shape (texts, dimension).

    Near misses (`not_examples`) are no training data: a near miss is often a denial, and texts
    close to it are often real symptoms. The rules, which understand "no", deal with them.
    """
    examples = [(text, group.id) for group in flags.groups.values() for text in group.examples]
    texts = [*(text for text, _ in examples), *flags.benign]
    # Without texts there is nothing to learn and no dimension.
    groups = tuple(flags.groups) if texts else ()
    wanted = tuple(group for _, group in examples)
    targets = np.zeros((len(texts), len(groups)))
    for row, name in enumerate(wanted):
        targets[row, groups.index(name)] = 1.0
    vectors = np.zeros((0, 1), dtype=np.float32)
    encoded = tuple(normalize_query(text) or text for text in texts)
    if texts:
        vectors = encode(encoded)
    votes, left_out = fit_kernel_ridge(
        vectors @ vectors.T, targets, sharpness=_SHARPNESS, ridge=_RIDGE
    )
    acting = [i for i, name in enumerate(groups) if flags.groups[name].level.asks_to_act]
    alarms = left_out[len(examples) :, acting].max(axis=1, initial=0.0)
    cut = max(_LOWEST_CUT, float(np.quantile(alarms, 1 - _ALARMS)) if len(alarms) else 0.0)
    learned = ExampleClassifier(groups, encoded, vectors, votes, cut, digest(flags, encoder_sha256))
    return learned, LeftOut(left_out[: len(examples)], wanted)
