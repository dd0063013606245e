"""Serve a page that fails, with a secret in its error: `python -m ... search|page`."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any, NoReturn

from core.text.language import ENGLISH
from ui.__main__ import main
from ui.page import router
from ui.service import engine

PLACE = "/secret/place.py"


def failing_search(index: Any, question: str) -> NoReturn:
    raise ValueError(f"{question} cannot be searched in {PLACE}")


def failing_page() -> NoReturn:
    raise RuntimeError(f"the page itself fails in {PLACE}")


if __name__ == "__main__":
    fault, *arguments = sys.argv[1:]
    if fault == "page":
        router.draw = failing_page
    empty: Any = SimpleNamespace(
        generation="broken",
        articles={},
        passages=[],
        examples=("Does it hurt?",),
        encoder=None,
        spoken=ENGLISH,
    )
    broken = engine.Engine(
        open_index=lambda _: empty, generation=lambda: "broken", search=failing_search
    )
    broken.look()
    engine.set_engine(broken)
    sys.exit(main(arguments))
