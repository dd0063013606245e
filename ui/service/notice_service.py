"""The detectors of urgent-symptom notices as the page uses them, kept up to date with their file.

Term rules are there from the first moment and need neither index nor model. What the nearest
examples taught comes with the index, and is learned anew in the background when the file has
changed since.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from safety.notices.finder import NoticeFinder
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.types import Encoder
    from index.store.generations import OpenIndex
    from safety.notices.example_classifier import Encode
    from safety.notices.finder import Notice
    from safety.notices.red_flags import RedFlags
    from safety.notices.rules import RuleMatches


class Finders:
    """Holds the finder for the notices as they are now; `flags` returns them."""

    def __init__(self, flags: Callable[[], RedFlags]) -> None:
        self._flags = flags
        self._lock = Lock()
        self._finder = NoticeFinder(flags())
        self._encoder: Encoder | None = None
        # What the rules heard in the questions that are being answered, and nobody else's.
        self.version = object()
        """Another one whenever the same question may raise other notices."""
        self._heard: dict[str, tuple[NoticeFinder, RuleMatches] | None] = {}

    def now(self) -> NoticeFinder:
        """Return the finder for the notices as the file says them at this moment."""
        flags = self._flags()
        with self._lock:
            if self._finder.flags is not flags:
                self._finder, self._encoder = NoticeFinder(flags), None
                self.version = object()
            return self._finder

    def find(self, question: str, encode: Encode | None = None) -> tuple[Notice, ...]:
        """Return the notices that a question raises; see `NoticeFinder.find`."""
        finder = self.now()
        known = self._heard.get(question)
        if known and known[0].flags is finder.flags:
            return finder.find(question, encode, by_rules=known[1])
        heard = finder.match_rules(question)
        with self._lock:
            if question in self._heard:
                self._heard[question] = (finder, heard)
        return finder.find(question, encode, by_rules=heard)

    @contextmanager
    def once(self, question: str) -> Iterator[None]:
        """Have the rules read this question only once until it is answered."""
        with self._lock:
            self._heard.setdefault(question, None)
        try:
            yield
        finally:
            with self._lock:
                self._heard.pop(question, None)

    def learn(self, index: OpenIndex) -> None:
        """Take over what the index has learned of the examples, or learn it: some seconds."""
        flags = self.now().flags
        if self._encoder is index.encoder:
            return
        classifier = index.notices.refit(flags, index.encoder)
        with self._lock:
            if self._finder.flags is flags:
                self._finder, self._encoder = NoticeFinder(flags, classifier), index.encoder
                self.version = object()


_lock = Lock()
_finders: Finders | None = None


def _usual() -> Finders:
    global _finders  # noqa: PLW0603  one for all visitors
    with _lock:
        if _finders is None:
            _finders = Finders(settings.red_flags)
        return _finders


def find(question: str, encode: Encode | None = None) -> tuple[Notice, ...]:
    """Return the notices that a question raises, the most urgent first; see `NoticeFinder.find`."""
    return _usual().find(question, encode)


@contextmanager
def once(question: str) -> Iterator[None]:
    """Have the rules read a question only once while it is answered: at once, and by its search."""
    with _usual().once(question):
        yield


def version() -> object:
    """Return what stays the same while the same question raises the same notices."""
    finders = _usual()
    finders.now()  # which takes in that the file has changed
    return finders.version


def learn(index: OpenIndex) -> None:
    """Take over what the index has learned of the examples of the notices, or learn it."""
    _usual().learn(index)
