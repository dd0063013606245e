"""Serve the page over an index of counted words, slow on demand.

Run as `python -m tests.support.pages.stand_in CONTROL`. As long as CONTROL holds a file `loading`,
the index is not opened; as long as it holds `slow`, no search ends. `CLINIC_BUILT` names the index.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.search.pipeline import search
from index.store.generations import current_generation, open_index
from tests.support.fakes import BagOfWordsEncoder
from ui.__main__ import main
from ui.service import engine, notice_service, settings


def wait_while(file: Path) -> None:
    while file.exists():
        time.sleep(0.01)


def stand_in(control: Path) -> engine.Engine:
    built = settings.from_environment().built

    def opened(encoder: Any) -> Any:
        wait_while(control / "loading")
        return open_index(built, encoder=encoder or BagOfWordsEncoder())

    def answered(index: Any, question: str) -> engine.Answer:
        wait_while(control / "slow")
        return engine.Answer(search(index, question), notice_service.find(question))

    return engine.Engine(
        open_index=opened, generation=lambda: current_generation(built), search=answered
    )


def run(arguments: Sequence[str]) -> int:
    made = stand_in(Path(arguments[0]))
    made.start()
    engine.set_engine(made)
    return main(list(arguments[1:]))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
