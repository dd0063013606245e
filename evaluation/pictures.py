"""Draw results as pictures: the bank as PNG, the notices as SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.types import Outcome
from evaluation.notices.detectors import BOTH, RULES
from evaluation.search.judging import Judged
from evaluation.search.questions import QuestionKind
from safety.notices.red_flags import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

# Okabe & Ito 2008, "Color Universal Design": colour-blind readers can tell these apart.
_BLUE, _ORANGE, _GREEN, _GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"
# Inches, and dots an inch: 1,280 pixels wide, shown at half of that in a README.
_SIZE, _DPI = (6.4, 4.2), 200
_BINS = 10
_STYLE = {"axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "notices"}
_NOTE: Mapping[str, Any] = {"ha": "center", "fontsize": 9, "color": _GREY}
# Of the notices, each detector has a colour, a shape, a name and an offset in its row.
_DETECTORS = {
    RULES: (_ORANGE, "s", "rules alone", -0.17),
    BOTH: (_BLUE, "o", "both detectors", 0.17),
}
_WIDE, _ROW, _FRAME = 7.2, 0.27, 1.7  # inches

Draw = Callable[[Sequence["Axes"]], None]
Estimates = Mapping[str, Mapping[str, float]]


def draw(
    judged: Sequence[Judged],
    folder: Path,
    *,
    name: str,
    ablation: Sequence[Mapping[str, Any]] = (),
    answer_from: float | None = None,
) -> list[Path]:
    """Write the pictures of a result as PNG files into `folder`; return their paths."""
    pictures: dict[str, Draw] = {"confusion": lambda axes: _confusion(axes[0], judged)}
    if all(np.isfinite(j.probability) for j in judged):
        pictures["reliability"] = lambda axes: _reliability(axes[0], judged)
        pictures["curve"] = lambda axes: _curve(axes[0], judged, answer_from)
    if ablation:
        pictures["ablation"] = lambda axes: _ablation(axes[0], ablation)
    return [
        _save(folder / f"{name}-{what}.png", picture, size=_SIZE)
        for what, picture in pictures.items()
    ]


def draw_notices(record: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write recall by notice, and recall under each perturbation, as SVG; return the paths."""
    recall, tables = record["questions"]["per_group"], record["perturbations"]
    rows = _sorted_by_level(recall, record["levels"])
    changes = list(dict.fromkeys(name for table in tables.values() for name in table))
    pictures: tuple[tuple[str, Draw, int, int], ...] = (
        ("recall", lambda axes: _recall(axes[0], rows, recall), len(rows), 1),
        ("perturbations", lambda axes: _lost(axes, tables, changes), 2 * len(changes), len(tables)),
    )
    return [
        _save(
            folder / f"notices-{what}.svg", picture, size=(_WIDE, _FRAME + _ROW * high), columns=n
        )
        for what, picture, high, n in pictures
    ]


