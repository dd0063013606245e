"""One index for all visitors, opened in the background and replaced whole by a newer generation.

A module singleton and not `st.cache_resource`: any visitor can ask Streamlit to empty its caches,
and the next visitor would then wait for the encoder.
"""

from __future__ import annotations

import gc
import logging
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from core.errors import ClinicSearchError, EncoderError, IndexMismatchError, IndexMissingError
from ui.limits.rate_limit import TokenBucket, TooFastError, network, work_of_search
from ui.limits.turns import Pool
from ui.service import notice_service, settings
from ui.service.opening import open_published

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path
    from typing import TypeVar

    from core.types import Encoder, SearchResponse
    from index.store.generations import OpenIndex
    from safety.notices.finder import Notice

    Result = TypeVar("Result")

__all__ = ["Answer", "Engine", "State", "Status", "TooFastError", "get_engine", "set_engine"]

LOOK_EVERY_S = 1.0
OPENING_S = 5.0
"""So long after the start visitors wait for the index, which mostly takes a second."""
STAFF = "staff"
"""The queue in which all pages for staff wait: patients have their turns beside it."""
TRY_AGAIN_AFTER_LOOKS = 10
THREADS = 2
# Of one network. Ten patients in a waiting room may share an address.
SEARCHES_PER_SECOND, SEARCHES_AT_ONCE = 2.0, 30
# Times as much for all networks: about what one process can do; more would only wait.
_ALL_NETWORKS = 50

_log = logging.getLogger("clinic.ui")


