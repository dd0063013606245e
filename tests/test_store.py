import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index import manifest as manifests
from index import store, tables
from index.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
    PublishError,
)
from index.search import search
from tests.conftest import WordCounts, build_with

Write = Callable[[str, str | bytes], Path]
FILES = ["articles.parquet", "manifest.json", "passages.parquet", "vectors.faiss", "views.parquet"]


def generation_folder(built: Path) -> Path:
    return built / (store.current_generation(built) or "")


def test_a_generation_holds_what_the_design_names(built: Path) -> None:
    assert sorted(p.name for p in generation_folder(built).iterdir()) == FILES


def test_what_is_opened_is_what_was_built(built: Path, encoder: WordCounts) -> None:
    index = store.open_index(built, encoder=encoder)
    assert list(index.articles) == ["blood", "necks"]
    for passage in index.passages:
        article = index.articles[passage.article_id]
        assert article.text[passage.start : passage.end] == passage.text
    for number, view in enumerate(index.views):
        assert view.passage == index.view_passages[number]
        if view.span:
            passage = index.passages[view.passage]
            assert passage.text[view.span.start : view.span.end] == view.text
    assert index.vectors.rows == len(index.views) == index.first_view[-1]


def test_the_same_content_gives_the_same_id_and_bytes(
    content: Path, built: Path, encoder: WordCounts, tmp_path: Path
) -> None:
    build_with(encoder, content, tmp_path / "again")
    one, two = generation_folder(built), generation_folder(tmp_path / "again")
    assert one.name == two.name
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {
        p.name: p.read_bytes() for p in two.iterdir()
    }


def test_unchanged_content_publishes_nothing_and_encodes_nothing(
    content: Path, built: Path
) -> None:
    before = {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.name != ".lock"}
    encoder = WordCounts()
    report = build_with(encoder, content, built)
    assert not report.published
    assert encoder.encoded == []
    assert {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.name != ".lock"} == before


def test_another_model_is_another_generation(content: Path, built: Path) -> None:
    assert build_with(WordCounts(sha256="1" * 64), content, built).published


def test_an_index_of_another_model_is_refused_with_the_mend(built: Path) -> None:
    with pytest.raises(IndexMismatchError) as caught:
        store.open_index(built, encoder=WordCounts("other", "1" * 64))
    assert caught.value.mend == "python -m ingest"
    assert "other" in (caught.value.found or "")


def test_an_index_of_another_version_is_refused_with_the_mend(
    built: Path, encoder: WordCounts
) -> None:
    path = generation_folder(built) / "manifest.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "schema_version": 99}))
    with pytest.raises(IndexMismatchError, match="another version"):
        store.open_index(built, encoder=encoder)


def test_no_index_says_what_to_run(tmp_path: Path, encoder: WordCounts) -> None:
    with pytest.raises(IndexMissingError, match="no index"):
        store.open_index(tmp_path / "none", encoder=encoder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["removed", "emptied", "cut", "flipped", "grown"])
def test_every_damaged_file_is_refused_and_an_ingest_mends_it(
    content: Path, built: Path, encoder: WordCounts, name: str, damage: str
) -> None:
    path = generation_folder(built) / name
    raw = path.read_bytes()
    middle = len(raw) // 2
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(
            {
                "emptied": b"",
                "cut": raw[:middle],
                "flipped": raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
                "grown": raw + b"\n ",
            }[damage]
        )
    if (name, damage) == ("manifest.json", "grown"):  # white space after JSON says nothing else
        store.open_index(built, encoder=encoder)
        return
    with pytest.raises(IndexUnavailableError) as caught:
        store.open_index(built, encoder=encoder)
    assert caught.value.mend == "python -m ingest"
    assert build_with(encoder, content, built).published
    assert search(store.open_index(built, encoder=encoder), "stiff neck").results


def test_a_file_of_another_generation_is_refused(
    content: Path, built: Path, encoder: WordCounts, write_article: Write
) -> None:
    old = generation_folder(built)
    write_article("new.txt", "New\n\nA needle for the back.")
    build_with(encoder, content, built)
    new = generation_folder(built)
    for name in FILES[2:]:
        kept = (new / name).read_bytes()
        (new / name).write_bytes((old / name).read_bytes())
        with pytest.raises(IndexDamagedError):
            store.open_index(built, encoder=encoder)
        (new / name).write_bytes(kept)


def test_a_generation_copied_over_another_is_refused(
    content: Path, built: Path, encoder: WordCounts, write_article: Write
) -> None:
    old = generation_folder(built)
    write_article("new.txt", "New\n\nA needle for the back.")
    build_with(encoder, content, built)
    new = generation_folder(built)
    for path in old.iterdir():
        (new / path.name).write_bytes(path.read_bytes())
    with pytest.raises(IndexDamagedError):
        store.open_index(built, encoder=encoder)


@pytest.mark.parametrize("text", ["", "../../etc\n", "nonsense", "\xff"])
def test_a_pointer_that_names_no_generation_is_refused(
    built: Path, encoder: WordCounts, text: str
) -> None:
    (built / "current").write_bytes(text.encode("latin-1"))
    with pytest.raises(IndexDamagedError):
        store.open_index(built, encoder=encoder)


