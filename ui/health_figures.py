"""The evaluation's figures: interactive plots, and each of them as a table for who cannot see it.

The plots are Vega-Lite's. Streamlit has its expressions interpreted, so that the page's policy
against `eval` stands.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import text
from ui.health_parts import FIGURES, block, frame
from ui.health_results import read_results
from ui.staff_parts import facts_list, table

if TYPE_CHECKING:
    from ui.health_results import Plot, Point, Result

# Okabe & Ito 2008, "Color Universal Design", as in the evaluation's own pictures; the last two are
# told apart by shape too.
_COLOURS = {"answered": "#0072B2", "related": "#B8860B", "not_covered": "#767676"}
_SERIES = ("#0072B2", "#B8480B")
_SHAPES = ("circle", "diamond")
_ROW_PX, _BAR_PX, _LABEL_PX = 26, 48, 190
# A grey that can be read on both backgrounds; Streamlit's own is too faint and too small.
_GREY = "#767f80"
_FONT = {"labelFontSize": 13, "labelColor": _GREY, "labelFlush": False, "labelBound": False}
_CHART = "cs-chart"


def draw(served: str) -> None:
    """Draw all results; `served` is the id of the generation that patients see, or empty."""
    results = read_results()
    lead = f'<p class="cs-lead">{text.HEALTH_FIGURES_LEAD}</p>'
    if not results:
        st.html(frame(FIGURES, f"{lead}<p>{text.HEALTH_FIGURES_NONE}</p>"))
        return
    before = frame(FIGURES, lead + _head(results[0], served))
    for number, result in enumerate(results):
        if number:
            before = block(_head(result, served))
        st.html(before)
        for plot in result.plots:
            if plot.points:
                _draw_plot(result, plot)


def _head(result: Result, served: str) -> str:
    heading, said = text.HEALTH_RESULTS[result.name]
    command, commit, measured, generation = text.HEALTH_RESULT_FACTS
    when = text.day(result.measured) if result.measured else text.HEALTH_RESULT_NO_DATE
    told = {command: result.command, commit: result.commit, measured: when}
    other = ""
    if len(result.generation) == 16:
        told[generation] = result.generation
        if served and served != result.generation:
            other = f'<p class="cs-note">{text.HEALTH_RESULT_OTHER} {escape(served)}</p>'
    return (
        f"<section><h2>{heading}</h2><p>{said}</p>{facts_list(told)}{other}"
        f"<p>{escape(result.protocol[:1].upper() + result.protocol[1:])}.</p></section>"
    )


def _draw_plot(result: Result, plot: Plot) -> None:
    heading, said = text.HEALTH_PLOTS[f"{result.name}_{plot.name}"]
    st.html(block(f"<h3>{heading}</h3><p>{said}</p>"))
    with st.container(key=f"{_CHART}-{result.name}-{plot.name}"):
        st.vega_lite_chart(spec(plot), width="stretch", alt=f"{heading}. {said}")
    columns = text.HEALTH_PLOT_COLUMNS
    rows = [_cells(point) for point in plot.points]
    drawn = table(f"plot-{result.name}-{plot.name}", heading, columns, rows)
    st.html(block(f"<details><summary>{text.HEALTH_AS_TABLE}</summary>{drawn}</details>"))


def spec(plot: Plot) -> dict[str, Any]:
    """Return a plot as Vega-Lite, its data inside."""
    values = [
        {
            "row": _short(point.row),
            "series": _words(point.series) if point.series else "",
            "mean": point.measure.mean,
            "low": point.measure.low,
            "high": point.measure.high,
            "n": point.measure.n,
            "order": number,
        }
        for number, point in enumerate(plot.points)
    ]
    rows = list(dict.fromkeys(value["row"] for value in values))
    layers = _bars(plot) if plot.kind == "bars" else _dots(plot)
    x = {
        "type": "quantitative",
        "title": None,
        "scale": {"zero": True} if plot.kind == "losses" else {"domain": [0, 1]},
        "axis": {"format": "+.0%" if plot.kind == "losses" else ".0%", "tickCount": 5, **_FONT},
    }
    y = {
        "field": "row",
        "type": "nominal",
        "sort": rows,
        "title": None,
        "axis": {
            "labelLimit": _LABEL_PX,
            "labelPadding": 8,
            "labelOverlap": False,
            "ticks": False,
            "domain": False,
            **_FONT,
        },
    }
    for layer in layers:
        layer["encoding"]["x"] = {**x, **layer["encoding"]["x"]}
    series = len({value["series"] for value in values})
    step = _ROW_PX * (series if plot.kind == "dots" else 1)
    return {
        "data": {"values": values},
        "height": _around_px(plot) + max(step, _BAR_PX if plot.kind == "bars" else 0) * len(rows),
        "background": "transparent",
        "encoding": {"y": y, "tooltip": _tooltip(plot)},
        "layer": layers,
    }


def _around_px(plot: Plot) -> int:
    """Return what the axis takes of a plot's height, and the legend where there is one."""
    return 50 + 40 * any(point.series for point in plot.points)


