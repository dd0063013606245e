"""Questions about symptoms, asked and judged: by kind, level and notice, and every miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluation.notices_detectors import Detectors, Table, missed_by, share, shares
from evaluation.notices_questions import Kind, NoticeQuestion, is_serious
from safety.notices import Notice
from safety.red_flags import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ingest.articles import Progress
    from safety.red_flags import RedFlags


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the notices that it raised, by detector."""

    question: NoticeQuestion
    found: Mapping[str, Sequence[Notice]]

    @property
    def right(self) -> dict[str, float]:
        """Return 1.0 for each detector that did right by the question, else 0.0."""
        return self.of(self.question.is_right)

    def of(self, judge: Callable[[Sequence[Notice]], bool]) -> dict[str, float]:
        """Return what a judge says of each detector's notices, as 1.0 or 0.0."""
        return {name: float(judge(notices)) for name, notices in self.found.items()}


def ask(
    questions: Sequence[NoticeQuestion], detectors: Detectors, progress: Progress
) -> list[Asked]:
    """Ask every question, in their order."""
    return [
        Asked(one, detectors.find(one.text))
        for one in progress(questions, len(questions), "Questions")
    ]


def summarise_questions(asked: Sequence[Asked], flags: RedFlags) -> dict[str, Any]:
    """Return the shares that were right, and the misses with what was raised instead.

    Levels and notices are those of symptoms alone, so that their shares are recall; a question
    that accepts several notices counts for the first one named.
    """
    symptoms = [one for one in asked if one.question.kind is Kind.SYMPTOM]

    def level(one: Asked) -> Level:
        return flags.groups[one.question.groups[0]].level

    return {
        "per_kind": shares(((one.question.kind.value, one.right) for one in asked), list(Kind)),
        "per_level": shares(((level(one).value, one.right) for one in symptoms), list(Level)),
        "per_group": shares(
            ((one.question.groups[0], one.right) for one in symptoms), list(flags.groups)
        ),
        "any_serious": _any_serious(asked, flags),
        "as_information": _as_information(asked),
        "minimal_pairs": _minimal_pairs(asked),
        "misses": [_miss(one) for one in asked if missed_by(one.right)],
    }


def _any_serious(asked: Iterable[Asked], flags: RedFlags) -> Table:
    """Say how often anything that asks to act was raised where the wanted notice does."""
    return shares(
        (one.question.kind.value, one.of(is_serious))
        for one in asked
        if one.question.kind.wants_notice
        and any(flags.groups[name].level.asks_to_act for name in one.question.groups)
    )


def _as_information(asked: Iterable[Asked]) -> Table:
    """Say how often the wanted notice was drawn as one line that opens, where it was raised.

    Right for hypothetical questions and wrong for symptoms. Each detector has its own number of
    questions here.
    """
    found: Table = {}
    for kind in (Kind.HYPOTHETICAL, Kind.SYMPTOM):
        values: dict[str, list[Mapping[str, float]]] = {}
        for one in asked:
            for name, notices in one.found.items():
                if one.question.kind is kind and one.question.is_right(notices):
                    is_line = any(notice.is_information for notice in notices)
                    values.setdefault(name, []).append({name: float(is_line)})
        if values:
            found[kind.value] = {
                n: row for rows in values.values() for n, row in share(rows).items()
            }
    return found


def _minimal_pairs(asked: Sequence[Asked]) -> Table:
    """Say how often a symptom and the same symptom denied were both right."""
    symptoms: dict[str, list[Asked]] = {}
    for one in asked:
        if one.question.kind is Kind.SYMPTOM and one.question.pair:
            symptoms.setdefault(one.question.pair, []).append(one)
    both = [
        {
            name: min(value, *(twin.right[name] for twin in symptoms[one.question.pair]))
            for name, value in one.right.items()
        }
        for one in asked
        if one.question.kind is Kind.NEGATED and one.question.pair in symptoms
    ]
    return shares(("both of a pair", row) for row in both)


def _miss(one: Asked) -> dict[str, Any]:
    return {
        "line": one.question.line,
        "kind": one.question.kind.value,
        "question": one.question.text,
        "wanted": list(one.question.groups),
        "missed_by": missed_by(one.right),
        "raised": {
            name: [notice.group for notice in notices] for name, notices in one.found.items()
        },
    }
