"""Classify a question by learned examples of several kinds.

The classifier is stored in the generation, so that a page need not learn it at every start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.kernel_ridge import KernelRidge

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ExampleClassifier:
    """Fitted votes of examples for kinds.

    `texts` are the examples as they were encoded and `vectors` theirs: float32, shape (examples,
    dimension). A vote for a kind that reaches `cut` means that a question is of that kind.
    `digest` names what all this was learned from.
    """

    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    votes: KernelRidge
    cut: float
    digest: str

    def kinds_of(self, vectors: NDArray[np.float32]) -> set[str]:
        """Return the kinds that any of these vectors reaches: shape (texts, dimension)."""
        if not self.kinds or not len(vectors) or vectors.shape[1] != self.vectors.shape[1]:
            return set()  # nothing learned, or learned with another encoder than asks now
        cast = self.votes.predict(vectors @ self.vectors.T)
        return {self.kinds[i] for i in np.flatnonzero((cast >= self.cut).any(axis=0))}


def write_example_classifier(learned: ExampleClassifier, path: Path) -> None:
    """Write what was learned as arrays."""
    with path.open("wb") as stream:
        np.savez(
            stream,
            allow_pickle=False,
            kinds=np.array(learned.kinds, dtype=str),
            texts=np.array(learned.texts, dtype=str),
            vectors=learned.vectors,
            coefficients=learned.votes.coefficients,
            means=learned.votes.means,
            sharpness=np.array(learned.votes.sharpness),
            cut=np.array(learned.cut),
            digest=np.array(learned.digest),
        )


def read_example_classifier(path: Path) -> ExampleClassifier:
    """Read what `write_example_votes` wrote."""
    # Opened here: numpy leaves a damaged file open.
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        votes = KernelRidge(arrays["coefficients"], arrays["means"], float(arrays["sharpness"]))
        return ExampleClassifier(
            kinds=tuple(map(str, arrays["kinds"])),
            texts=tuple(map(str, arrays["texts"])),
            vectors=arrays["vectors"],
            votes=votes,
            cut=float(arrays["cut"]),
            digest=str(arrays["digest"]),
        )
