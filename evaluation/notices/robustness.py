"""Measure how much recall the notices lose when patients word a symptom differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluation.metrics import estimate, paired_difference
from evaluation.notices.detectors import Asking, Detectors
from evaluation.perturbing import OF_SYMPTOMS

if TYPE_CHECKING:
    from ingest.build.articles import Progress


def measure_perturbations(
    asked: Sequence[Asking],
    detectors: Detectors,
    progress: Progress,
    *,
    what: str,
) -> dict[str, Any]:
    """Return recall before and after each perturbation, and the loss, paired by question.

    `asked` are texts, each with the notices any of which it has to raise. Several versions of a
    text count by their mean. A text that a perturbation does not change is not in its figures.
    """
    versions = {
        name: [[version for version in versions_of(text) if version != text] for text, _ in asked]
        for name, versions_of in OF_SYMPTOMS.items()
    }
    every = [
        (version, wanted)
        for lists in versions.values()
        for (_, wanted), changed in zip(asked, lists, strict=True)
        for version in changed
    ]
    detectors.prepare([*asked, *every], progress)
    before = [detectors.raises(text, wanted) for text, wanted in asked]
    table: dict[str, Any] = {}
    for name, lists in versions.items():
        rows = [row for row in zip(asked, before, lists, strict=True) if row[2]]
        pairs = []
        for (_, wanted), was, changed in progress(rows, len(rows), f"{what}, {name}"):
            became = [detectors.raises(version, wanted) for version in changed]
            pairs.append((was, {d: float(np.mean([row[d] for row in became])) for d in was}))
        if pairs:
            table[name] = {detector: _compared(pairs, detector) for detector in pairs[0][0]}
    return table


def _compared(
    pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]], detector: str
) -> dict[str, Any]:
    was, became = [row[detector] for row, _ in pairs], [row[detector] for _, row in pairs]
    return {
        "before": asdict(estimate(was)),
        "after": asdict(estimate(became)),
        "loss": asdict(paired_difference(was, became)),
    }
