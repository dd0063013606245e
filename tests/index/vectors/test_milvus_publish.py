"""Generations whose vectors lie in Milvus: published, rolled back, cleaned up, never half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.clinic_settings import read_clinic
from core.errors import ContentError, IndexUnavailableError, PublishError
from index.search.pipeline import search
from index.store import generations
from index.store.manifest import read_manifest
from index.vectors import location
from index.vectors.faiss_store import FILE_NAME as VECTORS
from index.vectors.milvus import client, lifecycle
from index.vectors.milvus.store import FILE_NAME
from ingest.build.pipeline import build
from ingest.build.report import BuildReport
from tests.index.vectors.test_milvus import SERVER, alias, collections, kept
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.workers import free_port

pytestmark = pytest.mark.slow

pytest.importorskip("milvus_lite", reason="SKIPPED: no milvus-lite (requirements-dev.txt)")

Ingest = Callable[..., BuildReport]


@pytest.fixture
def uri(tmp_path: Path) -> Iterator[str]:
    with kept(str(tmp_path / "vectors.db")) as made:
        yield made


@pytest.fixture
def ingest(content: Path, tmp_path: Path, encoder: BagOfWordsEncoder, uri: str) -> Ingest:
    """Ingest into `tmp_path / "built"` with the vectors on a server; other content each time."""

    def run(text: str = "", vector_store: str = uri) -> BuildReport:
        if text:
            (content / "articles" / "news.txt").write_text(f"News\n\nThe neck {text}.\n")
        return build(
            content,
            tmp_path / "built",
            encoder_sha256=encoder.info.sha256,
            load_encoder=lambda: encoder,
            progress=no_progress,
            vector_store=vector_store,
        )

    return run


def named(uri: str) -> list[str]:
    """Return the generations whose vectors a server has, in order."""
    return [collection.split("_")[1] for collection in collections(uri)]


def pointed_at(uri: str) -> str:
    return str(alias(uri)).split("_")[1]


def found(built: Path, encoder: BagOfWordsEncoder, question: str) -> list[tuple[str, float]]:
    index = generations.open_index(built, encoder=encoder)
    try:
        return [(r.passage.id, round(r.score, 5)) for r in search(index, question).results]
    finally:
        index.vectors.close()


def test_an_index_with_its_vectors_on_a_server_finds_what_files_find(
    ingest: Ingest, content: Path, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    report = ingest()
    folder = tmp_path / "built" / report.generation
    assert (folder / FILE_NAME).exists()
    assert not (folder / VECTORS).exists()
    assert read_manifest(folder / "manifest.json").vectors == {"kind": "milvus", "index": "FLAT"}
    build_with(encoder, content, tmp_path / "files")
    for question in ("stiff neck", "blood in a muscle", "pain", "nothing of it"):
        assert found(tmp_path / "built", encoder, question) == (
            found(tmp_path / "files", encoder, question)
        )


def test_unchanged_content_stays_where_it_is_until_the_server_is_another(
    ingest: Ingest, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    first = ingest()
    assert not ingest().published
    back = ingest(vector_store="")
    assert back.published
    assert back.generation != first.generation
    assert (tmp_path / "built" / back.generation / VECTORS).exists()
    assert found(tmp_path / "built", encoder, "stiff neck")


def test_the_alias_follows_what_serves_there_and_back(
    ingest: Ingest, tmp_path: Path, uri: str
) -> None:
    first, second = ingest("carries").generation, ingest("hurts").generation
    assert pointed_at(uri) == second
    assert generations.roll_back(tmp_path / "built") == first
    assert pointed_at(uri) == first
    assert named(uri) == sorted([first, second])


def test_vectors_of_generations_that_are_gone_are_removed(
    ingest: Ingest, tmp_path: Path, uri: str
) -> None:
    made = [ingest(word).generation for word in ("carries", "hurts", "spreads")]
    assert named(uri) == sorted(made[1:])
    assert sorted(p.name for p in (tmp_path / "built").iterdir() if len(p.name) == 16) == (
        sorted(made[1:])
    )


@pytest.mark.parametrize("then", ["files", "another server"])
def test_a_server_that_is_left_keeps_what_can_be_rolled_back_to_and_then_nothing(
    ingest: Ingest, tmp_path: Path, uri: str, then: str
) -> None:
    if SERVER and then == "another server":
        pytest.skip("SKIPPED: MILVUS_SERVER is a single one")
    with kept(str(tmp_path / "other.db")) as other:
        place = other if then == "another server" else ""
        first, second = ingest("carries").generation, ingest("hurts").generation
        assert named(uri) == sorted([first, second])
        third = ingest("spreads", vector_store=place).generation
        assert (named(uri), pointed_at(uri)) == ([second], second)
        fourth = ingest("passes", vector_store=place).generation
        assert (collections(uri), alias(uri)) == ([], None)
        if place:
            assert (named(other), pointed_at(other)) == (sorted([third, fourth]), fourth)


def test_vectors_that_came_out_otherwise_take_the_place_of_those_before(
    ingest: Ingest,
    tmp_path: Path,
    uri: str,
    encoder: BagOfWordsEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The folder was damaged, and another version of a library sums up in another order."""
    generation = ingest("carries").generation
    (before,) = collections(uri)
    (tmp_path / "built" / generation / "views.arrow").unlink()
    encode = encoder.encode
    monkeypatch.setattr(encoder, "encode", lambda texts: encode(texts)[:, ::-1])
    assert ingest().generation == generation
    (after,) = collections(uri)
    assert before != after == alias(uri)
    assert found(tmp_path / "built", encoder, "stiff neck")