def test_a_withdrawn_article_is_never_found(
    content: Path, built: Path, encoder: WordCounts
) -> None:
    (content / "articles" / "necks.txt").unlink()
    build_with(encoder, content, built)
    index = store.open_index(built, encoder=encoder)
    assert "necks" not in index.articles
    assert {r.passage.article_id for r in search(index, "stiff neck", k=99).results} == {"blood"}
    raw = b"".join(p.read_bytes() for p in generation_folder(built).iterdir())
    assert b"carries the head" not in raw


def test_rolling_back_serves_the_previous_generation_and_twice_the_newer_one(
    content: Path, built: Path, encoder: WordCounts, write_article: Write
) -> None:
    first = store.current_generation(built)
    write_article("new.txt", "New\n\nA needle for the back.")
    second = build_with(encoder, content, built).generation
    assert store.roll_back(built) == first == store.current_generation(built)
    assert store.open_index(built, encoder=encoder).generation == first
    assert store.roll_back(built) == second


def test_ingest_after_a_rollback_publishes_without_embedding_again(
    content: Path, built: Path, encoder: WordCounts, write_article: Write
) -> None:
    write_article("new.txt", "New\n\nA needle for the back.")
    second = build_with(encoder, content, built).generation
    store.roll_back(built)
    fresh = WordCounts()
    report = build_with(fresh, content, built)
    assert (report.published, report.generation, fresh.encoded) == (True, second, [])


def test_there_is_nothing_to_roll_back_to_after_the_first_generation(built: Path) -> None:
    with pytest.raises(IndexMissingError, match="no earlier generation"):
        store.roll_back(built)


def test_a_damaged_previous_generation_is_not_rolled_back_to(
    content: Path, built: Path, encoder: WordCounts, write_article: Write
) -> None:
    (generation_folder(built) / "views.parquet").write_bytes(b"")
    now = build_with(encoder, content, built).generation
    write_article("new.txt", "New\n\nA needle for the back.")
    (built / now / "views.parquet").write_bytes(b"")
    later = build_with(encoder, content, built).generation
    with pytest.raises(IndexDamagedError):
        store.roll_back(built)
    assert store.current_generation(built) == later


def test_two_generations_are_kept_and_no_more(
    content: Path, built: Path, encoder: WordCounts, write_article: Write
) -> None:
    for number in range(3):
        write_article("new.txt", f"New\n\nA needle for the back, {number} times.")
        build_with(encoder, content, built)
    assert len([p for p in built.iterdir() if p.is_dir()]) == 2


def test_a_second_ingest_at_the_same_time_is_refused(
    content: Path, built: Path, encoder: WordCounts
) -> None:
    with store.writing(built), pytest.raises(PublishError, match="Another ingest"):
        build_with(encoder, content, built)


class KilledError(BaseException):
    """Stands for kill -9: nothing in the project catches it or cleans up after it."""


STEPS: list[tuple[object, str]] = [
    (os, "fsync"),
    (Path, "replace"),
    (Path, "mkdir"),
    (Path, "write_text"),
    (Path, "write_bytes"),
    (tables, "write_table"),
    (manifests, "write_manifest"),
]


def count_steps(monkeypatch: pytest.MonkeyPatch, *, die_at: int, after: bool) -> list[str]:
    """Count the calls that change the disk, and die before or after number `die_at`."""
    done: list[str] = []

    def watched(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            done.append(name)
            number = len(done)
            if number == die_at and not after:
                raise KilledError
            result = real(*args, **kwargs)
            if number == die_at:
                raise KilledError
            return result

        return call

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, watched(name, getattr(owner, name)))
    return done


def test_killed_at_any_step_the_page_can_serve_and_the_next_ingest_finishes(
    content: Path, built: Path, encoder: WordCounts, write_article: Write, tmp_path: Path
) -> None:
    import shutil

    old = store.current_generation(built)
    write_article("new.txt", "New\n\nA needle for the back.")
    with pytest.MonkeyPatch.context() as patch:
        shutil.copytree(built, tmp_path / "rehearsal")
        steps = count_steps(patch, die_at=0, after=False)
        new = build_with(encoder, content, tmp_path / "rehearsal").generation
    assert len(steps) > 15
    served = set()
    for number in range(1, len(steps) + 1):
        for after in (False, True):
            copy = tmp_path / f"killed-{number}-{after}"
            shutil.copytree(built, copy)
            with pytest.MonkeyPatch.context() as patch:
                count_steps(patch, die_at=number, after=after)
                with pytest.raises(KilledError):
                    build_with(encoder, content, copy)
            index = store.open_index(copy, encoder=encoder)
            assert index.generation in (old, new)
            assert search(index, "stiff neck").results
            served.add(index.generation)
            assert build_with(encoder, content, copy).generation == new
            assert store.open_index(copy, encoder=encoder).generation == new
            assert not [p for p in copy.iterdir() if p.name.startswith(".writing-")]
            shutil.rmtree(copy)
    assert served == {old, new}


def test_a_full_disk_leaves_the_old_generation_serving(
    content: Path,
    built: Path,
    encoder: WordCounts,
    write_article: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = store.current_generation(built)
    write_article("new.txt", "New\n\nA needle for the back.")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device", str(built))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(PublishError) as caught:
            build_with(encoder, content, built)
    assert caught.value.found == "No space left on device"
    assert store.open_index(built, encoder=encoder).generation == old
