"""Serve the real page with vectors that are computable by hand.

Run as `python -m tests.support.pages.desk_page BUILT --port N`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from index.store.generations import current_generation, open_index
from tests.support.fakes import BagOfWordsEncoder
from ui.__main__ import main
from ui.service import engine


def failing_search(index: object, question: str) -> engine.Answer:
    raise RuntimeError("the desk asks for itself")


if __name__ == "__main__":
    built, *arguments = sys.argv[1:]
    held = engine.Engine(
        open_index=lambda _: open_index(Path(built), encoder=BagOfWordsEncoder()),
        generation=lambda: current_generation(Path(built)),
        search=failing_search,
    )
    held.look()
    engine.set_engine(held)
    sys.exit(main(arguments))
