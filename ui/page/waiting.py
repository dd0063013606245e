"""What every view waits for: the index, saying meanwhile that it is being opened."""

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


def ready_index(place: DeltaGenerator, clinic: Clinic) -> OpenIndex | None:
    """Return the index, saying meanwhile that it is being opened; None when there is none."""
    status = settled(place, lambda _: busy())
    if status.index is not None:
        return status.index
    said = status.visitor_message or text.STILL_PREPARING
    place.html(layout.unavailable(said, clinic))
    return None


def settled(place: DeltaGenerator, draw: Callable[[engine.Status], str]) -> engine.Status:
    """Return the state of the index when it is known, drawing meanwhile that it is being opened.

    It is drawn again at every tick, because drawing is where Streamlit takes in that the visitor
    has done something else.
    """
    held = engine.get_engine()
    status = held.status
    waited = 0.0
    while status.state is engine.State.LOADING and waited < PATIENCE_S:
        place.html(draw(status))
        status = held.wait(TICK_S)
        waited += TICK_S
    return status


def outcome(
    asked: Future[Done], meanwhile: Callable[[], object], *, every_s: float = TICK_S
) -> Done:
    """Wait for what a thread of the engine does, and return it; raises what that raises.

    `meanwhile` draws, after every tick. A visitor who has gone or asked something else leaves the
    script there, and nothing is then done for nobody.
    """
    try:
        while not wait([asked], every_s).done:
            meanwhile()
        return asked.result()
    finally:
        asked.cancel()


def busy() -> str:
    """Draw that the index is being opened."""
    return layout.message(text.PREPARING, text.PREPARING_MORE, busy=True)
