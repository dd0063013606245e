"""The data of a preview: what publishing a candidate generation would change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import EnumType, StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from core.errors import IndexDamagedError
from core.types import Outcome

COMMAND = "python -m ingest --preview"
# The file of the last preview, beside the generations, for programs.
RECORD = "preview.json"


class ArticleChangeKind(StrEnum):
    """How an article changes; losses for patients come first."""

    WITHDRAWN = "withdrawn"
    KEPT = "kept"
    CHANGED = "changed"
    RENAMED = "renamed"
    NEW = "new"


class ChangeKind(StrEnum):
    """How the reply to a question changes; possible harm comes first."""

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
    """Whether a change is worse or better, by the labels of the question bank."""

    WORSE = "worse"
    NEITHER = "neither"
    BETTER = "better"


class ClaimChangeKind(StrEnum):
    """How a health claim or the decision about it changes."""

    NEW = "new"
    DECISION = "decision"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that differs, under a heading; `before` or `after` is empty where it is not."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An article that differs from the published version.

    `article` and `source` are its id and file in the candidate, or as published for a withdrawn
    article; `former_source` is its earlier file when it was renamed. `reason` says why the new file
    was refused when the previous version stays. `sentences` are those of a changed article that
    differ; none where only its author, review or sources do.
    """

    kind: ArticleChangeKind
    article: str
    title: str
    source: str
    former_source: str = ""
    reason: str = ""
    sentences: tuple[SentenceChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The reply to a question, before or after.

    Section, heading, title and words are those of the first passage found, empty without one.
    `words` are the beginning of the passage, or the words around the first difference from the
    other side. Patients see no passage when the outcome is "not covered".
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
    """A question whose reply changes, with the kinds of change, gravest first."""

    question: str
    kinds: tuple[ChangeKind, ...]
    effect: Effect
    before: Shown
    after: Shown


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A health claim that is new or gone, or whose decision changed."""

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
    """An invariant that does not hold, with its line in the file."""

    question: str
    line: int
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a generation replies to the questions of both banks.

    `answered_first` of the `answerable` questions are answered by a labelled section first;
    `falsely_answered` of the `unanswerable` questions are answered. The search has learned from
    these questions: the figures show the effect of a change, not how good the search is.
    """

    answerable: int
    answered_first: int
    unanswerable: int
    falsely_answered: int

    @property
    def asked(self) -> int:
        """How many questions were asked."""
        return self.answerable + self.unanswerable


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that a candidate changes, most serious first in each part.

    `before` and `figures_before` are None before the first publish; all articles, claims and
    warnings are then new, and no question changes. `outcomes` counts questions by their outcome
    before and after.
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
        """Whether an invariant fails, so that only `--force` publishes the candidate."""
        return bool(self.failed)

    @property
    def counts(self) -> dict[str, int]:
        """The number of changes of each kind; a question may count several times."""
        found = Counter(kind for change in self.questions for kind in change.kinds)
        return {kind.value: found[kind] for kind in ChangeKind}


def by_kind(
    preview: Preview,
) -> Iterator[tuple[ChangeKind, int, list[tuple[QuestionChange, list[str]]]]]:
    """Yield each kind with its number of changes and the changes `alike`, by gravest kind."""
    for kind in ChangeKind:
        changes = [change for change in preview.questions if change.kinds[0] is kind]
        if changes:
            yield kind, len(changes), alike(changes)


def alike(changes: Sequence[QuestionChange]) -> list[tuple[QuestionChange, list[str]]]:
    """Group the changes that differ only in the question, in their order."""
    groups: dict[QuestionChange, list[str]] = {}
    for change in changes:
        groups.setdefault(replace(change, question=""), []).append(change.question)
    return list(groups.items())


def to_json(preview: Preview) -> str:
    """Return a preview as JSON.

    The keys are the fields of Preview and of the classes in it, and two derived values: `blocked`,
    and `counts` (questions by kind of change). A missing value is null or "".
    """
    record = {**asdict(preview), "blocked": preview.is_blocked, "counts": preview.counts}
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Preview:
    """Read what `to_json` returned. Raises IndexDamagedError for anything else."""
    try:
        body = json.loads(text)
        preview: Preview = _read(Preview, {f.name: body[f.name] for f in fields(Preview)})
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise IndexDamagedError(
            "The preview of a candidate cannot be read.",
            expected="the JSON that a preview writes",
            found=f"{type(error).__name__}: {error}",
            fix=COMMAND,
        ) from error
    return preview


# Cached, because evaluating annotations takes longer than reading the JSON.
_types = cache(get_type_hints)


def _read(kind: Any, value: Any) -> Any:
    """Return a JSON value as the type of its field: a dataclass, a tuple, X | None, an enum."""
    if hasattr(kind, "__dataclass_fields__"):
        types = _types(kind)
        return kind(**{name: _read(types[name], part) for name, part in value.items()})
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if get_origin(kind) is UnionType:
        return None if value is None else _read(get_args(kind)[0], value)
    return kind(value) if isinstance(kind, EnumType) else value