def test_an_ingest_that_cannot_ask_the_server_ends_before_any_work(
    ingest: Ingest,
    tmp_path: Path,
    content: Path,
    encoder: BagOfWordsEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was published is not known then, and is not taken for nothing."""
    ingest("carries")
    before = {p: p.read_bytes() for p in (tmp_path / "built").rglob("*") if p.is_file()}
    encoder.encoded.clear()
    (content / "articles" / "necks.txt").write_bytes(b"\xff\xfe not text")
    with monkeypatch.context() as now:
        now.setenv("CLINIC_MILVUS_URI", f"http://127.0.0.1:{free_port()}")
        now.setattr(client, "CONNECT_S", 0.3)
        with pytest.raises(IndexUnavailableError, match="did not answer"):
            ingest("hurts")
    assert encoder.encoded == []
    assert {p: p.read_bytes() for p in (tmp_path / "built").rglob("*") if p.is_file()} == before
    report = ingest("hurts")
    assert [row.state for row in report.articles if row.article == "necks.txt"] == ["kept"]


def test_a_server_that_is_gone_for_good_is_left_as_the_page_says(
    ingest: Ingest, tmp_path: Path, encoder: BagOfWordsEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest("carries")
    monkeypatch.setenv("CLINIC_MILVUS_URI", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(client, "CONNECT_S", 0.3)
    with pytest.raises(IndexUnavailableError, match="did not answer"):
        ingest(vector_store="")
    (tmp_path / "built" / "current").unlink()
    assert ingest(vector_store="").published
    assert found(tmp_path / "built", encoder, "stiff neck")


def test_what_is_written_already_is_not_taken_for_damaged_while_the_server_is_away(
    ingest: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "built"
    ingest("carries")
    stored = generations.read_current(built)
    monkeypatch.setenv("CLINIC_MILVUS_URI", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(client, "CONNECT_S", 0.3)
    monkeypatch.setattr(generations, "write_generation", lambda *_: pytest.fail("written again"))
    with (
        pytest.raises(IndexUnavailableError, match="did not answer"),
        generations.writing(built),
    ):
        generations.write(built, stored)
    stored.vectors.close()


def broken(*_: Any, **__: Any) -> Any:
    raise PublishError("The vectors' server refused.")


@pytest.mark.parametrize("step", ["create", "set_alias"])
def test_a_server_that_refuses_leaves_what_serves(
    ingest: Ingest,
    tmp_path: Path,
    uri: str,
    encoder: BagOfWordsEncoder,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    first = ingest("carries").generation
    before = found(tmp_path / "built", encoder, "stiff neck")
    with monkeypatch.context() as now:
        now.setattr(lifecycle, step, broken)
        with pytest.raises(PublishError, match="refused"):
            ingest("hurts")
    assert generations.current_generation(tmp_path / "built") == first
    assert pointed_at(uri) == first
    assert found(tmp_path / "built", encoder, "stiff neck") == before
    second = ingest("hurts").generation
    assert (generations.current_generation(tmp_path / "built"), pointed_at(uri)) == (second, second)


def test_what_cannot_be_removed_now_stops_nothing_and_is_removed_later(
    ingest: Ingest,
    uri: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ingest("carries")
    ingest("hurts")
    with monkeypatch.context() as now:
        now.setattr(lifecycle, "prune", broken)
        third = ingest("spreads").generation
    assert "stay on their server for now" in caplog.text
    assert len(named(uri)) == 3
    fourth = ingest("passes").generation
    assert named(uri) == sorted([third, fourth])


def test_nothing_is_removed_while_a_generation_cannot_say_which_vectors_are_its_own(
    ingest: Ingest, tmp_path: Path, uri: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = ingest("carries").generation, ingest("hurts").generation
    (tmp_path / "built" / second / FILE_NAME).write_text("{}")
    third = ingest("spreads").generation
    assert "stay on their server for now" in caplog.text
    assert named(uri) == sorted([first, second, third])
    fourth = ingest("passes").generation
    assert named(uri) == sorted([third, fourth])


def test_without_a_server_nothing_is_asked_of_one(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("set_alias", "prune", "create"):
        monkeypatch.setattr(lifecycle, name, broken)
    folder = built / str(generations.current_generation(built))
    location.promote(folder)
    location.prune(location.servers([folder]), [folder])
    assert location.read_vectors(folder).description == {"kind": "exact"}


@pytest.mark.parametrize(
    ("server", "is_taken"),
    [
        ("", True),
        ("https://milvus.internal:19530", True),
        ("http://10.0.0.4:19530/clinic", True),
        ("vectors.db", True),
        ("https://user:secret@milvus.internal", False),
        ("milvus.internal:19530", False),
        ("https://", False),
    ],
)
def test_a_server_is_an_address_without_a_password(
    content: Path, server: str, is_taken: bool
) -> None:
    (content / "clinic.toml").write_text(f'vector_store = "{server}"\n')
    if is_taken:
        assert read_clinic(content).vector_store == server
        return
    with pytest.raises(ContentError, match="cannot be used") as caught:
        read_clinic(content)
    assert "secret" not in str(caught.value)
