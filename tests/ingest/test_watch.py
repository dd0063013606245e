"""The content folder is watched: every kind of saving counts, once, and errors end nothing."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

from core.errors import BusyError, ContentError, UsageError
from ingest import watch as watching
from ingest.watch import changes, watch_and_ingest

QUIET_S = 0.05
WITHIN_S = 20

Edit = Callable[[Path], object]


@pytest.fixture(params=[False, True], ids=["told", "polling"])
def watched(content: Path, request: pytest.FixtureRequest) -> Iterator[Queue[frozenset[Path]]]:
    """The changes below `content`, from a thread that has begun to watch."""
    stop, found = threading.Event(), Queue[frozenset[Path]]()
    for path in content.rglob("*"):
        os.utime(path, (0, 0))  # polling tells changes by the second in which they were made

    def work() -> None:
        options = {"stop": stop, "quiet_s": QUIET_S, "exclude": content / "built"}
        for paths in changes(content, **options, polling=request.param):
            found.put(paths)

    thread = threading.Thread(target=work)
    thread.start()
    assert found.get(timeout=WITHIN_S) == frozenset()
    yield found
    stop.set()
    thread.join(WITHIN_S)
    assert not thread.is_alive()


def names(found: Queue[frozenset[Path]], *, until: str) -> set[str]:
    """Return the names of all files that are told to have changed, up to and with this one."""
    told: set[str] = set()
    while until not in told:
        told |= {path.name for path in found.get(timeout=WITHIN_S)}
    return told


def save_by_replacing(articles: Path) -> None:
    (articles / ".necks.txt.new").write_text("All About Necks\n\nAnother text.\n")
    (articles / ".necks.txt.new").replace(articles / "necks.txt")


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        (lambda a: (a / "necks.txt").write_text("Necks\n\nAnother text.\n"), "necks.txt"),
        (lambda a: (a / "new.md").write_text("# New\n\nText.\n"), "new.md"),
        (lambda a: (a / "necks.txt").unlink(), "necks.txt"),
        (lambda a: (a / "necks.txt").rename(a / "throats.txt"), "throats.txt"),
        (save_by_replacing, "necks.txt"),
        (lambda a: (a.parent / "questions.csv").write_text("question,answers"), "questions.csv"),
    ],
    ids=["saved", "new", "deleted", "renamed", "replaced", "bank"],
)
def test_every_way_of_changing_a_file_is_noticed(
    watched: Queue[frozenset[Path]], content: Path, edit: Edit, name: str
) -> None:
    edit(content / "articles")
    assert name in names(watched, until=name)


def test_a_file_in_a_folder_that_is_new_is_noticed(
    watched: Queue[frozenset[Path]], content: Path
) -> None:
    (content / "articles" / "site").mkdir()
    assert names(watched, until="site")
    (content / "articles" / "site" / "a.html").write_text("<h1>A</h1>")
    assert names(watched, until="a.html")


def test_hidden_files_locks_and_the_index_itself_are_left_out(
    watched: Queue[frozenset[Path]], content: Path
) -> None:
    articles = content / "articles"
    (content / "built").mkdir()
    for path in (
        articles / ".necks.txt.swp",
        articles / "~$necks.docx",
        articles / ".~lock.necks.odt#",
        articles / "necks.txt~",
        content / "built" / "manifest.json",
    ):
        path.write_text("something")
    (articles / "blood.txt").write_text("Blood\n\nThe last to change.\n")
    assert names(watched, until="blood.txt") == {"blood.txt"}


def test_a_folder_that_vanishes_for_a_moment_is_watched_again(
    watched: Queue[frozenset[Path]], content: Path
) -> None:
    away = content.with_name("away")
    content.rename(away)
    other = content.with_name("other")
    (other / "articles").mkdir(parents=True)
    other.rename(content)
    while watched.get(timeout=WITHIN_S):
        pass  # the empty set says that it is there again
    (content / "articles" / "new.txt").write_text("New\n\nText.\n")
    assert names(watched, until="new.txt")


def test_a_folder_that_comes_later_is_waited_for(tmp_path: Path) -> None:
    stop = threading.Event()
    timer = threading.Timer(QUIET_S, (tmp_path / "late").mkdir)
    timer.start()
    found = changes(tmp_path / "late", stop=stop, quiet_s=QUIET_S)
    assert next(found) == frozenset()
    stop.set()
    assert list(found) == []


def test_a_folder_that_cannot_be_watched_is_named_with_what_mends_it(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Iterator[object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watching, "watch", refuse)
    with pytest.raises(UsageError, match="cannot be watched") as caught:
        list(changes(content, stop=threading.Event()))
    assert "WATCHFILES_FORCE_POLLING" in str(caught.value)


def test_a_change_during_an_ingest_is_ingested_after_it(content: Path, tmp_path: Path) -> None:
    stop, seen = threading.Event(), []
    path = content / "articles" / "necks.txt"

    def ingest() -> None:
        seen.append(path.read_text())
        if len(seen) == 1:
            path.write_text("Necks\n\nWritten while the first ingest was at work.\n")
        else:
            stop.set()

    watch_and_ingest(content, tmp_path / "built", ingest, stop=stop, quiet_s=QUIET_S)
    assert "while the first ingest" in seen[-1]


def test_an_error_is_printed_and_the_next_change_tried(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stop, runs = threading.Event(), []
    path = content / "articles" / "necks.txt"

    def ingest() -> None:
        runs.append(len(runs))
        path.write_text(f"Necks\n\nVersion {len(runs)}.\n")
        if len(runs) == 1:
            raise ContentError("This article is empty.", where="necks.txt")
        if len(runs) == 2:
            raise FileNotFoundError(2, "No such file or directory", "gone.txt")
        stop.set()

    watch_and_ingest(content, tmp_path / "built", ingest, stop=stop, quiet_s=QUIET_S)
    said = capsys.readouterr().err
    assert runs == [0, 1, 2]
    assert "This article is empty.\n  where: necks.txt" in said
    assert "gone.txt" in said
    assert "changed: articles/necks.txt" in said


def test_while_another_ingest_is_at_work_it_tries_again(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_BUSY_S", 0.01)
    stop, runs = threading.Event(), []

    def ingest() -> None:
        runs.append(len(runs))
        if len(runs) < 3:
            raise BusyError("Another ingest is at work.")
        stop.set()

    watch_and_ingest(content, tmp_path / "built", ingest, stop=stop, quiet_s=QUIET_S)
    assert runs == [0, 1, 2]


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Have Ctrl-C do what it does, also where a shell started the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_ends_it_without_a_traceback(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], interruptible: None
) -> None:
    timer = threading.Timer(QUIET_S * 4, lambda: os.kill(os.getpid(), signal.SIGINT))
    watch_and_ingest(content, tmp_path / "built", timer.start, quiet_s=QUIET_S)
    timer.join()
    assert "Stopped watching." in capsys.readouterr().err
