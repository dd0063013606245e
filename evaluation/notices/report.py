"""Write the measurement of notices as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evaluation.notices.detectors import BOTH, RULES
from evaluation.report import about, table, with_interval

_HEADS = {RULES: "rules alone", BOTH: "both"}
# Longer lists are only in the result's file.
_LISTED = 20


def notices_as_text(record: Mapping[str, Any]) -> str:
    """Return the record as tables: mean and 95 % interval by detector, and the misses.

    The questions of the sealed file are counted and never printed.
    """
    bullets, examples, alarms = (record[n] for n in ("bullets", "examples", "benign_alarms"))
    parts = [
        about(record),
        ", ".join(f"{count} {what}" for what, count in record["counts"].items()),
        _shares("bullets", bullets["shares"]),
        "A notice's own words are rules by construction: bullets as they are show that nothing "
        "broke.\nOwn words left out: bullets that continue their heading, and so name a symptom.",
        *(_misses(f"bullets missed, {name}", misses) for name, misses in bullets["misses"].items()),
        _shares("examples of the file", examples["shares"]),
        _shares("examples by level", examples["per_level"]),
        _shares("examples by notice", examples["per_group"]),
        _misses("examples missed by rules or by both", examples["misses"]),
        _misses("near misses that raise their notice", examples["near_misses_raised"]),
        _shares("false alarms", alarms["shares"]),
        _list("alarms", map(_alarm, alarms["alarms"])),
        *(_questions(record["questions"]) if "questions" in record else []),
        *(
            _perturbations(f"{what}, recall under", changes)
            for what, changes in record.get("perturbations", {}).items()
        ),
        "term rules alone: median {median_ms:.2f} ms a question, 95th percentile {p95_ms:.2f} ms,"
        " {n} texts".format(**record["speed"]),
        _targets(record["targets"]),
    ]
    return "\n\n".join(filter(None, parts))


def _questions(judged: Mapping[str, Any]) -> list[str]:
    return [
        _shares("questions right, by kind", judged["per_kind"]),
        _shares("recall of symptoms, by level", judged["per_level"]),
        _shares("recall of symptoms, by notice", judged["per_group"]),
        _shares("theirs or one as urgent", judged["by_who"]),
        _shares("harmless ones that alarm", judged["harmless_by_set"]),
        _shares("any emergency or urgent notice", judged["any_serious"]),
        _shares("raised, as one line that opens", judged["as_information"]),
        _shares("minimal pairs", judged["minimal_pairs"]),
        f"{len(judged['misses'])} questions missed by rules or by both; they are sealed, and "
        "listed in the result's file only",
    ]


def _shares(title: str, rows: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    if not rows:
        return ""
    columns = [name for name in _HEADS if any(name in row for row in rows.values())]
    return table(
        [title, "n", *(_HEADS[name] for name in columns)],
        [
            (
                name,
                str(max(estimate["n"] for estimate in row.values())),
                *(with_interval(row[column]) if column in row else "" for column in columns),
            )
            for name, row in rows.items()
        ],
    )


def _perturbations(title: str, changes: Mapping[str, Mapping[str, Any]]) -> str:
    return table(
        [title, "by", "n", "before", "after", "lost (paired interval)"],
        [
            (
                name,
                detector,
                str(found["loss"]["n"]),
                f"{found['before']['mean']:.3f}",
                f"{found['after']['mean']:.3f}",
                with_interval(found["loss"], "+"),
            )
            for name, row in changes.items()
            for detector, found in row.items()
        ],
    )


def _targets(targets: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for target in targets:
        way = "at least" if "at_least" in target else "at most"
        limit, mean = target[way.replace(" ", "_")], target["figure"]["mean"]
        verdict = "reached" if target["reached"] else "NOT REACHED"
        rows.append((target["name"], f"{mean:.3f}", f"{way} {limit:.2f}", verdict))
    return table(["targets", "", "", ""], rows) if rows else ""


def _misses(title: str, misses: Iterable[Mapping[str, Any]]) -> str:
    return _list(
        title,
        (
            f"{m['group']}, by {' and '.join(m.get('missed_by') or m['raised_by'])}: {m['text']}"
            for m in misses
        ),
    )


def _list(title: str, entries: Iterable[str]) -> str:
    lines = [f"  {entry}" for entry in entries]
    if not lines:
        return ""
    more = len(lines) - _LISTED
    rest = [f"  ... and {more} more in the result's file"] if more > 0 else []
    return "\n".join([f"{title}: {len(lines)}", *lines[:_LISTED], *rest])


def _alarm(alarm: Mapping[str, Any]) -> str:
    raised = "; ".join(
        f"{by}: {', '.join(groups) or 'none'}" for by, groups in alarm["raised"].items()
    )
    return f"{alarm['where']}: {alarm['text']}\n      {raised}"
