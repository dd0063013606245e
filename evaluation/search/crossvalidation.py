"""Runs the bank through folds, a file of questions through the index, and parts switched off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from core.types import BankRowKind
from evaluation.metrics import paired_difference
from evaluation.search.folds import AS_BUILT, REPEATS, Folder, Variant, folds_of
from evaluation.search.judging import Judged, averaged, judge
from evaluation.search.questions import LabelledQuestion, QuestionKind, labelled
from evaluation.search.robustness import Robustness
from evaluation.search.summary import figures
from index.search.fusion import DEFAULT_WEIGHTS, Weights

if TYPE_CHECKING:
    from index.store.opened import OpenIndex
    from ingest.build.articles import Progress

_COMPARED = (
    ("hit@1", QuestionKind.ANSWERABLE),
    ("hit@3", QuestionKind.ANSWERABLE),
    ("ndcg@10", QuestionKind.ANSWERABLE),
    ("answered", QuestionKind.ANSWERABLE),
    ("answered", QuestionKind.UNANSWERABLE),
)


def cross_validate(
    index: OpenIndex,
    progress: Progress,
    *,
    variant: Variant = AS_BUILT,
    repeats: int = REPEATS,
    robustness: Robustness | None = None,
) -> list[Judged]:
    """Judge every question of the bank, once a repeat, by an index that has never seen it.

    With `robustness` each is asked again in other words, of the same index.
    """
    folder = Folder(index, variant)
    judged = []
    for fold in folds_of(folder, progress, repeats=repeats):
        for question in labelled([folder.rows[int(row)] for row in fold.held_out]):
            one = judge(fold.index, question, weights=variant.weights)
            judged.append(one)
            if robustness is not None:
                robustness.ask(fold.index, one, seed=fold.repeat)
    return judged


def judge_all(
    index: OpenIndex, questions: Sequence[LabelledQuestion], progress: Progress
) -> list[Judged]:
    """Judge questions from outside the bank by the index as it is published."""
    return [judge(index, one) for one in progress(questions, len(questions), "Asking")]


def variants() -> list[Variant]:
    """Return the search with each of its parts switched off, one by one.

    When one view of a passage is off, the others share its weight, so that views and words stay in
    balance.
    """
    every = frozenset(BankRowKind)
    return [
        *(Variant(f"no {kind} view", weights=without_view(kind)) for kind in view_names()),
        Variant("no BM25 coverage", weights=replace(DEFAULT_WEIGHTS, coverage=0.0)),
        Variant("no bank votes in the ranking", weights=replace(DEFAULT_WEIGHTS, boost=0.0)),
        Variant("no vocabulary rows", kinds=every - {BankRowKind.VOCABULARY}),
        Variant("no route phrases", kinds=every - {BankRowKind.ROUTE}),
        Variant("no query expansions", expanded=False),
    ]


def view_names() -> tuple[str, str, str]:
    """Return the names of the weights of views."""
    return ("text", "heading", "sentence")


def without_view(kind: str) -> Weights:
    """Return the default weights with one view off and the others in its place."""
    views = {name: getattr(DEFAULT_WEIGHTS, name) for name in view_names()}
    kept = sum(weight for name, weight in views.items() if name != kind)
    scale = sum(views.values()) / kept
    return replace(
        DEFAULT_WEIGHTS, **{n: 0.0 if n == kind else w * scale for n, w in views.items()}
    )


def ablate(
    index: OpenIndex, whole: Sequence[Judged], progress: Progress, *, repeats: int = REPEATS
) -> list[dict[str, Any]]:
    """Return a row for the whole and for each part off: figures, and paired losses to the whole.

    A positive loss is what the part is worth; for questions that the articles do not answer, a
    negative one is.
    """
    rows = [_row("everything", whole, whole)]
    for variant in variants():
        part = cross_validate(index, progress, variant=variant, repeats=repeats)
        rows.append(_row(variant.name, whole, part))
    return rows


def _row(name: str, whole: Sequence[Judged], part: Sequence[Judged]) -> dict[str, Any]:
    before, after = averaged(whole), averaged(part)
    later = dict(after)
    losses = {}
    for what, kind in _COMPARED:
        pairs = [
            (values[what], later[question][what])
            for question, values in before
            if question.kind is kind
        ]
        loss = paired_difference([a for a, _ in pairs], [b for _, b in pairs])
        losses[what if kind is QuestionKind.ANSWERABLE else "false_answers"] = asdict(loss)
    metrics = {name: asdict(one) for name, one in figures(after).items()}
    return {"name": name, "metrics": metrics, "loss": losses}
