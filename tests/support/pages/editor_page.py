"""Serves the page for staff over a copy of the content, with an encoder that needs no model.

Run as `python -m tests.support.pages.editor_page --port N`. A preview is made by the same stand-in,
in a process of its own as the page does it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from index.store.generations import current_generation, open_index
from tests.support.fakes import BagOfWordsEncoder
from ui import __main__ as launcher
from ui.editor.publishing import candidate
from ui.service import engine, notice_service


def stand_in(built: Path) -> engine.Engine:
    """Make an engine that opens whatever is published with the encoder of the tests."""
    made = engine.Engine(
        open_index=lambda _: open_index(built, encoder=BagOfWordsEncoder()),
        generation=lambda: current_generation(built),
        search=lambda index, question: engine.Answer(_found(index, question)),
        learn=notice_service.learn,
    )
    made.start()
    return made


def _found(index: Any, question: str) -> Any:
    from index.search.pipeline import search

    return search(index, question)


def command(content: Path, built: Path) -> list[str]:
    """Return the command in place of `python -m ingest --preview`."""
    return [sys.executable, "-m", "tests.support.pages.editor_preview", str(content), str(built)]


def main() -> int:
    """Serve until interrupted."""
    setattr(candidate, "preview_command", command)  # noqa: B010  it is imported there
    engine.get_engine = lambda: engine._engine or _start()
    return launcher.main(sys.argv[1:])


def _start() -> engine.Engine:
    engine.set_engine(stand_in(Path(os.environ["CLINIC_BUILT"])))
    assert engine._engine is not None
    return engine._engine


if __name__ == "__main__":
    sys.exit(main())
