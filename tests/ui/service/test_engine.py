"""What the engine keeps and lets go when one generation replaces another."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from core.encoders import onnx
from core.encoders.onnx import GRAPH
from core.errors import EncoderError
from core.types import Outcome, SearchResponse
from index.store import generations, opened
from tests.support.fakes import BagOfWordsEncoder
from ui.limits.rate_limit import TokenBucket
from ui.service import engine, notice_service
from ui.service.engine import Answer, Engine, TooFastError, freeze_what_stays


@pytest.fixture(autouse=True)
def thawed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(engine, "freeze_what_stays", freeze_what_stays)  # as it serves
    yield
    gc.unfreeze()


def unasked(**more: Any) -> Engine:
    """Make an engine that nobody asks; it opens nothing unless told how."""
    parts: dict[str, Any] = {"open_index": lambda _: None, "generation": lambda: "one"}
    return Engine(search=lambda *_: pytest.fail("nothing is asked"), **{**parts, **more})


class Held:
    """An index of which parts hold each other, as those of any library may."""

    def __init__(self) -> None:
        self.encoder = None
        self.itself = self


def test_of_several_generations_only_the_one_served_is_kept() -> None:
    held: list[weakref.ref[Held]] = []

    def open_index(_: Any) -> Any:
        index = Held()
        held.append(weakref.ref(index))
        return index

    made = unasked(open_index=open_index, generation=lambda: f"g{len(held)}")  # always a new one
    for _ in range(4):
        made.look()
    assert len(held) == 4
    assert [reference() is None for reference in held] == [True, True, True, False]
    made.stop()


def test_the_articles_and_passages_of_a_replaced_generation_are_freed(built: Path) -> None:
    held: list[weakref.ref[Any]] = []

    def open_index(encoder: Any) -> Any:
        index = generations.open_index(built, encoder=encoder or BagOfWordsEncoder())
        assert index.articles["necks"].title == "All About Necks"
        held.extend(map(weakref.ref, (index.articles, index.passages, index.passage_rows)))
        return index

    made = unasked(open_index=open_index, generation=lambda: f"g{len(held)}")
    for _ in range(3):
        made.look()
    assert [reference() is None for reference in held] == [True] * 6 + [False] * 3
    made.stop()


def test_an_index_serves_once_its_examples_are_learned() -> None:
    states: list[engine.State] = []
    made = unasked(open_index=lambda _: Held(), learn=lambda _: states.append(made.status.state))
    made.look()
    assert states == [engine.State.LOADING]
    assert made.status.state is engine.State.READY
    made.stop()


def test_an_index_serves_although_its_examples_cannot_be_learned() -> None:
    def fail(_index: Any) -> None:
        raise ValueError

    made = unasked(open_index=lambda _: Held(), learn=fail)
    made.look()
    assert made.status.state is engine.State.READY
    made.stop()


@pytest.mark.parametrize("opens", [True, False])
def test_garbage_is_collected_again_once_the_index_was_looked_for(opens: bool) -> None:
    made = unasked(open_index=lambda _: Held() if opens else 1 / 0)
    gc.disable()
    try:
        made.look()
        assert gc.isenabled()
    finally:
        gc.enable()
    assert made.patience() == 0
    made.stop()


def test_an_engine_is_made_of_what_the_settings_name_and_then_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    over: list[Path] = []
    made = unasked(open_index=lambda _: pytest.fail("nothing is opened"))
    monkeypatch.setattr(made, "start", lambda: None)
    monkeypatch.setattr(engine, "engine_over", lambda built: over.append(built) or made)
    monkeypatch.setenv("CLINIC_BUILT", str(tmp_path))
    engine.set_engine(None)
    try:
        assert engine.get_engine() is made
        assert engine.get_engine() is made
    finally:
        engine.set_engine(None)
    assert over == [tmp_path]


def test_the_searches_of_one_network_wait_behind_those_of_another_only_by_turns() -> None:
    release, begun = Event(), Event()
    order: list[str] = []

    def search(_index: Any, question: str) -> Answer:
        order.append(question)
        begun.set()
        assert release.wait(20)
        return Answer(SearchResponse(question, Outcome.NOT_COVERED, (), "one"))

    made = Engine(open_index=lambda _: None, generation=lambda: "one", search=search)  # type: ignore[arg-type, return-value]
    index: Any = None
    crowd = [made.ask(index, f"crowd {number}", f"2001:db8::{number}") for number in range(20)]
    visitor = made.ask(index, "visitor", "192.0.2.1")
    assert begun.wait(20)
    release.set()
    visitor.result(20)
    for future in crowd:
        future.result(20)
    assert order.index("visitor") <= 3
    made.stop()


def test_a_network_that_has_enough_waiting_is_refused_with_how_long_to_wait() -> None:
    made = unasked(allowance=TokenBucket(per_second=1.0, at_once=1))
    index: Any = None
    made._allowance.acquire("192.0.2.1")
    with pytest.raises(TooFastError) as refused:
        made.ask(index, "neck", "192.0.2.1")
    assert 0 < refused.value.wait_s <= 1
    made.stop()


class Light(BagOfWordsEncoder):
    """Stands in for the exported encoder."""

    def __init__(self, folder: Path, _info: Any) -> None:
        super().__init__()
        if (folder / GRAPH).read_bytes() != b"graph":
            raise EncoderError("The exported encoder cannot be opened.")


@pytest.mark.parametrize("graph", [b"graph", b"nonsense"])
def test_a_page_on_the_reference_goes_over_to_the_export_of_the_next_generation(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, graph: bytes
) -> None:
    reference = BagOfWordsEncoder()
    monkeypatch.setattr(opened, "load_encoder", lambda _model="": reference)
    monkeypatch.setattr(onnx, "OnnxEncoder", Light)
    monkeypatch.setattr(notice_service, "learn", lambda _index: None)
    made = engine.engine_over(built)
    made.look()
    assert made.status.index is not None
    assert made.status.index.encoder is reference
    exported = tmp_path / "exported"
    exported.mkdir()
    (exported / GRAPH).write_bytes(graph)
    stored = generations.read_current(built)
    manifest = replace(stored.manifest, generation="ab" * 8)
    with generations.writing(built):
        generations.publish(built, replace(stored, manifest=manifest, exported=exported))
    made.look()
    assert made.status.index.generation == "ab" * 8
    assert isinstance(made.status.index.encoder, Light) is (graph == b"graph")
    assert isinstance(made.ask(made.status.index, "stiff neck").result(10), Answer)
    made.stop()
