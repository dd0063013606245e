"""Summarise judged questions as the figures of a result, each with its interval: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from evaluation.metrics import Estimate, estimate
from evaluation.search.judging import Judged, averaged, of_kind
from evaluation.search.questions import LabelledQuestion, QuestionKind

if TYPE_CHECKING:
    import pandas as pd

RANKING = ("hit@1", "hit@3", "mrr", "ndcg@10")
_OUTCOMES = ("answered", "related", "not_covered")
# The name of each figure in a result, the kind of its questions, and the averaged value.
FIGURES = (
    *((name, QuestionKind.ANSWERABLE, name) for name in RANKING),
    *(
        (f"{name}_of_{kind.name.lower()}", kind, name)
        for kind in QuestionKind
        for name in _OUTCOMES
    ),
    ("routed_of_unanswerable", QuestionKind.UNANSWERABLE, "routed"),
    ("routed_of_off_topic", QuestionKind.OFF_TOPIC, "routed"),
)


def summarise(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return counts, figures, figures by section, kind and route, and the misses."""
    means = averaged(judged)
    answerable = [bool(question.sections) for question in means.index]
    labelled, others = means[answerable], means[[not is_labelled for is_labelled in answerable]]
    by_section = _grouped(labelled, lambda q: " | ".join(q.sections), (*RANKING, *_OUTCOMES))
    return {
        "counts": dict(Counter(question.kind.value for question in means.index)),
        "metrics": {name: asdict(figure) for name, figure in figures(means).items()},
        "per_section": by_section,
        "per_kind": _grouped(means, lambda q: q.kind.value, _OUTCOMES),
        "per_route": _grouped(others, lambda q: str(q.route), (*_OUTCOMES, "routed")),
        "misses": misses(judged),
    }


def figures(means: pd.DataFrame) -> dict[str, Estimate]:
    """Return every figure that there are questions for, by its name."""
    by_kind = {kind: of_kind(means, kind) for kind in QuestionKind}
    return {
        name: estimate(by_kind[kind][column])
        for name, kind, column in FIGURES
        if len(by_kind[kind])
    }


def misses(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return every question with a wrong result, and the section that came first instead.

    Wrong means: no answering section first, an answerable question not answered, or any other
    question answered. `times` counts the repeats with that result.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    repeats: Counter[str] = Counter()
    for result in judged:
        question = result.question
        repeats[question.text] += 1
        for what in _errors(result):
            miss = found.setdefault(
                (question.text, what),
                {
                    "question": question.text,
                    "what": what,
                    "expected": list(question.sections) or question.route,
                    "first": result.sections[0] if result.sections else None,
                    "outcome": result.outcome.value,
                    "route": result.route,
                    "probability": round(result.probability, 3),
                    "times": 0,
                },
            )
            miss["times"] += 1
    listed = sorted(found.values(), key=lambda miss: (miss["what"], -miss["times"]))
    return [{**miss, "of": repeats[miss["question"]]} for miss in listed]


def _errors(result: Judged) -> list[str]:
    values = result.values()
    if not result.question.sections:
        return [f"{result.question.kind.value} but answered"] if values["answered"] else []
    errors = [] if values["answered"] else ["answerable but not answered"]
    if not values["hit@3"]:
        return [*errors, "no answering section in the first three"]
    return [*errors, *([] if values["hit@1"] else ["another section first"])]


def _grouped(
    means: pd.DataFrame, group_of: Callable[[LabelledQuestion], str], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    groups = means.groupby([group_of(question) for question in means.index]) if len(means) else ()
    return {
        str(group): {"n": len(rows), **{name: asdict(estimate(rows[name])) for name in names}}
        for group, rows in groups
    }