def _save(path: Path, picture: Draw, *, size: tuple[float, float], columns: int = 1) -> Path:
    """Draw a picture into a file on white, so that it can be read on a dark page.

    The same result gives the same bytes: no date, no version of the library. An SVG has one legend
    for all its plots, below them.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    path.parent.mkdir(parents=True, exist_ok=True)
    is_svg = path.suffix == ".svg"
    with plt.rc_context({**_STYLE, "font.size": 10 if is_svg else 11}):
        figure, grid = plt.subplots(
            1, columns, figsize=size, layout="constrained", sharey=True, squeeze=False
        )
        axes = list(grid[0])
        picture(axes)
        if is_svg:
            handles, labels = axes[0].get_legend_handles_labels()
            where = "outside lower center"
            figure.legend(handles, labels, loc=where, ncols=len(_DETECTORS), frameon=False)
        unset = ("Date", "Creator") if is_svg else ("Software",)
        figure.savefig(path, dpi=_DPI, metadata=dict.fromkeys(unset), facecolor="white")
        plt.close(figure)
    return path


def reliability_bins(probabilities: Sequence[float], answerable: Sequence[bool]) -> pd.DataFrame:
    """Return columns `given` (mean), `true` (share) and `n` of each bin of width 0.1 not empty.

    The reliability diagram of Murphy & Winkler 1977.
    """
    asked = pd.DataFrame({"given": probabilities, "true": answerable}, dtype=float)
    bins = asked.groupby((asked["given"] * _BINS).astype(int).clip(upper=_BINS - 1))
    return bins.mean().assign(n=bins.size())


def _reliability(axes: Axes, judged: Sequence[Judged]) -> None:
    bins = reliability_bins(
        [j.probability for j in judged], [bool(j.question.sections) for j in judged]
    )
    perfect: dict[str, Any] = {"color": _GREY, "linestyle": "--", "linewidth": 1}
    axes.plot([0, 1], [0, 1], label="perfectly calibrated", **perfect)
    axes.plot(bins["given"], bins["true"], color=_BLUE, marker="o", label="measured")
    for x, y, count in bins.itertuples(index=False):
        offset = (0, 8 if y < 0.9 else -16)
        axes.annotate(str(count), (x, y), offset, textcoords="offset points", **_NOTE)
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
        text = f"cut in use: {answer_from:.2f}"
        axes.annotate(text, (answer_from, 1.02), annotation_clip=False, **_NOTE)
    axes.set(
        xlabel="Answer from this probability on",
        ylabel="Share of questions answered",
        xlim=(0, 1),
        ylim=(-0.02, 1.02),
    )
    axes.set_title("Coverage and false answers, whatever the cut", pad=18)
    axes.legend(loc="center", bbox_to_anchor=(0.5, 0.5), frameon=False, fontsize=9)


def _confusion(axes: Axes, judged: Sequence[Judged]) -> None:
    asked = pd.crosstab([j.question.kind for j in judged], [j.outcome for j in judged])
    counts = asked.reindex(index=list(QuestionKind), columns=list(Outcome), fill_value=0).to_numpy()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        text, colour = f"{share:.0%}\n{counts[row, column]}", "white" if share > 0.5 else "black"
        axes.text(column, row, text, ha="center", va="center", color=colour)
    axes.set_xticks(range(3), ["answer", "related reading", "not covered"])
    axes.set_yticks(range(3), ["answerable", "on topic,\nunanswerable", "off topic"])
    axes.set(
        xlabel="Outcome of the search", title="What became of the questions (share, times asked)"
    )
    axes.tick_params(length=0)


def _ablation(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    parts = rows[1:]
    heights = np.arange(len(parts))
    for what, offset, colour, label, hatch in (
        ("hit@1", -0.2, _BLUE, "hit@1", ""),
        ("answered", 0.2, _ORANGE, "answerable questions answered", "//"),
    ):
        means, errors = _with_errors([row["loss"][what] for row in parts])
        fill: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white"}
        line: dict[str, Any] = {"xerr": errors, "ecolor": "black", "capsize": 2}
        axes.barh(heights + offset, means, 0.38, label=label, **line, **fill)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(heights, [row["name"] for row in parts], fontsize=9)
    axes.invert_yaxis()
    axes.set(
        xlabel="Lost without this part (bars: 95 % intervals)",
        title="Parts switched off, one by one",
    )
    axes.legend(loc="best", frameon=False, fontsize=9)


def _sorted_by_level(recall: Mapping[str, Estimates], levels: Mapping[str, str]) -> list[str]:
    """Return the notices under the name of their level, the best recall first."""
    best = BOTH if any(BOTH in row for row in recall.values()) else RULES
    rows: list[str] = []
    for level in Level:
        names = [name for name in recall if levels[name] == level]
        names.sort(key=lambda name: (-recall[name][best]["mean"], name))
        rows += [level.value, *names] if names else []
    return rows


def _recall(axes: Axes, rows: Sequence[str], recall: Mapping[str, Estimates]) -> None:
    for detector in _DETECTORS:
        _points(axes, detector, _found(recall, rows, detector))
    counts = {name: f"{name.replace('_', ' ')} ({row[RULES]['n']})" for name, row in recall.items()}
    axes.set_yticks(range(len(rows)), [counts.get(name, name) for name in rows])
    for label, name in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("normal" if name in recall else "bold")
    axes.tick_params(axis="y", length=0)
    _finish(axes, len(rows), title="")
    axes.figure.suptitle("Symptom questions that raise their notice (asked), 95 % intervals")


def _lost(axes: Sequence[Axes], tables: Mapping[str, Any], changes: Sequence[str]) -> None:
    for plot, (what, table) in zip(axes, tables.items(), strict=True):
        for detector, (colour, marker, _, offset) in _DETECTORS.items():
            measured = _found(table, changes, detector)
            _points(plot, detector, [(at, row["after"]) for at, row in measured])
            before = [row["before"]["mean"] for _, row in measured]
            heights = [at + offset for at, _ in measured]
            plot.plot(before, heights, marker, color=colour, mfc="white", markersize=9, zorder=1)
        plot.set_yticks(range(len(changes)), changes)
        plot.tick_params(axis="y", length=0)
        _finish(plot, len(changes), title=what)
    axes[0].figure.suptitle("Recall as written (hollow) and reworded (filled), 95 % intervals")


def _found(
    table: Mapping[str, Any], rows: Sequence[str], detector: str
) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the numbers of the rows that a detector has a figure for, each with the figure."""
    numbered = [(at, table.get(name, {})) for at, name in enumerate(rows)]
    return [(at, row[detector]) for at, row in numbered if detector in row]


def _points(axes: Axes, detector: str, points: Sequence[tuple[int, Mapping[str, float]]]) -> None:
    if not points:
        return
    colour, marker, label, offset = _DETECTORS[detector]
    means, errors = _with_errors([estimate for _, estimate in points])
    heights = [at + offset for at, _ in points]
    line: dict[str, Any] = {"color": colour, "linewidth": 1.2, "capsize": 2}
    axes.errorbar(means, heights, xerr=errors, fmt=marker, label=label, **line)


def _with_errors(
    estimates: Sequence[Mapping[str, float]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return means, shape (n,), and how far their intervals reach below and above, (2, n)."""
    mean, low, high = (np.array([e[name] for e in estimates]) for name in ("mean", "low", "high"))
    return mean, np.maximum(0.0, [mean - low, high - mean])


def _finish(axes: Axes, rows: int, *, title: str) -> None:
    axes.set(xlim=(-0.02, 1.02), ylim=(rows - 0.4, -0.6), title=title)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    axes.set_xlabel("Share raised")
    axes.grid(visible=True, axis="x", color=_GREY, alpha=0.25, linewidth=0.6)
