"""What a candidate generation would change: what `ingest` compared and whoever reviews it reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from enum import EnumType, StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from index.errors import IndexDamagedError
from index.types import Outcome

COMMAND = "python -m ingest --preview"
# Beside the generations: what the last preview found, for programs.
RECORD = "preview.json"


class ArticleChangeKind(StrEnum):
    """What becomes of an article; what patients lose comes first."""

    WITHDRAWN = "withdrawn"
    KEPT = "kept"
    CHANGED = "changed"
    RENAMED = "renamed"
    NEW = "new"


class ChangeKind(StrEnum):
    """What becomes of the reply to a question; what may harm comes first."""

    NOTICE_LOST = "notice_lost"
    FALSE_ANSWER = "false_answer"
    VANISHED = "vanished"
    OTHER_ANSWER = "other_answer"
    OTHER_WORDS = "other_words"
    APPEARED = "appeared"
    OUTCOME = "outcome"
    OTHER_RELATED = "other_related"
    ROUTE = "route"
    NOTICE_RAISED = "notice_raised"


class Effect(StrEnum):
    """Whether the labels of the question bank call a change worse, neither or better."""

    WORSE = "worse"
    NEITHER = "neither"
    BETTER = "better"


class ClaimChangeKind(StrEnum):
    """What becomes of a health claim."""

    NEW = "new"
    DECISION = "decision"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An article that is not as it is served now.

    `article` and `source` are its id and file in the candidate (as served, when it is withdrawn),
    `former_source` the file of one that was renamed. `reason` says why a file was refused whose
    last good version is kept.
    """

    kind: ArticleChangeKind
    article: str
    title: str
    source: str
    former_source: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a question is replied on one side.

    The section, heading, article and words are those of the first passage found, empty without
    one. `words` are the beginning of the passage, or what is around the first word in which it
    differs from the other side's. Nothing of the passage reaches a patient when nothing is covered.
    """

    outcome: Outcome
    route: str
    section: str
    heading: str
    title: str
    words: str
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question that is replied something else, and in which ways, gravest first."""

    question: str
    kinds: tuple[ChangeKind, ...]
    effect: Effect
    before: Shown
    after: Shown


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A health claim that is new, gone, or about which something else was decided."""

    kind: ClaimChangeKind
    article: str
    place: str
    sentence: str
    claim: str
    severity: str
    is_open: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FailedInvariant:
    """An invariant that does not hold, by its line in the file."""

    question: str
    line: int
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How one side replies to the questions of both banks.

    `answered_first` of the `answerable` have a passage of a labelled section first and are
    answered; `falsely_answered` of the `unanswerable` are answered all the same. The search has
    learned from these questions: the figures show what a change does, not how good the search is.
    """

    answerable: int
    answered_first: int
    unanswerable: int
    falsely_answered: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that a candidate changes against what is served, most serious first in each part.

    `before` and `figures_before` are None when nothing was published yet; all articles, claims and
    warnings are then new, and no question has changed. `outcomes` are counts of questions by their
    outcome before and after.
    """

    before: str | None
    after: str
    figures_before: Figures | None
    figures_after: Figures
    articles: tuple[ArticleChange, ...]
    questions: tuple[QuestionChange, ...]
    outcomes: Mapping[str, Mapping[str, int]]
    claims: tuple[ClaimChange, ...]
    warnings_new: tuple[str, ...]
    warnings_gone: tuple[str, ...]
    problems: tuple[str, ...]
    failed: tuple[FailedInvariant, ...]

    @property
    def is_blocked(self) -> bool:
        """Say whether an invariant fails: it is then published by force or not at all."""
        return bool(self.failed)

    @property
    def counts(self) -> dict[str, int]:
        """Questions by what becomes of them, in the order of ChangeKind; one may count twice."""
        found = Counter(kind for change in self.questions for kind in change.kinds)
        return {kind.value: found[kind] for kind in ChangeKind}


def by_kind(
    preview: Preview,
) -> Iterator[tuple[ChangeKind, int, list[tuple[QuestionChange, list[str]]]]]:
    """Yield each kind that is the gravest of some change, how many, and these as `alike` does."""
    for kind in ChangeKind:
        changes = [one for one in preview.questions if one.kinds[0] is kind]
        if changes:
            yield kind, len(changes), alike(changes)


def alike(changes: Sequence[QuestionChange]) -> list[tuple[QuestionChange, list[str]]]:
    """Bring together the changes that differ in nothing but the question, in their order."""
    groups: dict[QuestionChange, list[str]] = {}
    for change in changes:
        groups.setdefault(replace(change, question=""), []).append(change.question)
    return list(groups.items())


def to_json(preview: Preview) -> str:
    """Write a preview as JSON.

    The keys are the names of the fields of Preview and of what is in it, and two that follow from
    them: `blocked`, and `counts` (questions by kind of change). What may be nothing is null or "".
    """
    record = {**asdict(preview), "blocked": preview.is_blocked, "counts": preview.counts}
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Preview:
    """Read what `to_json` wrote; raise IndexDamagedError for anything else."""
    try:
        body = json.loads(text)
        preview: Preview = _read(Preview, {one.name: body[one.name] for one in fields(Preview)})
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise IndexDamagedError(
            "The review of a candidate cannot be read.",
            expected="the JSON that a preview writes",
            found=f"{type(error).__name__}: {error}",
            mend=COMMAND,
        ) from error
    return preview


# Evaluating annotations takes longer than reading the JSON.
_types = cache(get_type_hints)


def _read(kind: Any, value: Any) -> Any:
    """Return a JSON value as the type of its field: a dataclass, a tuple, X | None, an enum."""
    if is_dataclass(kind):
        types = _types(kind)
        return kind(**{name: _read(types[name], part) for name, part in value.items()})
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if get_origin(kind) is UnionType:
        return None if value is None else _read(get_args(kind)[0], value)
    return kind(value) if isinstance(kind, EnumType) else value
