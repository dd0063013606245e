"""Summarise judged questions as the figures of a result, each with its interval: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from evaluation.metrics import Estimate, estimate, shares
from evaluation.search.judging import Judged, averaged
from evaluation.search.questions import LabelledQuestion, QuestionKind

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

Averages = Sequence[tuple[LabelledQuestion, dict[str, float]]]


def summarise(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return counts, figures, figures by section, kind and route, and the misses."""
    means = averaged(judged)
    return {
        "counts": dict(Counter(question.kind.value for question, _ in means)),
        "metrics": {name: asdict(figure) for name, figure in figures(means).items()},
        "per_section": _grouped(
            [pair for pair in means if pair[0].sections],
            lambda question: " | ".join(question.sections),
            (*RANKING, *_OUTCOMES),
        ),
        "per_kind": _grouped(means, lambda question: question.kind.value, _OUTCOMES),
        "per_route": _grouped(
            [pair for pair in means if not pair[0].sections],
            lambda question: str(question.route),
            (*_OUTCOMES, "routed"),
        ),
        "misses": misses(judged),
    }


def figures(means: Averages) -> dict[str, Estimate]:
    """Return every figure that there are questions for, by its name."""
    found = {
        name: [values[what] for question, values in means if question.kind is kind]
        for name, kind, what in FIGURES
    }
    return {name: estimate(values) for name, values in found.items() if values}


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
        for what in _wrongs(result):
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


def _wrongs(result: Judged) -> list[str]:
    if not result.question.sections:
        return [f"{result.question.kind.value} but answered"] if result.answered else []
    values = result.values()
    wrongs = [] if values["answered"] else ["answerable but not answered"]
    if not values["hit@3"]:
        return [*wrongs, "no answering section in the first three"]
    return [*wrongs, *([] if values["hit@1"] else ["another section first"])]


def _grouped(
    means: Averages, group_of: Callable[[LabelledQuestion], str], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    groups = shares((group_of(question), {n: row[n] for n in names}) for question, row in means)
    return {group: {"n": row[names[0]]["n"], **row} for group, row in sorted(groups.items())}