class State(StrEnum):
    """Whether questions can be answered."""

    LOADING = "loading"
    READY = "ready"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Status:
    """The state and its index, replaced as a whole so that a page run sees one index."""

    state: State
    index: OpenIndex | None = None
    visitor_message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to a question and the notices it raises, most urgent first."""

    response: SearchResponse
    notices: tuple[Notice, ...] = ()


def freeze_what_stays() -> None:
    """Let later garbage collections skip the encoder and the passages, which stay."""
    if gc.get_freeze_count():  # the index that was replaced
        gc.unfreeze()
        gc.collect()
    gc.freeze()


class Engine:
    """Holds the index that serves, looks for a newer generation and runs every search.

    Every search of every visitor passes here, so here it is limited: an allowance for each network
    over page, form and API, and networks that wait take turns.

    `open_index` gets the encoder that is loaded already, or None. `generation` names the published
    generation. `search` answers a question. `learn` is called now and then with the index that
    serves; it must be quick when there is nothing new.
    """

    def __init__(
        self,
        *,
        open_index: Callable[[Encoder | None], OpenIndex],
        generation: Callable[[], str | None],
        search: Callable[[OpenIndex, str], Answer],
        learn: Callable[[OpenIndex], None] = lambda _index: None,
        allowance: TokenBucket | None = None,
    ) -> None:
        self._open_index = open_index
        self._generation = generation
        self._search = search
        self._learn = learn
        self._status = Status(State.LOADING)
        self._tried: str | None = None
        self._looks_since = 0
        self._logged = ""
        self._begun = monotonic()
        self._stop = Event()
        self._settled = Event()
        self._allowance = allowance or TokenBucket(
            per_second=SEARCHES_PER_SECOND, at_once=SEARCHES_AT_ONCE, together=_ALL_NETWORKS
        )
        self._pool = Pool(THREADS, each=SEARCHES_AT_ONCE, name="search")

    @property
    def status(self) -> Status:
        """The state now; use one object while a page is drawn."""
        return self._status

    def start(self) -> None:
        """Open the index in the background and keep looking for a newer one."""
        Thread(target=self._watch, name="index-watch", daemon=True).start()

    def stop(self) -> None:
        """Stop looking; running searches finish."""
        self._stop.set()
        self._pool.stop()

    def wait(self, seconds: float | None = None) -> Status:
        """Wait at most so long for the first attempt to open the index; return the state.

        Without a number, as long as `patience` says.
        """
        self._settled.wait(self.patience() if seconds is None else seconds)
        return self._status

    def patience(self) -> float:
        """Return the seconds for which visitors still wait for the index: 0 once it is settled."""
        if self._settled.is_set():
            return 0.0
        return max(0.0, self._begun + OPENING_S - monotonic())

    def ask(
        self, index: OpenIndex, question: str, address: str = "", *, price: float = 1.0
    ) -> Future[Answer]:
        """Search in another thread for the visitor at an address.

        `price` is the cost of 500 characters. Cancel the result when nobody waits for it any more.
        Raises TooFastError when the network's allowance is used up or too much of it waits.
        """
        wait_s = self._allowance.acquire(address, price * work_of_search(question))
        if wait_s:
            raise TooFastError(wait_s)
        return self.do(network(address), partial(self._search, index, question))

    def ask_for_staff(self, index: OpenIndex, question: str) -> Future[Answer]:
        """Search for somebody at a page for staff: all of them wait in one queue.

        Raises TooFastError as `do` does.
        """
        return self.do(STAFF, partial(self._search, index, question))

    def do(self, owner: str, work: Callable[[], Result]) -> Future[Result]:
        """Run work in a search thread when it is the owner's turn.

        Raises TooFastError when too much of the owner's work waits, or the engine has stopped.
        """
        return self._pool.submit(owner, work)

    def look(self) -> None:
        """Open the published generation unless it was tried already.

        If it cannot be opened, the index that serves stays. While there is none, the same
        generation is tried again now and then: it may have been repaired.
        """
        try:
            published = self._generation()
            self._looks_since += 1
            again = self._status.index is None and self._looks_since > TRY_AGAIN_AFTER_LOOKS
            if self._settled.is_set() and published == self._tried and not again:
                if self._status.index is not None:
                    self._learn(self._status.index)
                return
            self._tried, self._looks_since = published, 0
            self._serve(self._opened())
            self._logged = ""
            freeze_what_stays()
        except Exception as error:  # noqa: BLE001  the thread must live on
            self._refuse(error)
        finally:
            self._settled.set()
            gc.enable()  # ui/__main__.py turned it off

    def _serve(self, index: OpenIndex) -> None:
        """Serve an index once all is learned that belongs to it, or failed to be."""
        try:
            self._learn(index)
        finally:
            self._status = Status(State.READY, index)

    def _opened(self) -> OpenIndex:
        serving = self._status.index
        if serving is None:
            return self._open_index(None)
        try:
            return self._open_index(serving.encoder)
        except (EncoderError, IndexMismatchError):
            return self._open_index(None)  # built with another encoder: load that one

    def _refuse(self, error: Exception) -> None:
        if self._logged == repr(error):
            return
        self._logged = repr(error)
        if isinstance(error, ClinicSearchError):
            _log.error("%s", error)
        else:
            _log.error("The index cannot be opened: %s", type(error).__name__, exc_info=error)
        if self._status.state is State.READY:
            _log.error("The previous index stays online.")
            return
        message = getattr(error, "visitor_message", ClinicSearchError.visitor_message)
        missing = isinstance(error, IndexMissingError)
        self._status = Status(State.MISSING if missing else State.DAMAGED, visitor_message=message)

    def _watch(self) -> None:
        self.look()
        while not self._stop.wait(LOOK_EVERY_S):
            self.look()


def engine_over(built: Path) -> Engine:
    """Make an engine over a folder of published generations; nothing is read yet."""

    def published() -> str | None:
        from index.store.generations import current_generation

        return current_generation(built)

    def answered(index: OpenIndex, question: str) -> Answer:
        from core.encoders.caching import CachingEncoder
        from index.search.pipeline import search, without_far

        # Search and notices mostly encode the same text: once.
        encoder = CachingEncoder(index.encoder)
        response = without_far(search(replace(index, encoder=encoder), question))
        return Answer(response, notice_service.find(question, encoder.encode))

    def learned(index: OpenIndex) -> None:
        notice_service.learn(index)
        index.speller.make_ready()  # or the first typo would wait for it

    opened = partial(open_published, built)
    return Engine(open_index=opened, generation=published, search=answered, learn=learned)


_lock = Lock()
_engine: Engine | None = None


def set_engine(engine: Engine | None) -> None:
    """Replace the engine of this process; None lets the next page start the usual one."""
    global _engine  # noqa: PLW0603  one engine per process
    with _lock:
        if _engine is not None and _engine is not engine:
            _engine.stop()
        _engine = engine


def get_engine() -> Engine:
    """Return the engine of this process; start one over the folder of the settings if needed."""
    global _engine  # noqa: PLW0603
    with _lock:
        if _engine is None:
            _engine = engine_over(settings.from_environment().built)
            _engine.start()
        return _engine
