"""`python -m tests.desk_page BUILT --port N`: the real page, with vectors computable by hand."""

from __future__ import annotations

import sys
from pathlib import Path

from index.store import current_generation, open_index
from tests.conftest import WordCounts
from ui import engine
from ui.__main__ import main


def failing_search(index: object, question: str) -> engine.Answer:
    raise RuntimeError("the desk asks for itself")


if __name__ == "__main__":
    built, *arguments = sys.argv[1:]
    held = engine.Engine(
        open_index=lambda _: open_index(Path(built), encoder=WordCounts()),
        generation=lambda: current_generation(Path(built)),
        search=failing_search,
    )
    held.look()
    engine.set_engine(held)
    sys.exit(main(arguments))
