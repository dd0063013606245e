"""The measurement of notices as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_COLUMNS = ("rules", "both", "left_out")
_HEADS = {"rules": "rules alone", "both": "both", "left_out": "rules and other examples"}
_CELL = 24
# Longer lists are in the result's file only.
_LISTED = 20


def notices_as_text(record: Mapping[str, Any]) -> str:
    """Return the record as tables: mean and 95 % interval by detector, and what went wrong.

    The questions of the sealed file are counted and never printed.
    """
    bullets, examples, alarms = (record[n] for n in ("bullets", "examples", "benign_alarms"))
    parts = [
        f"{record['protocol']}\nmodel {record['model']['name']}, commit {record['commit']}",
        ", ".join(f"{count} {what}" for what, count in record["counts"].items()),
        _table("bullets", bullets["shares"]),
        "A notice's own words are rules by construction: bullets as they are show that nothing "
        "broke.\nOwn words left out: bullets that go on from their heading, and so name a symptom.",
        *(
            _list(f"bullets missed, {name}", [_missed(miss) for miss in misses])
            for name, misses in bullets["misses"].items()
        ),
        _table("examples of the file", examples["shares"]),
        _table("examples by level", examples["per_level"]),
        _table("examples by notice", examples["per_group"]),
        _list(
            "examples missed by rules or by both",
            [_missed(m) for m in examples["misses"] if m["missed_by"] != ["left_out"]],
        ),
        _list(
            "examples missed only without themselves",
            [_missed(m) for m in examples["misses"] if m["missed_by"] == ["left_out"]],
        ),
        _list(
            "near misses that raise their notice",
            [
                f"{m['group']}, by {' and '.join(m['raised_by'])}: {m['text']}"
                for m in examples["near_misses_raised"]
            ],
        ),
        _table("false alarms", alarms["shares"]),
        _list("alarms", [_alarm(one) for one in alarms["alarms"]]),
        *(_questions(record["questions"]) if "questions" in record else []),
        *(
            _perturbations(f"{what}, recall under", table)
            for what, table in record.get("perturbations", {}).items()
        ),
        "term rules alone: median {median_ms:.2f} ms a question, 95th percentile {p95_ms:.2f} ms,"
        " {n} texts".format(**record["speed"]),
        _bars(record["bars"]),
    ]
    return "\n\n".join(part for part in parts if part)


def _questions(judged: Mapping[str, Any]) -> list[str]:
    return [
        _table("questions right, by kind", judged["per_kind"]),
        _table("recall of symptoms, by level", judged["per_level"]),
        _table("recall of symptoms, by notice", judged["per_group"]),
        _table("any emergency or urgent notice", judged["any_serious"]),
        _table("raised, as one line that opens", judged["as_information"]),
        _table("minimal pairs", judged["minimal_pairs"]),
        f"{len(judged['misses'])} questions missed by rules or by both; they are sealed, and "
        "listed in the result's file only",
    ]


def _table(title: str, rows: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    if not rows:
        return ""
    columns = [name for name in _COLUMNS if any(name in row for row in rows.values())]
    wide = max(len(title), *map(len, rows))
    lines = [f"{title:<{wide}} {'n':>5} " + " ".join(f"{_HEADS[c]:>{_CELL}}" for c in columns)]
    for name, row in rows.items():
        cells = (_estimate(row[c]) if c in row else "" for c in columns)
        n = max(one["n"] for one in row.values())
        lines.append(f"{name:<{wide}} {n:5d} " + " ".join(f"{cell:>{_CELL}}" for cell in cells))
    return "\n".join(lines)


def _perturbations(title: str, table: Mapping[str, Mapping[str, Any]]) -> str:
    wide = max(len(title), *map(len, table), 0)
    heads = f"{'before':>7} {'after':>7} {'lost (paired interval)':>27}"
    lines = [f"{title:<{wide}} {'by':<6} {'n':>5} {heads}"]
    for name, row in table.items():
        for detector, one in row.items():
            loss = one["loss"]
            lost = f"{loss['mean']:+.3f} ({loss['low']:+.3f} to {loss['high']:+.3f})"
            lines.append(
                f"{name:<{wide}} {detector:<6} {loss['n']:5d} {one['before']['mean']:7.3f} "
                f"{one['after']['mean']:7.3f} {lost:>27}"
            )
    return "\n".join(lines)


def _bars(bars: Sequence[Mapping[str, Any]]) -> str:
    wide = max((len(bar["name"]) for bar in bars), default=0)
    lines = []
    for bar in bars:
        limit = (
            f"at least {bar['at_least']:.2f}"
            if "at_least" in bar
            else f"at most {bar['at_most']:.2f}"
        )
        told = "reached" if bar["reached"] else "NOT REACHED"
        lines.append(f"{bar['name']:<{wide}} {bar['figure']['mean']:7.3f}  {limit}  {told}")
    return "\n".join(["bars", *lines]) if lines else ""


def _list(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    more = len(lines) - _LISTED
    rest = [f"  ... and {more} more in the result's file"] if more > 0 else []
    return "\n".join([f"{title}: {len(lines)}", *(f"  {line}" for line in lines[:_LISTED]), *rest])


def _missed(miss: Mapping[str, Any]) -> str:
    return f"{miss['group']}, by {' and '.join(miss['missed_by'])}: {miss['text']}"


def _alarm(alarm: Mapping[str, Any]) -> str:
    raised = "; ".join(
        f"{by}: {', '.join(groups) or 'none'}" for by, groups in alarm["raised"].items()
    )
    return f"{alarm['where']}: {alarm['text']}\n      {raised}"


def _estimate(one: Mapping[str, float]) -> str:
    return f"{one['mean']:.3f} ({one['low']:.3f} to {one['high']:.3f})"
