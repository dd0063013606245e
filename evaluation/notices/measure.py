"""Measure how well urgent-symptom notices are raised, as one record."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from core.clinic_settings import read_clinic
from evaluation.notices.detectors import BOTH, RULES, Asking, Detectors, train
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
from safety.notices.red_flags import Numbers, RedFlags
from safety.notices.red_flags_file import FILE_NAME, read_red_flags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from core.types import Encoder
    from ingest.build.articles import Progress

# The name of a target, the path of its figure in the record, which way the limit is, and the limit.
_TARGETS = (
    ("bullets raise their notice", ("bullets", "shares", AS_IS, RULES), "at_least", 1.0),
    ("examples raised", ("examples", "shares", "examples", BOTH), "at_least", 0.97),
    (
        "minimal pairs right",
        ("questions", "minimal_pairs", "second set", BOTH),
        "at_least",
        0.9,
    ),
    (
        "symptoms raise theirs or one as urgent",
        ("questions", "by_who", "second set: all", BOTH),
        "at_least",
        0.95,
    ),
    (
        "ordinary questions that alarm",
        ("questions", "harmless_by_set", "second set: benign", BOTH),
        "at_most",
        0.03,
    ),
    ("false alarms", ("benign_alarms", "shares", TOGETHER, BOTH), "at_most", 0.02),
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
    judged = [*(question.text for question in labelled), *(text.text for text in harmless)]
    examples = [(text, [g.id]) for g in flags.groups.values() for text in g.examples]
    trained = train(flags, encoder) if encoder else None
    detectors = Detectors(flags, trained)
    detectors.prepare([*((text, ()) for text in judged), *examples], progress)
    record: dict[str, Any] = {
        "sources": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in filter(None, (content / FILE_NAME, questions))
        },
        "counts": _counts(flags, numbers, harmless, labelled),
        "levels": {group.id: group.level.value for group in flags.groups.values()},
        "bullets": measure_bullets(flags, numbers, detectors, trained),
        "examples": measure_examples(flags, detectors, progress),
        "benign_alarms": measure_alarms(harmless, detectors, progress),
    }
    if questions:
        record["questions"] = measure_questions(labelled, flags, detectors, progress)
        # Symptoms of notices that ask to act, each with the notices that are right.
        acting = {group.id: group for group in flags.groups.values() if group.level.asks_to_act}
        symptoms = [q for q in labelled if q.kind is Kind.SYMPTOM and q.groups[0] in acting]
        asked: dict[str, list[Asking]] = {
            "questions": [(question.text, question.groups) for question in symptoms],
            "examples": [
                (text, [name]) for name, group in acting.items() for text in group.examples
            ],
        }
        record["perturbations"] = {
            what: measure_perturbations(texts, detectors, progress, what=what.capitalize())
            for what, texts in asked.items()
        }
    record["speed"] = speed(flags, [*judged, *(text for text, _ in examples)])
    return {**record, "targets": targets(record)}


def speed(flags: RedFlags, texts: Sequence[str]) -> dict[str, float]:
    """Return how long the term rules alone take for a text, in milliseconds.

    The figures depend on the machine and on its load.
    """
    finder = NoticeFinder(flags)
    finder.find("speling of a word")  # loads the dictionary
    took_ms = []
    for text in texts:
        start = time.perf_counter()
        finder.find(text)
        took_ms.append(1000 * (time.perf_counter() - start))
    median, most = np.percentile(took_ms or [np.nan], [50, 95])
    return {"median_ms": float(median), "p95_ms": float(most), "n": len(took_ms)}


def targets(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each target whose figure was measured, and whether the figure's mean reaches it."""
    losses = [
        (f"{what}, lost to: {change}", ("perturbations", what, change, BOTH, "loss"))
        for what, table in record.get("perturbations", {}).items()
        for change in table
    ]
    found = []
    for name, path, way, limit in (
        *_TARGETS,
        *((*loss, "at_most", _LOSS_AT_MOST) for loss in losses),
    ):
        figure: Any = record
        for key in path:
            figure = figure.get(key) if figure else None
        if figure:
            margin = figure["mean"] - limit if way == "at_least" else limit - figure["mean"]
            found.append({"name": name, "figure": figure, way: limit, "reached": margin >= -1e-9})
    return found


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
