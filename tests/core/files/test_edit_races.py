"""An edit loses nothing that another program saves, and one that fails leaves nothing behind."""

from __future__ import annotations

import errno
import io
import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from core.errors import ContentError
from core.files import atomic, edits
from core.files.edits import ChangedMeanwhileError
from tests.support.files.small_disk import fill

STEPS = ("fsync", "replace", "rename", "link", "unlink", "chmod", "utime", "mkdir")
Save = Callable[[Path], None]


class Steps:
    """Does something before each step of an edit on the disk, which are numbered from 1."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, do: Callable[[int], None]) -> None:
        self.number = 0
        self._do, self._inside = do, False
        for name in STEPS:
            monkeypatch.setattr(os, name, self._watched(getattr(os, name)))
        monkeypatch.setattr(io, "open", self._watched(io.open))
        monkeypatch.setattr(edits, "swap", self._watched(atomic.swap))
        monkeypatch.setattr(edits, "read", self._watched(edits.read))

    def _watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **options: Any) -> Any:
            if self._inside:
                return real(*arguments, **options)
            self.number += 1
            self._inside = True
            try:
                self._do(self.number)
                return real(*arguments, **options)
            finally:
                self._inside = False

        return watched


@contextmanager
def steps(do: Callable[[int], None]) -> Iterator[Steps]:
    with pytest.MonkeyPatch.context() as patch:
        yield Steps(patch, do)


def save_new(path: Path) -> None:
    edits.save(path, b"ours", opened=edits.read(path))


def make(path: Path) -> None:
    edits.save(path, b"ours", opened=None)


def undo(path: Path) -> None:
    edit = edits.last_edit(path)
    assert edit is not None
    edits.undo(path, edit)


def undo_of_making(path: Path) -> None:
    undo(path)


ACTIONS = (save_new, make, undo, undo_of_making)
AFTER = {save_new: b"ours", make: b"ours", undo: b"first", undo_of_making: None}


def prepared(folder: Path, action: Save) -> Path:
    """Return a file to which the action can be done, with edits before it."""
    folder.mkdir()
    path = folder / "questions.csv"
    if action is not make:
        path.write_bytes(b"first")
        edits.save(path, b"second", opened=b"first")
    if action is undo_of_making:
        path.unlink()
        edits.save(path, b"made", opened=None)
    return path


def held(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def versions(path: Path) -> list[Path]:
    folder = path.parent / edits.HISTORY / path.name
    return sorted(folder.iterdir()) if folder.exists() else []


def leftovers(path: Path) -> list[Path]:
    return [*path.parent.rglob(".writing-*")]


def renamed(path: Path, text: bytes) -> None:
    beside = path.with_name("other program")
    beside.write_bytes(text)
    beside.replace(path)


def in_place(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def kept(path: Path) -> list[bytes]:
    """Return every text that is in the file or in its history."""
    return [file.read_bytes() for file in (path, *versions(path)) if file.is_file()]


@pytest.mark.parametrize("outside", [renamed, in_place])
@pytest.mark.parametrize("action", ACTIONS)
def test_what_another_program_saves_at_any_step_is_in_the_file_or_in_its_history(
    tmp_path: Path, action: Save, outside: Callable[[Path, bytes], None]
) -> None:
    tries, refused, at, more = 0, 0, 0, True
    while more:
        at += 1
        for again in (0, 1, 2, 3, 5):  # steps later it saves once more
            path = prepared(tmp_path / f"{at}-{again}", action)
            saved: list[bytes] = []

            def save_outside(number: int, *, path: Path = path, again: int = again) -> None:
                if number in (at, again and at + again):  # noqa: B023  called in this round
                    saved.append(f"outside {number}".encode())  # noqa: B023
                    outside(path, saved[-1])  # noqa: B023

            was_refused = False
            with steps(save_outside) as done:
                try:
                    action(path)
                except ChangedMeanwhileError:
                    was_refused = True
            more = done.number >= at
            if not saved:
                continue
            tries += 1
            refused += was_refused
            found = kept(path)
            assert saved[-1] in found, (at, again)
            if outside is renamed:  # in place it is overwritten where it lies, by its own program
                lost = [text for text in saved if text not in found]
                assert lost in ([], saved[:1]), (at, again)
            if was_refused and len(saved) == 1:
                assert path.read_bytes() == saved[0], (at, again)
            assert leftovers(path) == [], (at, again)
    assert tries > 30
    assert refused > 5


@pytest.mark.parametrize("seed", range(3))
def test_an_outside_save_at_any_moment_is_never_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    moments = random.Random(seed)
    for number in range(60):
        path = tmp_path / str(number) / "questions.csv"
        path.parent.mkdir()
        path.write_bytes(b"first")
        begin = threading.Barrier(2)
        spins = moments.randrange(4_000)

        def save_outside(path: Path = path, begin: Any = begin, spins: int = spins) -> None:
            beside = path.with_name("other")
            beside.write_bytes(b"outside")
            begin.wait()
            for _ in range(spins):
                pass
            beside.replace(path)

        other = threading.Thread(target=save_outside)
        other.start()
        begin.wait()
        try:
            edits.save(path, b"ours", opened=b"first")
        except ChangedMeanwhileError:
            other.join()
            assert path.read_bytes() == b"outside"
        other.join()
        assert b"outside" in kept(path)


def test_a_file_that_is_removed_at_the_last_moment_stays_removed(tmp_path: Path) -> None:
    path = prepared(tmp_path / "removed", save_new)
    real = atomic.swap

    def removed(one: Path, other: Path) -> None:
        other.unlink(missing_ok=True)
        real(one, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edits, "swap", removed)
        with pytest.raises(ChangedMeanwhileError):
            save_new(path)
    assert not path.exists()
    assert [v.name for v in versions(path)] == [f"000001-{edits.digest(b'second')}"]


def test_a_file_that_belongs_to_another_user_can_be_changed_and_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = prepared(tmp_path / "others", save_new)
    real = os.chmod

    def only_ours(file: Path, mode: int, **options: Any) -> None:
        if ".writing-" not in str(file):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(file))
        real(file, mode, **options)

    monkeypatch.setattr(os, "chmod", only_ours)
    save_new(path)
    undo(path)
    assert path.read_bytes() == b"second"


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("action", ACTIONS)
def test_an_edit_that_finds_no_room_at_any_step_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: Save, at_once: bool
) -> None:
    if not at_once:
        monkeypatch.setattr(atomic, "_exchanged", lambda one, other: False)
    need_room = {"fsync", "replace", "rename", "link", "mkdir"}
    at, failed, more = 0, 0, True
    while more:
        at += 1
        path = prepared(tmp_path / str(at), action)
        before, last, history = held(path), edits.last_edit(path), versions(path)

        with pytest.MonkeyPatch.context() as patch:
            count = 0

            def full(real: Callable[..., Any], write: bool) -> Callable[..., Any]:
                def called(*arguments: Any, **options: Any) -> Any:
                    nonlocal count
                    if write and "w" not in str(arguments[1:2]):
                        return real(*arguments, **options)
                    count += 1
                    if count == at:  # noqa: B023  called in this round
                        if write:
                            real(*arguments, **options).close()  # an empty file there is room for
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))
                    return real(*arguments, **options)

                return called

            for name in need_room:
                patch.setattr(os, name, full(getattr(os, name), False))
            patch.setattr(io, "open", full(io.open, True))
            patch.setattr(edits, "swap", full(atomic.swap, False))
            refusal = None
            try:
                action(path)
            except ContentError as error:
                refusal = error
            if refusal is not None:
                failed += 1
                assert "as it was" in str(refusal)
                assert refusal.found == "No space left on device"
                assert "room" in str(refusal.fix)
                assert (held(path), edits.last_edit(path)) == (before, last), at
                assert versions(path) == history, at
            more = count >= at
        assert leftovers(path) == []
    assert failed >= {save_new: 6, make: 8, undo: 3, undo_of_making: 1}[action]


def test_a_save_on_a_full_disk_says_so_and_the_change_before_it_can_be_undone(
    small_disk: Path,
) -> None:
    path = small_disk / "questions.csv"
    path.write_bytes(b"first")
    edits.save(path, b"second" * 2_000, opened=b"first")
    before = versions(path)
    fill(small_disk)
    with pytest.raises(ContentError) as caught:
        edits.save(path, b"third" * 20_000, opened=b"second" * 2_000)
    assert caught.value.found == "No space left on device"
    assert (versions(path), leftovers(path)) == (before, [])
    undo(path)  # which needs no room
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize("action", ACTIONS)
def test_killed_at_any_step_an_edit_was_made_or_was_not(tmp_path: Path, action: Save) -> None:
    class Killed(BaseException):
        pass

    at, more = 0, True
    while more:
        at += 1
        path = prepared(tmp_path / str(at), action)
        before, last, dead = held(path), edits.last_edit(path), False

        def die(number: int) -> None:
            nonlocal dead
            dead = dead or number == at  # noqa: B023  called in this round
            if dead:
                raise Killed

        with steps(die) as done, suppress(Killed):
            action(path)
        more = done.number >= at
        now = held(path)
        if now == before:
            assert edits.last_edit(path) == last, at  # the change before can still be undone
        else:
            assert now == AFTER[action], at
        edits.save(path, b"later", opened=now)
        undo(path)
        assert held(path) == now, at
        assert leftovers(path) == []


def test_without_an_exchange_two_files_change_places_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "_exchanged", lambda one, other: False)
    one, other = tmp_path / "one", tmp_path / "other"
    for links in (True, False):
        one.unlink(missing_ok=True)
        one.write_bytes(b"1")
        other.write_bytes(b"2")
        if not links:

            def refuse(*arguments: Any, **options: Any) -> None:
                raise OSError(errno.EPERM, "no second names here")

            monkeypatch.setattr(os, "link", refuse)
        atomic.swap(one, other)
        assert (one.read_bytes(), other.read_bytes()) == (b"2", b"1")
        assert len([*tmp_path.iterdir()]) == 2
        with pytest.raises(FileExistsError):
            atomic.name(one, other)
        other.unlink()
        atomic.name(one, other)
        assert other.read_bytes() == b"2"
