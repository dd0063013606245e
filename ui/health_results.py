"""The evaluation's results, read from the files that `python -m evaluation` writes. No drawing."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ui.settings import ROOT

RESULTS = ROOT / "evaluation" / "results"
BANK, NOTICES = "bank", "notices"
WHOLE = "everything"
"""The search with all its parts, against which the others are measured."""
OUTCOMES = ("answered", "related", "not_covered")


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over n questions with its 95 % bootstrap interval; a share unless its plot says so."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Point:
    """A measure in a plot: the row it stands in, and which of the row's series it is."""

    row: str
    series: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class Plot:
    """What a plot shows. `name` is its key in the words of the page; the words of rows are theirs.

    Bars are shares of a whole, one beside the other; dots have intervals; losses may be negative.
    """

    name: str
    kind: Literal["bars", "dots", "losses"]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A file of results: what made it and when, and its plots.

    `measured` is the day that the file itself records, None where it records none: the file's own
    date is that of the last copy or checkout.
    """

    name: str
    commit: str
    command: str
    generation: str
    protocol: str
    measured: date | None
    plots: tuple[Plot, ...]

    def measure(self, plot: str, row: str) -> Measure | None:
        """Return a measure of a plot, None where the file has none."""
        points = (one for each in self.plots if each.name == plot for one in each.points)
        return next((one.measure for one in points if one.row == row), None)


def read_results(folder: Path = RESULTS) -> list[Result]:
    """Return the results that are there and can be read, in a fixed order."""
    found = (_read(folder / f"{name}.json", name, plots) for name, plots in _PLOTS.items())
    return [one for one in found if one]


def _read(path: Path, name: str, plots: Callable[[Any], Iterable[Plot]]) -> Result | None:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        texts = {key: str(body[key]) for key in ("commit", "command", "generation", "protocol")}
        return Result(name, **texts, measured=_day(body.get("date")), plots=tuple(plots(body)))
    except (OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None  # made by another version of the evaluation, or not at all


def _day(recorded: object) -> date | None:
    try:
        return date.fromisoformat(recorded) if isinstance(recorded, str) else None
    except ValueError:
        return None


def _bank(body: Any) -> Iterable[Plot]:
    kinds = body["per_kind"]
    yield Plot(
        "outcomes",
        "bars",
        tuple(
            Point(kind, outcome, _measure(kinds[kind][outcome]))
            for kind in ("answerable", "unanswerable", "off-topic")
            for outcome in OUTCOMES
        ),
    )
    names = ("hit@1", "hit@3", "mrr", "ndcg@10", "answered_of_answerable")
    yield Plot("ranking", "dots", _single((n, body["metrics"][n]) for n in names))
    sections = {
        name.replace(" | ", ", "): found["hit@1"] for name, found in body["per_section"].items()
    }
    yield Plot("sections", "dots", _lowest_first(sections))
    losses = (
        (one["name"], one["loss"]["hit@1"])
        for one in body.get("ablation", ())
        if one["name"] != WHOLE
    )
    yield Plot("parts", "losses", _single(losses))


def _notices(body: Any) -> Iterable[Plot]:
    kinds = body["questions"]["per_kind"]
    yield Plot(
        "kinds",
        "dots",
        tuple(
            Point(kind, series, _measure(found[series]))
            for kind, found in kinds.items()
            for series in ("rules", "both")
        ),
    )
    groups = {name: found["left_out"] for name, found in body["examples"]["per_group"].items()}
    yield Plot("groups", "dots", _lowest_first(groups))
    changed = body["perturbations"]["questions"]
    losses = ((name, found["both"]["loss"]) for name, found in changed.items())
    yield Plot("changes", "losses", _single(losses))


_PLOTS: Mapping[str, Callable[[Any], Iterable[Plot]]] = {BANK: _bank, NOTICES: _notices}


def _single(found: Iterable[tuple[str, Any]]) -> tuple[Point, ...]:
    return tuple(Point(name, "", _measure(one)) for name, one in found)


def _lowest_first(found: Mapping[str, Any]) -> tuple[Point, ...]:
    """Return a point for each, the ones that want looking after first."""
    return tuple(sorted(_single(found.items()), key=lambda one: (one.measure.mean, one.row)))


def _measure(found: Any) -> Measure:
    mean, low, high = (float(found[key]) for key in ("mean", "low", "high"))
    if not math.isfinite(mean + low + high):
        raise ValueError("a measure is no number")
    return Measure(mean, low, high, int(found["n"]))
