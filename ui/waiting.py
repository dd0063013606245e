"""What every view waits for: the index, saying meanwhile that it is being opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import engine, panels, settings, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

    from index.clinic import Clinic
    from index.store import Index

TICK_S = 0.25
PATIENCE_S = 60.0


def ready_index(place: DeltaGenerator, clinic: Clinic) -> Index | None:
    """Return the index, saying meanwhile that it is being opened; None when there is none."""
    status = settled(place, lambda _: busy())
    if status.index is not None:
        return status.index
    said = status.visitor_message or text.STILL_PREPARING
    place.html(panels.unavailable(said, clinic))
    return None


def settled(place: DeltaGenerator, draw: Callable[[engine.Status], str]) -> engine.Status:
    """Return the state of the index when it is known, drawing meanwhile that it is being opened.

    It is drawn again at every tick, because drawing is where Streamlit takes in that the visitor
    has done something else.
    """
    held = engine.get_engine(settings.from_environment().built)
    status = held.status
    waited = 0.0
    while status.state is engine.State.LOADING and waited < PATIENCE_S:
        place.html(draw(status))
        status = held.wait(TICK_S)
        waited += TICK_S
    return status


def busy() -> str:
    """Draw that the index is being opened."""
    return panels.message(text.PREPARING, text.PREPARING_MORE, busy=True)
