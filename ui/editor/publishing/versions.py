"""Says which version is which: by day and time and by what changed, never by its id alone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from core.errors import IndexUnavailableError
from index.preview.articles import article_changes
from index.store.record import read_generation
from index.store.versions import Difference, difference, made_at, online_since
from ui.languages import text

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from index.preview.types import ArticleChange
    from ui.editor.publishing.publish import GenerationStatus


class Version(NamedTuple):
    """A generation: when, what differs from the one before it, and its id for a message."""

    when: str
    changes: str
    generation: str


class Versions(NamedTuple):
    """The three generations, None where there is none."""

    current: Version | None
    candidate: Version | None
    previous: Version | None


def described(built: Path, now: GenerationStatus) -> Versions:
    """Describe the generations that a folder has.

    The current one says what it changed of the previous one, the candidate what it would change.
    """
    current = None
    if now.current is not None:
        since = _when(text.EDITOR_SINCE, online_since(built))
        current = Version(since, _changes(built, now.previous, now.current), now.current)
    return Versions(
        current,
        _made(built, now.current, now.candidate),
        _made(built, None, now.previous),
    )


def _made(built: Path, before: str | None, generation: str | None) -> Version | None:
    if generation is None:
        return None
    when = _when(text.EDITOR_MADE, made_at(built, generation))
    return Version(when, _changes(built, before, generation), generation)


def _when(words: str, when: datetime | None) -> str:
    return words.format(when=text.moment(when)) if when else str(text.NOT_STATED)


def _changes(built: Path, before: str | None, after: str) -> str:
    if before is None:
        return ""
    try:
        found = difference(built, before, after)
    except IndexUnavailableError:  # made by another version of the project
        return ""
    return in_words(found)


def in_words(found: Difference) -> str:
    """Say in what two generations differ: articles by number, other files by name."""
    parts = [
        text.counted(text.EDITOR_DIFFERENCES[name], number)
        for name in ("new", "changed", "withdrawn")
        if (number := getattr(found, name))
    ]
    if found.inputs:
        names = ", ".join(text.EDITOR_INPUTS[name] for name in found.inputs)
        parts.append(text.EDITOR_ALSO_CHANGED.format(names=names))
    return ". ".join(parts) + "." if parts else str(text.EDITOR_SAME)


def taken_back(built: Path, now: GenerationStatus) -> tuple[ArticleChange, ...]:
    """Return how articles change when the previous generation serves again."""
    if now.current is None or now.previous is None:
        return ()
    return _between(built, now.current, now.previous)


@lru_cache(maxsize=1)  # a page is drawn again and again; what has an id never changes
def _between(built: Path, before: str, after: str) -> tuple[ArticleChange, ...]:
    try:
        return tuple(
            article_changes(read_generation(built / before), read_generation(built / after))
        )
    except IndexUnavailableError:  # rolling back checks it again, and says what is wrong
        return ()
