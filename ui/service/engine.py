"""One index for all visitors: opened once in the background, swapped whole when a new one is there.

A module singleton and not `st.cache_resource`: any visitor's connection may ask Streamlit to empty
its caches, and the next visitor would then wait for the encoder.
"""

from __future__ import annotations

import gc
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from core.errors import ClinicSearchError, EncoderError, IndexMismatchError, IndexMissingError
from ui.limits import rate_limit
from ui.limits.allowances import Shares, TooFastError
from ui.service import notice_service, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path
    from typing import TypeVar

    from core.types import Encoder, SearchResponse
    from index.store.generations import OpenIndex
    from safety.notices.finder import Notice

    Done = TypeVar("Done")

__all__ = ["Answer", "Engine", "State", "Status", "TooFastError", "get_engine", "set_engine"]

LOOK_EVERY_S = 1.0
TRY_AGAIN_AFTER_LOOKS = 10
SEARCHES_AT_ONCE = 2

_log = logging.getLogger("clinic.ui")


class State(StrEnum):
    """Whether questions can be answered."""

    LOADING = "loading"
    READY = "ready"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Status:
    """A state with what belongs to it; replaced as a whole, so that a run sees one index."""

    state: State
    index: OpenIndex | None = None
    visitor_message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question found, and the notices that it raises, the most urgent first."""

    response: SearchResponse
    notices: tuple[Notice, ...] = ()


class Engine:
    """Holds the index that is being served and looks for a newer generation.

    Every search of every visitor is asked for here, so here is what bounds them: an allowance for
    each network, whichever door it comes by, and turns among the networks that wait.

    The functions are passed in: `open_index` takes the encoder that is loaded already, or None;
    `generation` names the generation that is published now; `search` answers a question; `learn`
    is called now and then with the index that is being served, and has to be quick when there is
    nothing new.
    """

    def __init__(
        self,
        *,
        open_index: Callable[[Encoder | None], OpenIndex],
        generation: Callable[[], str | None],
        search: Callable[[OpenIndex, str], Answer],
        learn: Callable[[OpenIndex], None] = lambda _index: None,
        allowance: rate_limit.TokenBucket | None = None,
    ) -> None:
        self._open_index = open_index
        self._generation = generation
        self._search = search
        self._learn = learn
        self._status = Status(State.LOADING)
        self._tried: str | None = None
        self._looks_since = 0
        self._said = ""
        self._stop = Event()
        self._settled = Event()
        self._shares = Shares(SEARCHES_AT_ONCE, allowance=allowance)

    @classmethod
    def over(cls, built: Path) -> Engine:
        """Make an engine over a folder of published generations; nothing is read yet."""

        def opened(encoder: Encoder | None) -> OpenIndex:
            from index.store.generations import open_index

            index = _lightened(open_index(built, encoder=encoder), built)
            _one_processor_each()
            return index

        def published() -> str | None:
            from index.store.generations import current_generation

            return current_generation(built)

        def answered(index: OpenIndex, question: str) -> Answer:
            from core.encoders.caching import CachingEncoder
            from index.search.pipeline import search

            # One encoding serves both: a question is mostly encoded in the same form by both.
            encoder = CachingEncoder(index.encoder)
            response = search(replace(index, encoder=encoder), question)
            return Answer(response, notice_service.find(question, encoder.encode))

        def learned(index: OpenIndex) -> None:
            notice_service.learn(index)
            index.speller.make_ready()  # or the first slip of the keys would wait for it

        return cls(open_index=opened, generation=published, search=answered, learn=learned)

    @property
    def status(self) -> Status:
        """The state now; keep the object for as long as one page is drawn."""
        return self._status

    def start(self) -> None:
        """Open the index in the background and go on looking for a newer one."""
        Thread(target=self._watch, name="index-watch", daemon=True).start()

    def stop(self) -> None:
        """Stop looking; searches that are running finish."""
        self._stop.set()
        self._shares.stop()

    def wait(self, seconds: float) -> Status:
        """Wait until the first attempt to open the index is over, at most so long."""
        self._settled.wait(seconds)
        return self._status

    def ask(
        self, index: OpenIndex, question: str, address: str = "", *, price: float = 1.0
    ) -> Future[Answer]:
        """Search in another thread, so that the page can say that it is searching.

        `address` is whom it is for, `price` what it costs of the allowance. Cancel it when nobody
        waits for it any longer. Raises TooFastError when the allowance of that network is used up.
        """
        cost = price * rate_limit.work(question)
        return self._shares.ask(address, cost, partial(self._search, index, question))

    def do(self, owner: str, work: Callable[[], Done]) -> Future[Done]:
        """Do something in one of the threads that search, when it is its owner's turn.

        Raises TooFastError when too much of that owner's waits already.
        """
        return self._shares.do(owner, work)

    def look(self) -> None:
        """Open the generation that is published now, unless it was tried already.

        When it cannot be opened, the index that is being served goes on being served. While there
        is none, the same generation is tried again now and then: it may have been mended.
        """
        try:
            published = self._generation()
            self._looks_since += 1
            again = self._status.index is None and self._looks_since > TRY_AGAIN_AFTER_LOOKS
            if self._settled.is_set() and published == self._tried and not again:
                self._learn_if_ready()
                return
            self._tried, self._looks_since = published, 0
            self._status = Status(State.READY, self._opened())
            self._learn_if_ready()
            self._said = ""
            gc.unfreeze()  # what is replaced is among what was frozen when it was opened
            gc.collect()
            gc.freeze()  # later collections need not walk the encoder and the passages again
        except Exception as error:  # noqa: BLE001  the thread must live on
            self._refuse(error)
        finally:
            self._settled.set()

    def _learn_if_ready(self) -> None:
        if self._status.index is not None:
            self._learn(self._status.index)

    def _opened(self) -> OpenIndex:
        held = self._status.index
        if held is None:
            return self._open_index(None)
        try:
            return self._open_index(held.encoder)
        except (EncoderError, IndexMismatchError):
            return self._open_index(None)  # built with another encoder: load that one

    def _refuse(self, error: Exception) -> None:
        if self._said == repr(error):
            return  # staff know already
        self._said = repr(error)
        if isinstance(error, ClinicSearchError):
            _log.error("%s", error)
        else:
            _log.error("The index cannot be opened: %s", type(error).__name__, exc_info=error)
        if self._status.state is State.READY:
            _log.error("The index that was being served goes on being served.")
            return
        message = getattr(error, "visitor_message", ClinicSearchError.visitor_message)
        missing = isinstance(error, IndexMissingError)
        self._status = Status(State.MISSING if missing else State.DAMAGED, visitor_message=message)

    def _watch(self) -> None:
        self.look()
        while not self._stop.wait(LOOK_EVERY_S):
            self.look()


def _lightened(index: OpenIndex, built: Path) -> OpenIndex:
    """Have the exported encoder serve an index that was given the reference of the one before it.

    Where it cannot be opened the reference goes on serving, which `equipped` has said already.
    """
    from core.encoders.onnx import FOLDER, GRAPH, OnnxEncoder

    is_exported = f"{FOLDER}/{GRAPH}" in index.manifest.files
    if not is_exported or isinstance(index.encoder, OnnxEncoder):
        return index
    with suppress(EncoderError):
        folder = built / index.generation / FOLDER
        return replace(index, encoder=OnnxEncoder(folder, index.manifest.encoder))
    return index


def _one_processor_each() -> None:
    """Have numpy do a question's sums on the processor of its own thread.

    They are small. Divided among several, they cost more than twice the work in waiting for each
    other, which is what other visitors would have used (docs/benchmarks.md).
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")


_lock = Lock()
_engine: Engine | None = None


def set_engine(engine: Engine | None) -> None:
    """Replace the engine that every page asks; None lets the next page start the usual one."""
    global _engine  # noqa: PLW0603  one engine per process is the point of this module
    with _lock:
        if _engine is not None and _engine is not engine:
            _engine.stop()
        _engine = engine


def get_engine() -> Engine:
    """Return the engine of this process, started when there is none yet.

    It serves what the settings name at that moment, for as long as the process lives.
    """
    global _engine  # noqa: PLW0603
    with _lock:
        if _engine is None:
            _engine = Engine.over(settings.from_environment().built)
            _engine.start()
        return _engine