def _bars(plot: Plot) -> list[dict[str, Any]]:
    series = list(dict.fromkeys(point.series for point in plot.points))
    colour = {
        "field": "series",
        "type": "nominal",
        "title": None,
        "scale": {
            "domain": [_words(one) for one in series],
            "range": [_COLOURS.get(one, _SERIES[0]) for one in series],
        },
        "legend": {"orient": "top", "labelLimit": 300, "labelFontSize": 13, "labelColor": _GREY},
    }
    return [
        {
            "mark": {"type": "bar", "height": {"band": 0.7}},
            "encoding": {
                "x": {"field": "mean", "stack": "zero"},
                "color": colour,
                "order": {"field": "order", "type": "quantitative"},
            },
        }
    ]


def _dots(plot: Plot) -> list[dict[str, Any]]:
    series = list(dict.fromkeys(_words(point.series) for point in plot.points if point.series))
    beside: dict[str, Any] = {}
    shape: dict[str, Any] = {}
    if series:
        beside = {
            "color": {
                "field": "series",
                "type": "nominal",
                "title": None,
                "scale": {"domain": series, "range": list(_SERIES)},
                "legend": {
                    "orient": "top",
                    "labelLimit": 300,
                    "labelFontSize": 13,
                    "labelColor": _GREY,
                },
            },
            "yOffset": {"field": "series", "type": "nominal", "sort": series},
        }
        shape = {
            "shape": {
                "field": "series",
                "type": "nominal",
                "scale": {"domain": series, "range": list(_SHAPES)},
            }
        }
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.8, "color": _GREY},
            "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}, **beside},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": {"field": "mean"}, **beside, **shape},
        },
    ]
    return layers


def _tooltip(plot: Plot) -> list[dict[str, str]]:
    row, series, mean, low, high, n = text.HEALTH_PLOT_COLUMNS
    of = {"type": "quantitative", "format": ".1%"}
    names = [{"field": "row", "type": "nominal", "title": row}]
    if any(point.series for point in plot.points):
        names.append({"field": "series", "type": "nominal", "title": series})
    return [
        *names,
        {"field": "mean", "title": mean, **of},
        {"field": "low", "title": low, **of},
        {"field": "high", "title": high, **of},
        {"field": "n", "type": "quantitative", "title": n},
    ]


def _cells(point: Point) -> list[str]:
    one = point.measure
    shares = (f"{value:.1%}" for value in (one.mean, one.low, one.high))
    return [escape(_words(point.row)), escape(_words(point.series)), *shares, str(one.n)]


def _short(name: str) -> str:
    """Return the words for a row, of a section only its own part of the id."""
    return ", ".join(part.rpartition("#")[2] for part in _words(name).split(", "))


def _words(name: str) -> str:
    """Return our words for a name of the evaluation, and the name itself where we have none."""
    words: dict[str, str] = text.HEALTH_MEASURED
    return words.get(name, name)
