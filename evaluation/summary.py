"""Judged questions become the figures of a result, each with its interval: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from evaluation.judging import Judged, averaged
from evaluation.metrics import Estimate, estimate
from evaluation.questions import LabelledQuestion, QuestionKind

RANKING = ("hit@1", "hit@3", "mrr", "ndcg@10")
_OUTCOMES = ("answered", "related", "not_covered")
# The name of each figure in a result, the kind of question it is taken over, and what is averaged.
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
        "metrics": {name: asdict(one) for name, one in figures(means).items()},
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
    taken = {
        name: [values[what] for question, values in means if question.kind is kind]
        for name, kind, what in FIGURES
    }
    return {name: estimate(values) for name, values in taken.items() if values}


def misses(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return what went wrong at least once, question by question, with what came first instead.

    Wrong is: no answering section first, an answerable question not answered, or another one
    answered. `times` says in how many of the repeats.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    repeats: Counter[str] = Counter()
    for one in judged:
        question = one.question
        repeats[question.text] += 1
        for what in _wrongs(one):
            miss = found.setdefault(
                (question.text, what),
                {
                    "question": question.text,
                    "what": what,
                    "expected": list(question.sections) or question.route,
                    "first": one.sections[0] if one.sections else None,
                    "outcome": one.outcome.value,
                    "route": one.route,
                    "probability": round(one.probability, 3),
                    "times": 0,
                },
            )
            miss["times"] += 1
    listed = sorted(found.values(), key=lambda miss: (miss["what"], -miss["times"]))
    return [{**miss, "of": repeats[miss["question"]]} for miss in listed]


def _wrongs(one: Judged) -> list[str]:
    if not one.question.sections:
        return [f"{one.question.kind.value} but answered"] if one.answered else []
    values = one.values()
    wrongs = [] if values["answered"] else ["answerable but not answered"]
    if not values["hit@3"]:
        return [*wrongs, "no answering section in the first three"]
    return [*wrongs, *([] if values["hit@1"] else ["another section first"])]


def _grouped(
    means: Averages, group_of: Callable[[LabelledQuestion], str], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[dict[str, float]]] = {}
    for question, values in means:
        groups.setdefault(group_of(question), []).append(values)
    return {
        group: {
            "n": len(members),
            **{name: asdict(estimate([m[name] for m in members])) for name in names},
        }
        for group, members in sorted(groups.items())
    }
