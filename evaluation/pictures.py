"""A result of the bank as pictures; the notices have theirs in notices_pictures.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluation.judging import Judged
from evaluation.questions import QuestionKind
from index.types import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe & Ito 2008, "Color Universal Design": told apart by colour-blind readers.
_BLUE, _ORANGE, _GREEN, _GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"
# Inches and dots an inch: 1,280 pixels wide, shown at half of that in a README.
_SIZE, _DPI = (6.4, 4.2), 200
_BINS = 10


def draw(
    judged: Sequence[Judged],
    folder: Path,
    *,
    name: str,
    ablation: Sequence[Mapping[str, Any]] = (),
    answer_from: float | None = None,
) -> list[Path]:
    """Write the pictures of a result as PNG files into `folder`; return their paths."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, Callable[[Axes], None]] = {
        "confusion": lambda axes: _confusion(axes, judged)
    }
    if all(np.isfinite(one.probability) for one in judged):
        pictures["reliability"] = lambda axes: _reliability(axes, judged)
        pictures["curve"] = lambda axes: _curve(axes, judged, answer_from)
    if ablation:
        pictures["ablation"] = lambda axes: _ablation(axes, ablation)
    paths = []
    for what, picture in pictures.items():
        with plt.rc_context(
            {"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}
        ):
            figure, axes = plt.subplots(figsize=_SIZE, layout="constrained")
            picture(axes)
            paths.append(folder / f"{name}-{what}.png")
            # Without the library's version in it, so that the same result is the same file.
            figure.savefig(paths[-1], dpi=_DPI, metadata={"Software": None})
            plt.close(figure)
    return paths


def reliability_bins(
    probabilities: Sequence[float], answerable: Sequence[bool]
) -> list[tuple[float, float, int]]:
    """Return (mean probability, share answerable, count) of each bin of width 0.1 with questions.

    The reliability diagram of Murphy & Winkler 1977.
    """
    p, y = np.asarray(probabilities, dtype=float), np.asarray(answerable, dtype=float)
    bins = np.minimum((p * _BINS).astype(int), _BINS - 1)
    return [
        (float(p[bins == b].mean()), float(y[bins == b].mean()), int((bins == b).sum()))
        for b in range(_BINS)
        if (bins == b).any()
    ]


def _reliability(axes: Axes, judged: Sequence[Judged]) -> None:
    bins = reliability_bins(
        [j.probability for j in judged], [bool(j.question.sections) for j in judged]
    )
    said, true, counts = zip(*bins, strict=True)
    axes.plot(
        [0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1, label="perfectly calibrated"
    )
    axes.plot(said, true, color=_BLUE, marker="o", label="measured")
    for x, y, count in zip(said, true, counts, strict=True):
        above = y < 0.9
        axes.annotate(
            str(count),
            (x, y),
            xytext=(0, 8 if above else -16),
            textcoords="offset points",
            ha="center",
            fontsize=9,
            color=_GREY,
        )
    axes.set(
        xlabel="Probability given to “the articles answer this”",
        ylabel="Share of questions they do answer",
        title="Reliability (numbers: questions asked in each bin)",
        xlim=(0, 1),
        ylim=(-0.03, 1.05),
    )
    axes.legend(loc="lower right", frameon=False)


def _curve(axes: Axes, judged: Sequence[Judged], answer_from: float | None) -> None:
    cuts = np.linspace(0, 1, 501)
    styles = {
        QuestionKind.ANSWERABLE: (_BLUE, "-", "answerable (coverage)"),
        QuestionKind.UNANSWERABLE: (_ORANGE, "--", "on topic, unanswerable (false answers)"),
        QuestionKind.OFF_TOPIC: (_GREEN, ":", "off topic (false answers)"),
    }
    for kind, (colour, line, label) in styles.items():
        p = np.array([j.probability for j in judged if j.question.kind is kind])
        if len(p):
            shares = [(p >= cut).mean() for cut in cuts]
            axes.plot(cuts, shares, color=colour, linestyle=line, linewidth=2, label=label)
    if answer_from is not None:
        axes.axvline(answer_from, color=_GREY, linewidth=1)
        axes.annotate(
            f"cut in use: {answer_from:.2f}",
            (answer_from, 1.02),
            ha="center",
            fontsize=9,
            color=_GREY,
            annotation_clip=False,
        )
    axes.set(
        xlabel="Answer from this probability on",
        ylabel="Share of questions answered",
        xlim=(0, 1),
        ylim=(-0.02, 1.02),
    )
    axes.set_title("Coverage and false answers, whatever the cut", pad=18)
    axes.legend(loc="center", bbox_to_anchor=(0.5, 0.5), frameon=False, fontsize=9)


def _confusion(axes: Axes, judged: Sequence[Judged]) -> None:
    kinds, outcomes = list(QuestionKind), list(Outcome)
    counts = np.array(
        [
            [sum(j.question.kind is k and j.outcome is o for j in judged) for o in outcomes]
            for k in kinds
        ]
    )
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        axes.text(
            column,
            row,
            f"{share:.0%}\n{counts[row, column]}",
            ha="center",
            va="center",
            color="white" if share > 0.5 else "black",
        )
    axes.set_xticks(range(len(outcomes)), ["answer", "related reading", "not covered"])
    axes.set_yticks(range(len(kinds)), ["answerable", "on topic,\nunanswerable", "off topic"])
    axes.set(
        xlabel="Outcome of the search", title="What became of the questions (share, times asked)"
    )
    axes.tick_params(length=0)


def _ablation(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    parts = rows[1:]
    places = np.arange(len(parts))
    bars = (
        ("hit@1", _BLUE, "hit@1", ""),
        ("answered", _ORANGE, "answerable questions answered", "//"),
    )
    for offset, (what, colour, label, hatch) in zip((-0.2, 0.2), bars, strict=True):
        losses = [row["loss"][what] for row in parts]
        means = np.array([loss["mean"] for loss in losses])
        errors = [
            means - [loss["low"] for loss in losses],
            [loss["high"] for loss in losses] - means,
        ]
        axes.barh(
            places + offset,
            means,
            0.38,
            xerr=np.abs(errors),
            color=colour,
            hatch=hatch,
            edgecolor="white",
            ecolor="black",
            capsize=2,
            label=label,
        )
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(places, [row["name"] for row in parts], fontsize=9)
    axes.invert_yaxis()
    axes.set(
        xlabel="Lost without this part (bars: 95 % intervals)",
        title="Parts switched off, one by one",
    )
    axes.legend(loc="best", frameon=False, fontsize=9)
