"""Runs the page's script without a browser: an address in, the HTML of what it draws out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from index.store.generations import open_index
from tests.support.fakes import BagOfWordsEncoder
from tests.support.paths import ROOT
from ui.editor import runs
from ui.service import engine, settings

APP = ROOT / "app.py"


def opened(**address: str) -> AppTest:
    """Open an address of the page."""
    at = AppTest.from_file(str(APP), default_timeout=30)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def html_of(at: AppTest) -> str:
    return "\n".join(element.value for element in at.html)


@contextmanager
def served_to_staff(patch: pytest.MonkeyPatch, content: Path, built: Path) -> Iterator[None]:
    """Serve an index of counted words to staff; no preview has been made yet."""
    patch.setenv(settings.CONTENT_VARIABLE, str(content))
    patch.setenv(settings.BUILT_VARIABLE, str(built))
    patch.setenv(settings.AUDIENCE_VARIABLE, "staff")
    patch.setattr(runs.RUNS, "_process", None)
    patch.setattr("index.store.opened.load_encoder", lambda model="": BagOfWordsEncoder())
    index = open_index(built, encoder=BagOfWordsEncoder())
    made = engine.Engine(
        open_index=lambda _: index,
        generation=lambda: index.generation,
        search=lambda *_: pytest.fail("no page of these tests searches"),
    )
    made.look()
    engine.set_engine(made)
    try:
        yield
    finally:
        engine.set_engine(None)
        patch.undo()
        settings.clinic()  # what is kept of the file is that of the usual place again
