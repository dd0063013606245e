"""The detectors of urgent-symptom notices for the page, up to date with their file.

Term rules are there from the first moment and need neither index nor model. The example classifier
comes with the index, and is fitted again in the background when the file has changed.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
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
    """Holds the finder for the current notices, which `flags` returns."""

    def __init__(self, flags: Callable[[], RedFlags]) -> None:
        self._flags = flags
        self._lock = Lock()
        self._finder = NoticeFinder(flags())
        self._encoder: Encoder | None = None
        self.version = object()
        """Changes whenever the same question may raise other notices."""
        # What the rules found in the questions that are being answered now, and in no others.
        self._heard: dict[str, tuple[NoticeFinder, RuleMatches] | None] = {}

    def now(self) -> NoticeFinder:
        """Return the finder for the notices of this moment."""
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
        """Run the rules on this question only once until it is answered."""
        with self._lock:
            self._heard.setdefault(question, None)
        try:
            yield
        finally:
            with self._lock:
                self._heard.pop(question, None)

    def learn(self, index: OpenIndex) -> None:
        """Use the example classifier of the index, or fit a new one, which takes some seconds."""
        flags = self.now().flags
        if self._encoder is index.encoder:
            return
        classifier = index.notices.refit(flags, index.encoder)
        with self._lock:
            if self._finder.flags is flags:
                self._finder = self._finder.with_examples(classifier)
                self._encoder = index.encoder
                self.version = object()


@cache
def _finders() -> Finders:
    """Return the finders of this process."""
    return Finders(settings.red_flags)


def find(question: str, encode: Encode | None = None) -> tuple[Notice, ...]:
    """Return the notices that a question raises, most urgent first; see `NoticeFinder.find`."""
    return _finders().find(question, encode)


@contextmanager
def once(question: str) -> Iterator[None]:
    """Run the rules on a question only once, for its notices and for its search."""
    with _finders().once(question):
        yield


def version() -> object:
    """Return a value that changes whenever the same question may raise other notices."""
    finders = _finders()
    finders.now()  # notices a changed file
    return finders.version


def learn(index: OpenIndex) -> None:
    """Use the example classifier of the index, or fit a new one; see `Finders.learn`."""
    _finders().learn(index)
