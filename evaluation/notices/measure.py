"""Measure how well urgent-symptom notices are raised, as one record."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from core.clinic_settings import read_clinic
from evaluation.notices.detectors import BOTH, LEFT_OUT, RULES, Asking, Detectors, learned
from evaluation.notices.figures import (
    AS_IS,
    BANK,
    SENTENCES,
    TOGETHER,
    Harmless,
    bullets_of,
    harmless_texts,
    measure_alarms,
    measure_bullets,
    measure_examples,
    measure_questions,
)
from evaluation.notices.questions import Kind, NoticeQuestion, read_notice_questions
from evaluation.notices.robustness import measure_perturbations
from ingest.build.content import read_content
from safety.notices.finder import NoticeFinder
from safety.notices.last_resort import numbers_for
from safety.notices.red_flags import FILE_NAME, Numbers, RedFlags, read_red_flags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from core.types import Encoder
    from ingest.build.articles import Progress

# The name of a target, the path of its figure in the record, and the limit of that figure.
_Target = tuple[str, tuple[str, ...], float]
_AT_LEAST: tuple[_Target, ...] = (
    ("bullets raise their notice", ("bullets", "shares", AS_IS, RULES), 1.0),
    ("examples raised", ("examples", "shares", "examples", BOTH), 0.97),
    ("examples raised without themselves", ("examples", "shares", "examples", LEFT_OUT), 0.8),
    ("minimal pairs right", ("questions", "minimal_pairs", "both of a pair", BOTH), 0.9),
)
_AT_MOST: tuple[_Target, ...] = (
    ("false alarms", ("benign_alarms", "shares", TOGETHER, BOTH), 0.02),
)
_LOSS_AT_MOST = 0.03


def measure(
    content: Path, *, encoder: Encoder | None, progress: Progress, questions: Path | None = None
) -> dict[str, Any]:
    """Measure the notices of a content folder on its own words, and on a file of questions.

    Without an encoder, which nearest examples need, only the term rules are measured. Without
    `questions` there are neither judged questions nor perturbations. Raises ContentError for a
    file that cannot be read, a file without notices, or a label that names an unknown notice.
    """
    flags = read_red_flags(content)
    numbers = numbers_for(read_clinic(content).country, flags)
    labelled = read_notice_questions(questions, groups=flags.groups) if questions else []
    harmless = harmless_texts(read_content(content, progress))
    texts = [
        *(question.text for question in labelled),
        *(text.text for text in harmless),
        *(text for group in flags.groups.values() for text in group.examples),
    ]
    learnt = learned(flags, encoder) if encoder else None
    detectors = Detectors(flags, learnt)
    detectors.prepare([(text, ()) for text in texts], progress)
    record: dict[str, Any] = {
        "sources": _sources([content / FILE_NAME, *([questions] if questions else [])]),
        "counts": _counts(flags, numbers, harmless, labelled),
        "levels": {group.id: group.level.value for group in flags.groups.values()},
        "bullets": measure_bullets(flags, numbers, detectors, learnt),
        "examples": measure_examples(flags, detectors, progress),
        "benign_alarms": measure_alarms(harmless, detectors, progress),
    }
    if questions:
        asked = {"questions": _acting_questions(labelled, flags), "examples": _acting(flags)}
        record["questions"] = measure_questions(labelled, flags, detectors, progress)
        record["perturbations"] = {
            what: measure_perturbations(asking, detectors, progress, what=what.capitalize())
            for what, asking in asked.items()
        }
    record["speed"] = speed(flags, texts)
    return {**record, "bars": bars(record)}


def speed(flags: RedFlags, texts: Sequence[str]) -> dict[str, float]:
    """Return how long the term rules alone take for a text, in milliseconds.

    The figures depend on the machine and on its load.
    """
    finder = NoticeFinder(flags)
    finder.find("speling of a word")  # loads the dictionary
    took = []
    for text in texts:
        start = time.perf_counter()
        finder.find(text)
        took.append(1000 * (time.perf_counter() - start))
    median, most = np.percentile(took, [50, 95]) if took else (float("nan"),) * 2
    return {"median_ms": float(median), "p95_ms": float(most), "n": len(took)}


def bars(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each target whose figure was measured, and whether the figure's mean reaches it."""
    at_most: list[_Target] = [*_AT_MOST]
    for what, table in record.get("perturbations", {}).items():
        for change in table:
            where = ("perturbations", what, change, BOTH, "loss")
            at_most.append((f"{what}, lost to: {change}", where, _LOSS_AT_MOST))
    found = []
    for limits, sign in ((_AT_LEAST, 1), (at_most, -1)):
        for name, path, bar in limits:
            figure: Any = record
            for key in path:
                figure = figure.get(key) if figure else None
            if figure:
                reached = sign * (figure["mean"] - bar) >= -1e-9
                limit = {"at_least": bar} if sign > 0 else {"at_most": bar}
                found.append({"name": name, "figure": figure, **limit, "reached": reached})
    return found


def _acting_questions(questions: Sequence[NoticeQuestion], flags: RedFlags) -> list[Asking]:
    """Return the symptoms of notices that ask to act, each with the notices that are right."""
    return [
        (question.text, question.groups)
        for question in questions
        if question.kind is Kind.SYMPTOM and flags.groups[question.groups[0]].level.asks_to_act
    ]


def _acting(flags: RedFlags) -> list[Asking]:
    groups = [group for group in flags.groups.values() if group.level.asks_to_act]
    return [(text, [group.id]) for group in groups for text in group.examples]


def _counts(
    flags: RedFlags,
    numbers: Numbers,
    harmless: Sequence[Harmless],
    labelled: Sequence[NoticeQuestion],
) -> dict[str, int]:
    kinds = Counter(question.kind for question in labelled)
    return {
        "notices": len(flags.groups),
        "bullets": len(bullets_of(flags, numbers)),
        "examples": sum(len(group.examples) for group in flags.groups.values()),
        "near misses": sum(len(group.not_examples) for group in flags.groups.values()),
        **{what: sum(text.what == what for text in harmless) for what in (SENTENCES, BANK)},
        **{f"{kind} questions": kinds[kind] for kind in Kind if kinds[kind]},
    }


def _sources(files: Sequence[Path]) -> dict[str, str]:
    """Return the sha256 of each file behind the figures, by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
