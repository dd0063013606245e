"""The measurement of notices as pictures, in matplotlib's SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.notices_detectors import BOTH, RULES
from safety.red_flags import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe & Ito 2008, as in evaluation/pictures.py; each detector has a shape of its own as well.
_STYLES = {RULES: ("#D55E00", "s", "rules alone"), BOTH: ("#0072B2", "o", "both detectors")}
_GREY = "#6B6B6B"
_WIDTH, _ROW, _FRAME = 7.2, 0.27, 1.7  # inches

Estimates = Mapping[str, Mapping[str, float]]


def draw_notices(record: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write recall by notice and recall under each perturbation as SVG; return the paths.

    The background is white, so that the pictures can be read on a dark page, and the same record
    gives the same bytes.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    recall = record["questions"]["per_group"]
    rows = _sorted_by_level(recall, record["levels"])
    tables = record["perturbations"]
    changes = list(dict.fromkeys(name for table in tables.values() for name in table))
    pictures: dict[str, tuple[int, int, Callable[[Sequence[Axes]], None]]] = {
        "notices-recall": (1, len(rows), lambda axes: _recall(axes[0], rows, recall)),
        "notices-perturbations": (
            len(tables),
            2 * len(changes),
            lambda axes: _perturbations(axes, tables, changes),
        ),
    }
    style = {
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.hashsalt": "notices",
    }
    paths = []
    for name, (columns, height, picture) in pictures.items():
        with plt.rc_context(style):
            figure, axes = plt.subplots(
                1,
                columns,
                figsize=(_WIDTH, _FRAME + _ROW * height),
                layout="constrained",
                sharey=True,
                squeeze=False,
                facecolor="white",
            )
            picture(list(axes[0]))
            figure.legend(
                *axes[0][0].get_legend_handles_labels(),
                loc="outside lower center",
                ncols=len(_STYLES),
                frameon=False,
            )
            paths.append(folder / f"{name}.svg")
            figure.savefig(paths[-1], metadata={"Date": None, "Creator": None})
            plt.close(figure)
    return paths


def _sorted_by_level(recall: Mapping[str, Estimates], levels: Mapping[str, str]) -> list[str]:
    """Return the notices and, before those of each level, its name; the best recall first."""
    best = BOTH if any(BOTH in row for row in recall.values()) else RULES
    rows: list[str] = []
    for level in Level:
        names = [name for name in recall if levels[name] == level]
        if names:
            rows += [
                level.value,
                *sorted(names, key=lambda name: (-recall[name][best]["mean"], name)),
            ]
    return rows


def _recall(axes: Axes, rows: Sequence[str], recall: Mapping[str, Estimates]) -> None:
    for detector in (RULES, BOTH):
        points = [
            (at, recall[name][detector])
            for at, name in enumerate(rows)
            if detector in recall.get(name, {})
        ]
        _points(axes, detector, points)
    axes.set_yticks(
        range(len(rows)),
        [
            f"{name.replace('_', ' ')} ({recall[name][RULES]['n']})" if name in recall else name
            for name in rows
        ],
    )
    for label, name in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("normal" if name in recall else "bold")
    axes.tick_params(axis="y", length=0)
    _finish(axes, len(rows), title="")
    axes.figure.suptitle("Symptom questions that raise their notice (asked), 95 % intervals")


def _perturbations(axes: Sequence[Axes], tables: Mapping[str, Any], changes: Sequence[str]) -> None:
    for one, (what, table) in zip(axes, tables.items(), strict=True):
        for detector in (RULES, BOTH):
            told = [
                (at, table[change][detector])
                for at, change in enumerate(changes)
                if detector in table.get(change, {})
            ]
            colour, marker, _ = _STYLES[detector]
            _points(one, detector, [(at, row["after"]) for at, row in told])
            one.plot(
                [row["before"]["mean"] for _, row in told],
                [at + _offset(detector) for at, _ in told],
                marker=marker,
                color=colour,
                markerfacecolor="white",
                markersize=9,
                linestyle="none",
                zorder=1,
            )
        one.set_yticks(range(len(changes)), changes)
        one.tick_params(axis="y", length=0)
        _finish(one, len(changes), title=what)
    axes[0].figure.suptitle(
        "Recall as written (hollow) and said otherwise (filled), 95 % intervals"
    )


def _points(axes: Axes, detector: str, points: Sequence[tuple[int, Mapping[str, float]]]) -> None:
    if not points:
        return
    colour, marker, label = _STYLES[detector]
    means = [one["mean"] for _, one in points]
    errors = [
        [max(0.0, one["mean"] - one["low"]) for _, one in points],
        [max(0.0, one["high"] - one["mean"]) for _, one in points],
    ]
    axes.errorbar(
        means,
        [at + _offset(detector) for at, _ in points],
        xerr=errors,
        color=colour,
        marker=marker,
        linestyle="none",
        capsize=2,
        linewidth=1.2,
        label=label,
    )


def _offset(detector: str) -> float:
    return -0.17 if detector == RULES else 0.17


def _finish(axes: Axes, rows: int, *, title: str) -> None:
    axes.set(xlim=(-0.02, 1.02), ylim=(rows - 0.4, -0.6), title=title)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    axes.set_xlabel("Share raised")
    axes.grid(visible=True, axis="x", color=_GREY, alpha=0.25, linewidth=0.6)
