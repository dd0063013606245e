"""Waits for the index or a search; the page says meanwhile what it waits for."""

from __future__ import annotations

from concurrent.futures import wait
from typing import TYPE_CHECKING

from ui.languages import text
from ui.rendering import layout
from ui.service import engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from typing import TypeVar

    from streamlit.delta_generator import DeltaGenerator

    from core.clinic_settings import Clinic
    from index.store.generations import OpenIndex

    Done = TypeVar("Done")

TICK_S = 0.25
PATIENCE_S = 60.0


def ready_index(body: DeltaGenerator, clinic: Clinic) -> OpenIndex | None:
    """Wait for the index; where there is none, say so in `body` and return None."""
    status = wait_until_opened(body)
    if status.index is not None:
        return status.index
    body.html(layout.unavailable(status.visitor_message or text.STILL_PREPARING, clinic))
    return None


def wait_until_opened(body: DeltaGenerator) -> engine.Status:
    """Return the state of the index once it is no longer loading, or after PATIENCE_S.

    `body` is drawn again at every tick, because Streamlit ends a script there when the visitor has
    done something else.
    """
    running = engine.get_engine()
    status = running.status
    waited = 0.0
    while status.state is engine.State.LOADING and waited < PATIENCE_S:
        body.html(layout.message(text.PREPARING, text.PREPARING_MORE, busy=True))
        status = running.wait(TICK_S)
        waited += TICK_S
    return status


def wait_for(
    future: Future[Done], meanwhile: Callable[[], object], *, every_s: float = TICK_S
) -> Done:
    """Wait for the engine and return its result; raises what the future raises.

    `meanwhile` draws, after every tick. Streamlit ends the script there when the visitor has gone
    or asked something else, and the future is cancelled.
    """
    try:
        while not wait([future], every_s).done:
            meanwhile()
        return future.result()
    finally:
        future.cancel()
