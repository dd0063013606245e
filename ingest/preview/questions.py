"""What becomes of the answers to questions, and whether the bank's labels call it better: pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from core.types import Outcome
from index.preview.types import ChangeKind, Effect, QuestionChange, Shown

if TYPE_CHECKING:
    from core.types import Passage, RecordedAnswer

_WORDS = 30
# Where two passages begin alike, this many words are shown before the first different one.
_WORDS_BEFORE = 5


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """An answer with the passage that comes first in it.

    `section` is that passage's section by the id that it has in the candidate.
    """

    answer: RecordedAnswer
    first: Passage | None
    section: str

    @property
    def is_answer(self) -> bool:
        """Say whether the first passage is shown as the answer."""
        return self.answer.outcome is Outcome.ANSWER

    def is_right(self, label: Set[str]) -> bool:
        """Say whether the outcome, and the section that answers, are as labelled."""
        return self.is_answer == bool(label) and (not label or self.section in label)


def question_changes(
    asked: Iterable[tuple[str, Set[str] | None, AskedQuestion, AskedQuestion]],
) -> tuple[QuestionChange, ...]:
    """Return the questions whose reply changes, the most harmful first.

    Each question comes with the sections that answer it (none where nothing may; None where nobody
    has labelled it), and its answers before and after.
    """
    kinds, effects = list(ChangeKind), list(Effect)
    changes = [
        QuestionChange(question, found, _effect(label, then, now), *_shown(then, now))
        for question, label, then, now in asked
        if (found := tuple(sorted(_kinds(label, then, now), key=kinds.index)))
    ]
    return tuple(
        sorted(
            changes,
            key=lambda c: (
                *(kinds.index(c.kinds[0]), effects.index(c.effect)),
                *(c.question.casefold(), c.question),
            ),
        )
    )


def _kinds(label: Set[str] | None, then: AskedQuestion, now: AskedQuestion) -> Iterator[ChangeKind]:
    before, after = then.answer, now.answer
    if set(before.notices) - set(after.notices):
        yield ChangeKind.NOTICE_LOST
    if set(after.notices) - set(before.notices):
        yield ChangeKind.NOTICE_RAISED
    if then.is_answer and not now.is_answer:
        yield ChangeKind.VANISHED
    elif now.is_answer and not then.is_answer:
        yield ChangeKind.FALSE_ANSWER if label is not None and not label else ChangeKind.APPEARED
    elif now.is_answer:
        if then.section != now.section:
            yield ChangeKind.OTHER_ANSWER
        elif _text(then) != _text(now):
            yield ChangeKind.OTHER_WORDS
    else:
        if before.outcome is not after.outcome:
            yield ChangeKind.OUTCOME
        elif after.outcome is Outcome.RELATED and then.section != now.section:
            yield ChangeKind.OTHER_RELATED
        if before.route != after.route:
            yield ChangeKind.ROUTE


def _effect(label: Set[str] | None, then: AskedQuestion, now: AskedQuestion) -> Effect:
    if label is None or then.is_right(label) == now.is_right(label):
        return Effect.NEITHER
    return Effect.BETTER if now.is_right(label) else Effect.WORSE


def _shown(then: AskedQuestion, now: AskedQuestion) -> tuple[Shown, Shown]:
    words = [_text(then).split(), _text(now).split()]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*words, strict=False)))
    # An early difference is visible anyway, and equal passages are shown from their beginning.
    start = 0 if words[0] == words[1] or same < _WORDS // 2 else same - _WORDS_BEFORE
    return _side(then, _excerpt(words[0], start)), _side(now, _excerpt(words[1], start))


def _side(asked: AskedQuestion, words: str) -> Shown:
    return Shown(
        outcome=asked.answer.outcome,
        route=asked.answer.route or "",
        section=asked.first.section_id if asked.first else "",
        heading=asked.first.heading if asked.first else "",
        title=asked.first.title if asked.first else "",
        words=words,
        notices=asked.answer.notices,
    )


def _excerpt(words: list[str], start: int) -> str:
    before, after = "… " * (0 < start < len(words)), " …" * (start + _WORDS < len(words))
    return f"{before}{' '.join(words[start : start + _WORDS])}{after}"


def _text(asked: AskedQuestion) -> str:
    return asked.first.text if asked.first else ""
