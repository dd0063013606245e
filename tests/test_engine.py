"""What the engine keeps and lets go when one generation replaces another."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import generation, onnx_encoder, store
from index.errors import EncoderError
from index.onnx_encoder import GRAPH
from tests.conftest import WordCounts
from ui import finder
from ui.engine import Answer, Engine


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


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

    made = Engine(
        open_index=open_index,
        generation=lambda: f"g{len(held)}",  # another one at every look
        search=lambda _index, _question: pytest.fail("nothing is asked"),
    )
    for _ in range(4):
        made.look()
    assert len(held) == 4
    assert [one() is None for one in held] == [True, True, True, False]
    made.stop()


def test_the_articles_and_passages_of_a_replaced_generation_are_freed(built: Path) -> None:
    held: list[weakref.ref[Any]] = []

    def open_index(encoder: Any) -> Any:
        index = store.open_index(built, encoder=encoder or WordCounts())
        assert index.articles["necks"].title == "All About Necks"
        held.extend(map(weakref.ref, (index.articles, index.passages, index.passage_rows)))
        return index

    made = Engine(
        open_index=open_index,
        generation=lambda: f"g{len(held)}",
        search=lambda _index, _question: pytest.fail("nothing is asked"),
    )
    for _ in range(3):
        made.look()
    assert [one() is None for one in held] == [True] * 6 + [False] * 3
    made.stop()


class Light(WordCounts):
    """Stands in for the exported encoder."""

    def __init__(self, folder: Path, _info: Any) -> None:
        super().__init__()
        if (folder / GRAPH).read_bytes() != b"graph":
            raise EncoderError("The exported encoder cannot be opened.")


@pytest.mark.parametrize("graph", [b"graph", b"nonsense"])
def test_a_page_on_the_reference_goes_over_to_the_export_of_the_next_generation(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, graph: bytes
) -> None:
    reference = WordCounts()
    monkeypatch.setattr(generation, "load_encoder", lambda _model="": reference)
    monkeypatch.setattr(onnx_encoder, "OnnxEncoder", Light)
    monkeypatch.setattr(finder, "learn", lambda _index: None)
    made = Engine.over(built)
    made.look()
    assert made.status.index is not None
    assert made.status.index.encoder is reference
    exported = tmp_path / "exported"
    exported.mkdir()
    (exported / GRAPH).write_bytes(graph)
    stored = store.read_current(built)
    manifest = replace(stored.manifest, generation="ab" * 8)
    with store.writing(built):
        store.publish(built, replace(stored, manifest=manifest, exported=exported))
    made.look()
    assert made.status.index.generation == "ab" * 8
    assert isinstance(made.status.index.encoder, Light) is (graph == b"graph")
    assert isinstance(made.ask(made.status.index, "stiff neck").result(10), Answer)
    made.stop()
