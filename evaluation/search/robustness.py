"""Measure what a typo costs, and whether polite phrases change an outcome."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from evaluation.metrics import estimate
from evaluation.perturbing import CHANGES, UNLISTED, with_typo
from evaluation.search.judging import Judged, judge, mean_by_question

if TYPE_CHECKING:
    from index.store.opened import OpenIndex


@dataclass(slots=True)
class Robustness:
    """Collect, fold by fold, the results of questions that are typed differently."""

    _typos: list[dict[str, Any]] = field(default_factory=list)
    _changes: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, index: OpenIndex, judged: Judged, *, seed: int) -> None:
        """Ask a judged question again, in other words of the same meaning."""
        question, before = judged.question, judged.outcome
        if question.sections:
            text = with_typo(question.text, seed=seed)
            with_it = judge(index, replace(question, text=text)).values()["hit@3"]
            row = {"question": question, "without": judged.values()["hit@3"], "with": with_it}
            self._typos.append(row)
        for name, change in (*CHANGES.items(), *UNLISTED.items()):
            text = change(question.text)
            if text != question.text:
                after = judge(index, replace(question, text=text)).outcome
                row = {"question": question, "change": name, "before": before, "after": after}
                self._changes.append({**row, "same": float(after is before), "repeat": seed})

    def summary(self) -> dict[str, Any]:
        """Return the loss of hit@3 to one typo, and the share of outcomes each change keeps."""
        typos = mean_by_question(self._typos)
        changes = pd.DataFrame(self._changes)
        same = changes.groupby(["change", "question"], sort=False)["same"].mean()
        every = [value for name in CHANGES for value in same.get(name, ())]
        return {
            "typo_hit@3": asdict(estimate(typos["with"])),
            "typo_loss_of_hit@3": asdict(estimate(typos["without"] - typos["with"])),
            "same_outcome": {
                **{name: asdict(estimate(same.get(name, ()))) for name in (*CHANGES, *UNLISTED)},
                "all but unlisted": asdict(estimate(every)),
            },
            "changed": [
                {
                    "question": row["question"].text,
                    "change": row["change"],
                    "outcome": row["before"].value,
                    "became": row["after"].value,
                    "repeat": row["repeat"],
                }
                for row in self._changes
                if not row["same"]
            ],
        }
