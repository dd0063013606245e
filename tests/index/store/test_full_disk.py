"""On a disk without room what serves goes on serving, it is said, and going back is possible."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import ClinicSearchError, PublishError, UsageError
from core.files import atomic
from index import output
from index.search.pipeline import search
from index.store import generations, pointers
from ingest.fetch.folder import Folder, Record
from ingest.preview.review import preview_candidate, write_preview
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.small_disk import fill
from ui.counting.counts import Counting, CountsFile, read_counts
from ui.editor.runs import Runs

NO_ROOM = "No space left on device"
Write = Callable[[str, str | bytes], Path]


def room(disk: Path) -> int:
    return shutil.disk_usage(disk).free


@pytest.fixture
def built(small_disk: Path) -> Path:
    """An index folder on a small disk, with nothing in it yet."""
    return small_disk / "built"


@pytest.fixture
def served(content: Path, built: Path, write_article: Write) -> list[str]:
    """Two generations, of which the second serves."""
    ids = []
    for word in ("one", "two"):
        write_article("new.txt", f"New\n\nA needle for the back, {word}.")
        ids.append(build_with(BagOfWordsEncoder(), content, built).generation)
    return ids


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if ".writing-" in path.name]


def test_going_back_and_forth_needs_no_room(
    small_disk: Path, built: Path, served: list[str]
) -> None:
    fill(small_disk)
    assert room(small_disk) == 0
    for expected in (served[0], served[1], served[0]):
        with generations.writing(built):
            assert generations.roll_back(built) == expected
        assert generations.open_index(built, encoder=BagOfWordsEncoder()).generation == expected
        assert leftovers(built) == []
    assert generations.previous_generation(built) == served[1]


def test_going_back_with_a_candidate_that_waits_needs_no_room(
    small_disk: Path, content: Path, built: Path, served: list[str], write_article: Write
) -> None:
    write_article("new.txt", "New\n\nA needle for the back, three.")
    waits = build_with(BagOfWordsEncoder(), content, built, review=True).generation
    fill(small_disk)
    with generations.writing(built):
        assert generations.roll_back(built) == served[0]
    assert generations.candidate_generation(built) == waits
    assert generations.previous_generation(built) == served[1]


def test_an_ingest_without_room_is_said_and_gives_back_what_it_took(
    small_disk: Path, content: Path, built: Path, served: list[str], write_article: Write
) -> None:
    full = fill(small_disk)
    os.truncate(full, full.stat().st_size - 64 * 1024)  # room for a part of a generation
    free = room(small_disk)
    write_article("new.txt", "New\n\n" + "A needle for the back. " * 2_000)
    for review in (False, True):
        with pytest.raises(PublishError) as caught:
            build_with(BagOfWordsEncoder(), content, built, review=review)
        assert caught.value.found == NO_ROOM
        assert "still serves" in caught.value.problem
        assert room(small_disk) == free
        assert leftovers(built) == []
        index = generations.open_index(built, encoder=BagOfWordsEncoder())
        assert index.generation == served[1]
        assert search(index, "needle").results


def test_what_an_ingest_that_fails_for_another_reason_wrote_is_given_back(built: Path) -> None:
    built.mkdir()
    scratch = built / ".writing-encoder"

    def run_that_fails() -> None:
        with generations.writing(built):
            scratch.mkdir()
            (scratch / "weights.bin").write_bytes(bytes(100_000))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_that_fails()
    assert leftovers(built) == []


def test_a_preview_without_room_is_said_and_leaves_nothing_half_written(
    small_disk: Path, content: Path, built: Path, served: list[str], write_article: Write
) -> None:
    write_article("new.txt", "New\n\nA needle for the back, three.")
    waits = build_with(BagOfWordsEncoder(), content, built, review=True).generation
    preview = preview_candidate(content, built, no_progress)
    fill(small_disk)
    with pytest.raises(PublishError, match="preview could not be written") as caught:
        write_preview(preview, built)
    assert caught.value.found == NO_ROOM
    assert leftovers(built) == []
    assert generations.candidate_generation(built) == waits
    assert generations.current_generation(built) == served[1]


def test_counting_without_room_rests_and_leaves_nothing(
    small_disk: Path, built: Path, caplog: pytest.LogCaptureFixture
) -> None:
    built.mkdir()
    counting = Counting(
        lambda: CountsFile(built, True), clock=lambda: datetime(2026, 11, 2, tzinfo=UTC)
    )
    counting.count("article", "necks", sensitive=False)
    before = read_counts(built)
    fill(small_disk)
    for _ in range(3):
        counting.count("article", "blood", sensitive=False)
    assert read_counts(built) == before
    assert [path.name for path in built.iterdir()] == ["counts.csv"]
    assert [NO_ROOM in record.message for record in caplog.records] == [True]


def test_a_table_without_room_leaves_the_one_that_was_there(small_disk: Path) -> None:
    path = small_disk / "claims.csv"
    path.write_bytes(b"what an editor has filled in")
    fill(small_disk)
    with pytest.raises(UsageError, match="table cannot be written") as caught:
        output.write_file(path, bytes(100_000), "table", fix="name another file")
    assert caught.value.found == NO_ROOM
    assert path.read_bytes() == b"what an editor has filled in"
    assert leftovers(small_disk) == []


def test_a_table_goes_to_a_pipe_as_it_does_to_a_file(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with a name here")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        output.write_file(pipe, b"a table", "table", fix="name another file")
        assert os.read(reading, 100) == b"a table"
    finally:
        os.close(reading)
    assert pipe.is_fifo()


def test_a_table_keeps_its_rights_and_the_link_that_leads_to_it(tmp_path: Path) -> None:
    path, link = tmp_path / "private.csv", tmp_path / "link.csv"
    path.write_bytes(b"old")
    path.chmod(0o600)
    link.symlink_to(path)
    output.write_file(link, b"new", "table", fix="name another file")
    assert link.is_symlink()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)


def test_a_page_that_is_fetched_without_room_leaves_no_half_of_one(small_disk: Path) -> None:
    fill(small_disk)
    record = Record("page.html", "0" * 64, "https://a.example/")
    with pytest.raises(OSError, match=NO_ROOM):
        Folder(small_disk, {}).save("https://a.example/", record, bytes(10_000))
    assert [path.name for path in small_disk.iterdir()] == ["all that room"]


def test_a_preview_that_cannot_be_started_is_said(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**options: Any) -> str:
        raise OSError(errno.ENOSPC, NO_ROOM, str(small_disk))

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(PublishError, match="did not start") as caught:
        Runs().start([sys.executable, "-c", ""])
    assert caught.value.found == NO_ROOM


@pytest.mark.parametrize("at", range(1, 4))
def test_killed_at_any_step_of_going_back_without_room_one_of_both_serves(
    content: Path, tmp_path: Path, write_article: Write, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    class Killed(BaseException):
        pass

    built = tmp_path / "built"
    write_article("new.txt", "New\n\nA needle for the back, one.")
    ids = [build_with(BagOfWordsEncoder(), content, built).generation]
    write_article("new.txt", "New\n\nA needle for the back, two.")
    ids.append(build_with(BagOfWordsEncoder(), content, built).generation)
    write = Path.write_bytes

    def full(self: Path, raw: bytes) -> int:
        if self.parent == built:
            raise OSError(errno.ENOSPC, NO_ROOM, str(self))
        return write(self, raw)

    steps = 0

    def die(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == at:
                raise Killed
            return real(*arguments, **options)

        return step

    monkeypatch.setattr(Path, "write_bytes", full)
    for name in ("fsync", "replace", "rename"):
        monkeypatch.setattr(os, name, die(getattr(os, name)))
    with pytest.raises(Killed), generations.writing(built):
        generations.roll_back(built)
    monkeypatch.undo()
    now, before = generations.current_generation(built), generations.previous_generation(built)
    assert {now, before} == {*ids}
    assert generations.roll_back(built) == before


@pytest.mark.skipif(os.name == "nt", reason="a read-only file cannot be removed there")
def test_the_files_of_a_generation_are_for_reading_only_and_go_as_they_came(
    content: Path, tmp_path: Path, write_article: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.building.loosen", lambda built: None)
    built = tmp_path / "built"
    before = os.umask(0o022)
    try:
        for number in range(3):
            write_article("new.txt", f"New\n\nA needle for the back, {number}.")
            build_with(BagOfWordsEncoder(), content, built)
    finally:
        os.umask(before)
    folders = [path for path in built.iterdir() if path.is_dir()]
    assert len(folders) == 2  # the third one has been removed
    found = {path: path.stat().st_mode & 0o777 for folder in folders for path in folder.rglob("*")}
    files = {path for path in found if path.is_file()}
    assert {found[path] for path in files} == {0o444}
    assert {found[path] for path in found.keys() - files} == {0o755}
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o755}
    assert (built / "current").stat().st_mode & 0o777 == 0o644


def test_a_file_that_nobody_else_may_read_stays_so(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    private = tmp_path / "folder" / "weights.bin"
    private.write_bytes(b"")
    private.chmod(0o640)
    pointers.protect(tmp_path)
    assert private.stat().st_mode & 0o777 == 0o440


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_file_that_cannot_be_replaced_leaves_no_other_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    path = tmp_path / "current"
    path.write_bytes(b"old")

    def refuse(*arguments: Any) -> None:
        raise OSError(code, os.strerror(code))

    for name in ("fsync", "replace", "chmod"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, refuse)
            with pytest.raises(OSError, match=os.strerror(code)):
                atomic.replace(path, b"new")
        assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("current", b"old")]


def test_a_disk_that_is_full_is_one_error_of_the_project(built: Path, served: list[str]) -> None:
    assert issubclass(PublishError, ClinicSearchError)
    fill(built.parent)
    with generations.writing(built):
        generations.discard(built)  # needs no room
    assert generations.current_generation(built) == served[1]
