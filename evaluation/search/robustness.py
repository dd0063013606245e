"""Measure what a typo costs, and whether polite phrases change an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluation.metrics import estimate
from evaluation.perturbing import CHANGES, UNLISTED, with_typo
from evaluation.search.judging import Judged, judge
from evaluation.search.questions import LabelledQuestion

if TYPE_CHECKING:
    from index.store.opened import OpenIndex


@dataclass(slots=True)
class Robustness:
    """Collect, fold by fold, the results of questions that are typed differently."""

    _typed: dict[LabelledQuestion, list[float]] = field(default_factory=dict)
    _mistyped: dict[LabelledQuestion, list[float]] = field(default_factory=dict)
    _kept: dict[str, dict[LabelledQuestion, list[float]]] = field(
        default_factory=lambda: {name: {} for name in (*CHANGES, *UNLISTED)}
    )
    _changed: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, index: OpenIndex, judged: Judged, *, seed: int) -> None:
        """Ask a judged question again, in other words of the same meaning."""
        question = judged.question
        if question.sections:
            mistyped = _judge(index, question, with_typo(question.text, seed=seed))
            self._typed.setdefault(question, []).append(judged.values()["hit@3"])
            self._mistyped.setdefault(question, []).append(mistyped.values()["hit@3"])
        for name, change in (*CHANGES.items(), *UNLISTED.items()):
            text = change(question.text)
            if text == question.text:
                continue
            other = _judge(index, question, text)
            same = other.outcome is judged.outcome
            self._kept[name].setdefault(question, []).append(float(same))
            if not same:
                self._changed.append(
                    {
                        "question": question.text,
                        "change": name,
                        "outcome": judged.outcome.value,
                        "became": other.outcome.value,
                        "repeat": seed,
                    }
                )

    def summary(self) -> dict[str, Any]:
        """Return the loss of hit@3 to one typo, and the share of outcomes each change keeps."""
        typed, mistyped = _means(self._typed.values()), _means(self._mistyped.values())
        loss = [a - b for a, b in zip(typed, mistyped, strict=True)]
        shares = {name: _means(kept.values()) for name, kept in self._kept.items()}
        every = [share for name in CHANGES for share in shares[name]]
        return {
            "typo_hit@3": asdict(estimate(mistyped)),
            "typo_loss_of_hit@3": asdict(estimate(loss)),
            "same_outcome": {
                **{name: asdict(estimate(found)) for name, found in shares.items()},
                "all but unlisted": asdict(estimate(every)),
            },
            "changed": self._changed,
        }


def _judge(index: OpenIndex, question: LabelledQuestion, text: str) -> Judged:
    return judge(index, replace(question, text=text))


def _means(lists: Iterable[list[float]]) -> list[float]:
    return [float(np.mean(values)) for values in lists]
