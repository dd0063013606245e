"""Cross-validation over the bank, questions from outside, and parts switched off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from core.types import BankRowKind
from evaluation.metrics import paired_difference
from evaluation.search.folds import AS_BUILT, REPEATS, FoldBuilder, Variant, folds_of
from evaluation.search.judging import Judged, averaged, judge, of_kind
from evaluation.search.questions import LabelledQuestion, QuestionKind, labelled
from evaluation.search.robustness import Robustness
from evaluation.search.summary import figures
from index.search.fusion import DEFAULT_WEIGHTS, Weights

if TYPE_CHECKING:
    from index.store.opened import OpenIndex
    from ingest.build.articles import Progress

# The weights of views in a ranking.
VIEWS = ("text", "heading", "sentence")
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
    builder = FoldBuilder(index, variant)
    judged = []
    for fold in folds_of(builder, progress, repeats=repeats):
        for question in labelled([builder.rows[int(row)] for row in fold.held_out]):
            judged.append(judge(fold.index, question, weights=variant.weights))
            if robustness is not None:
                robustness.ask(fold.index, judged[-1], seed=fold.repeat)
    return judged


def judge_all(
    index: OpenIndex, questions: Sequence[LabelledQuestion], progress: Progress
) -> list[Judged]:
    """Judge questions from outside the bank by the index as it is published."""
    return [judge(index, question) for question in progress(questions, len(questions), "Asking")]


def variants() -> list[Variant]:
    """Return the search with each of its parts switched off, one by one.

    When a view is off, the others share its weight, so that views and words stay in balance.
    """
    every = frozenset(BankRowKind)
    return [
        *(Variant(f"no {view} view", weights=without_view(view)) for view in VIEWS),
        Variant("no BM25 coverage", weights=replace(DEFAULT_WEIGHTS, coverage=0.0)),
        Variant("no bank votes in the ranking", weights=replace(DEFAULT_WEIGHTS, boost=0.0)),
        Variant("no vocabulary rows", kinds=every - {BankRowKind.VOCABULARY}),
        Variant("no route phrases", kinds=every - {BankRowKind.ROUTE}),
        Variant("no query expansions", expanded=False),
    ]


def without_view(view: str) -> Weights:
    """Return the default weights with one view off and the others in its place."""
    weights = {name: getattr(DEFAULT_WEIGHTS, name) for name in VIEWS}
    others = {name: weight for name, weight in weights.items() if name != view}
    scale = sum(weights.values()) / sum(others.values())
    scaled = {name: weight * scale for name, weight in others.items()}
    return replace(DEFAULT_WEIGHTS, **{**scaled, view: 0.0})


def ablate(
    index: OpenIndex, whole: Sequence[Judged], progress: Progress, *, repeats: int = REPEATS
) -> list[dict[str, Any]]:
    """Return a row for the whole and for each part off: figures, and paired losses to the whole.

    A positive loss is what the part is worth; for questions that the articles do not answer, a
    negative loss is.
    """
    rows = [_row("everything", whole, whole)]
    for variant in variants():
        part = cross_validate(index, progress, variant=variant, repeats=repeats)
        rows.append(_row(variant.name, whole, part))
    return rows


def _row(name: str, whole: Sequence[Judged], part: Sequence[Judged]) -> dict[str, Any]:
    before, after = averaged(whole), averaged(part)
    losses = {}
    for column, kind in _COMPARED:
        ours = of_kind(before, kind)[column]
        theirs = after[column].loc[ours.index]
        label = column if kind is QuestionKind.ANSWERABLE else "false_answers"
        losses[label] = asdict(paired_difference(list(ours), list(theirs)))
    metrics = {figure: asdict(found) for figure, found in figures(after).items()}
    return {"name": name, "metrics": metrics, "loss": losses}
