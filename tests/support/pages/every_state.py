"""Serve the page over the real articles, where a question names its own outcome.

Run as `python -m tests.support.pages.every_state`. The index is real but made with the
hand-computable encoder, so that no model is loaded; what it finds is turned into the outcome that
the question names. With `loading` as its first argument it never gets ready.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from core.types import Outcome, SearchResponse
from index.search.pipeline import search
from index.store.generations import current_generation, open_index
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.paths import ROOT
from ui.__main__ import main
from ui.service import engine, notice_service

ANSWER, CLAIM = "neck pain and blood", "is the needle painless"
RELATED, NOTHING, ROUTE = "related neck pain", "nothing about neck", "nothing about price"
CORRECTED, SLOW = "corrected neck pain", "slow neck pain"
EMERGENCY, URGENT = "crushing chest pain going down my left arm", "my calf is swollen and hot"
CAUTION, INFORMATION = "I take blood thinners", "can dry needling puncture a lung"
HIDDEN = "I want to end my life"
FOREIGN, FOREIGN_URGENT = "douleur dans la poitrine", "chest pain douleur dans la poitrine"
SLOW_S = 1.5


def told(index: Any, question: str) -> engine.Answer:
    """Search, and return what the question asks to see."""
    found = search(index, question, correct_spelling=False)
    labelled = tuple(one for one in found.results if one.labels)
    plain = tuple(one for one in found.results if not one.labels)
    kept = labelled + plain if question == CLAIM else plain + labelled
    results = tuple(replace(one, rank=rank) for rank, one in enumerate(kept[:5], start=1))
    answered = replace(found, outcome=Outcome.ANSWER, results=results, route=None)
    return engine.Answer(_as_told(answered, question), notice_service.find(question))


def _as_told(answered: SearchResponse, question: str) -> SearchResponse:
    if question == SLOW:
        time.sleep(SLOW_S)
    if question.startswith("nothing"):
        route = "cost" if question == ROUTE else None
        return replace(answered, outcome=Outcome.NOT_COVERED, results=(), route=route)
    if question in (RELATED, FOREIGN, FOREIGN_URGENT):
        return replace(answered, outcome=Outcome.RELATED)
    if question == CORRECTED:
        words = ("neck stiffness",)
        return replace(answered, corrected_query="neck pain", also_searched=words)
    return answered


def copied_content(folder: Path, settings: str = "") -> Path:
    """Copy the clinic's content, with settings of a clinic that has filled them in."""
    shutil.copytree(ROOT / "content", folder)
    (folder / "invariants.csv").unlink()  # they hold with the real encoder
    (folder / "clinic.toml").write_text(
        'name = "Riverside Physiotherapy"\ntelephone = "020 7946 0000"\ncountry = "GB"\n'
        f'booking_url = "https://booking.example"\n{settings}',
        encoding="utf-8",
    )
    return folder


def built_from(content: Path, built: Path) -> Path:
    """Build the index of a content folder with the hand-computable encoder."""
    build_with(BagOfWordsEncoder(), content, built)
    return built


def _engine(built: Path, *, is_loading: bool) -> engine.Engine:
    never = Event()

    def opened(_encoder: Any) -> Any:
        if is_loading:
            never.wait()
        return open_index(built, encoder=BagOfWordsEncoder())

    return engine.Engine(
        open_index=opened,
        generation=lambda: current_generation(built),
        search=told,
        learn=lambda _index: None,
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    is_loading = arguments[0] == "loading"
    made = _engine(Path(os.environ["CLINIC_BUILT"]), is_loading=is_loading)
    made.start()
    engine.set_engine(made)
    sys.exit(main(arguments[is_loading:]))
