"""Generations whose vectors lie in Milvus: published, rolled back, cleaned up, never half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import milvus, remote, store
from index.clinic import read_clinic
from index.errors import ContentError, PublishError
from index.manifest import read_manifest
from index.milvus_store import FILE_NAME
from index.search import search
from index.vectors import FILE_NAME as VECTORS
from ingest.build import BuildReport, build
from tests.conftest import WordCounts, build_with, no_progress
from tests.test_milvus import kept

pytest.importorskip("milvus_lite", reason="SKIPPED: no milvus-lite (requirements-dev.txt)")

Ingest = Callable[..., BuildReport]


@pytest.fixture
def uri(tmp_path: Path) -> Iterator[str]:
    with kept(str(tmp_path / "vectors.db")) as made:
        yield made


@pytest.fixture
def ingest(content: Path, tmp_path: Path, encoder: WordCounts, uri: str) -> Ingest:
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


def found(built: Path, encoder: WordCounts, question: str) -> list[tuple[str, float]]:
    index = store.open_index(built, encoder=encoder)
    try:
        return [(r.passage.id, round(r.score, 5)) for r in search(index, question).results]
    finally:
        index.vectors.close()


def test_an_index_with_its_vectors_on_a_server_finds_what_files_find(
    ingest: Ingest, content: Path, tmp_path: Path, encoder: WordCounts
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
    ingest: Ingest, tmp_path: Path, encoder: WordCounts
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
    assert milvus.current(uri) == second
    assert store.roll_back(tmp_path / "built") == first
    assert milvus.current(uri) == first
    assert milvus.collections(uri) == sorted([first, second])


def test_vectors_of_generations_that_are_gone_are_removed(
    ingest: Ingest, tmp_path: Path, uri: str
) -> None:
    made = [ingest(word).generation for word in ("carries", "hurts", "spreads")]
    assert milvus.collections(uri) == sorted(made[1:])
    assert sorted(p.name for p in (tmp_path / "built").iterdir() if len(p.name) == 16) == (
        sorted(made[1:])
    )


def broken(*_: Any, **__: Any) -> Any:
    raise PublishError("The vectors' server refused.")


@pytest.mark.parametrize("step", ["create", "point"])
def test_a_server_that_refuses_leaves_what_serves(
    ingest: Ingest,
    tmp_path: Path,
    uri: str,
    encoder: WordCounts,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    first = ingest("carries").generation
    before = found(tmp_path / "built", encoder, "stiff neck")
    with monkeypatch.context() as now:
        now.setattr(milvus, step, broken)
        with pytest.raises(PublishError, match="refused"):
            ingest("hurts")
    assert store.current_generation(tmp_path / "built") == first
    assert milvus.current(uri) == first
    assert found(tmp_path / "built", encoder, "stiff neck") == before
    second = ingest("hurts").generation
    assert (store.current_generation(tmp_path / "built"), milvus.current(uri)) == (second, second)


def test_what_cannot_be_removed_now_stops_nothing_and_is_removed_later(
    ingest: Ingest,
    uri: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ingest("carries")
    ingest("hurts")
    with monkeypatch.context() as now:
        now.setattr(milvus, "clean", broken)
        third = ingest("spreads").generation
    assert "stay on their server for now" in caplog.text
    assert len(milvus.collections(uri)) == 3
    fourth = ingest("passes").generation
    assert milvus.collections(uri) == sorted([third, fourth])


def test_without_a_server_nothing_is_asked_of_one(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("point", "clean", "create"):
        monkeypatch.setattr(milvus, name, broken)
    folder = built / str(store.current_generation(built))
    remote.serve(folder)
    remote.clean(folder, ())
    assert remote.read_vectors(folder).description == {"kind": "exact"}


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
