"""Searches outside of Streamlit, without blocking the event loop."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from core.errors import ClinicSearchError
from ui.languages import text
from ui.service import engine

if TYPE_CHECKING:
    from index.store.generations import OpenIndex

PATIENCE_S = 30.0
_TICK_S = 0.02

_log = logging.getLogger("clinic.ui")


async def opened_index() -> engine.Status:
    """Wait while the index is being opened after the start; return its state.

    Without a thread: all of them may be needed meanwhile.
    """
    running = engine.get_engine()
    while running.patience():
        await asyncio.sleep(_TICK_S)
    return running.status


async def answered(
    index: OpenIndex, question: str, address: str, *, price: float = 1.0
) -> engine.Answer | str:
    """Search; return the answer, or a sentence for the visitor if the search failed.

    Raises TooFastError when the allowance of the address's network is used up.
    """
    search = engine.get_engine().ask(index, question, address, price=price)
    try:
        return await asyncio.wait_for(asyncio.wrap_future(search), PATIENCE_S)
    except ClinicSearchError as error:  # its text never holds a question
        _log.error("%s", error)
        return text.translated(error.visitor_message)
    except Exception as error:  # noqa: BLE001  a traceback would hold the question
        _log.error("A search failed with %s", type(error).__name__)
        return str(text.FAILED)
