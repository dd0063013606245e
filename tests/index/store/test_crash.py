"""Nothing that dies, fills up or comes in between leaves anything but a sound generation serving.

What has to die is a process of its own, which ends itself with SIGKILL at a numbered step: before
a file is opened for writing, a folder made, a name changed or removed, or the disk waited for.
"""

import errno
import multiprocessing
import os
import re
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tqdm import tqdm

from core.errors import PublishError
from index.search.pipeline import search
from index.store import generations, integrity, record
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and looks into /proc")

CONTENT = {
    name: f"News\n\nA needle for the {name} back. The neck of {name} is stiff.\n"
    for name in ("first", "second", "proposed", "third")
}
WRITES = ("open",)
NEED_ROOM = (*WRITES, "mkdir", "rename", "fsync")


@dataclass
class Fault:
    """What happens to a process at its step number `at`, and a record of its steps.

    "killed": it dies before the step. "torn": the file that is written there holds half of its
    bytes, and it dies. "power": it dies with the machine, so that of what it had not waited for,
    files are cut, zeros or empty, and names are gone, but `current` and its like are in place.
    "full": the disk has no room from there on. "read-only": nothing can be changed from there on.
    """

    built: Path
    kind: str = "none"
    at: int = 0
    steps: list[str] = field(default_factory=list)
    torn: Path | None = None
    unsynced: set[Path] = field(default_factory=set)
    unsynced_names: set[Path] = field(default_factory=set)

    def install(self) -> None:
        """Watch this process from now on; for good."""

        def watched_fsync(handle: int) -> None:  # and does not wait for it: the machine lives
            self.step("fsync", opened(handle))

        os.fsync = watched_fsync
        sys.addaudithook(self.audit)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and not isinstance(arguments[0], int):
            if (arguments[2] or 0) & (os.O_CREAT | os.O_TRUNC):
                self.step("open", Path(os.fsdecode(arguments[0])))
        elif event == "os.rename":
            self.step("rename", Path(arguments[0]), Path(arguments[1]))
        elif event in ("os.mkdir", "os.remove", "os.rmdir"):
            folder = opened(arguments[-1]) if arguments[-1] >= 0 else Path()
            self.step(event.removeprefix("os."), folder / os.fsdecode(arguments[0]))

    def step(self, what: str, path: Path, to: Path | None = None) -> None:
        if not path.is_relative_to(self.built):
            return
        if self.torn:
            os.truncate(self.torn, self.torn.stat().st_size // 2)
            die()
        self.steps.append(what)
        number = len(self.steps)
        if self.kind == "full" and number >= self.at and what in NEED_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        if self.kind == "read-only" and number >= self.at:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        if self.kind == "killed" and number == self.at:
            die()
        if self.kind == "power" and number == self.at:
            self.lose_power()
            die()
        if self.kind == "torn" and number == self.at:
            self.torn = path
        self.remember(what, path, to)

    def remember(self, what: str, path: Path, to: Path | None) -> None:
        if what in (*WRITES, "mkdir") and not path.exists():
            self.unsynced_names.add(path)
        if what in WRITES:
            self.unsynced.add(path)
        elif what == "fsync":
            self.unsynced.discard(path)
            self.unsynced_names -= {name for name in self.unsynced_names if name.parent == path}
        elif to is not None:
            self.unsynced = {moved(name, path, to) for name in self.unsynced}
            self.unsynced_names = {moved(name, path, to) for name in self.unsynced_names} | {to}

    def lose_power(self) -> None:
        self.kind = "none"
        for path in self.unsynced:
            raw = path.read_bytes()
            path.chmod(0o644)  # the disk asks nobody
            with path.open("r+b") as stream:
                stream.truncate(0)
                stream.write((b"", bytes(len(raw)), raw[: len(raw) // 2])[self.at % 3])
        kept = {self.built / name for name in ("current", "candidate", "history")}
        for path in self.unsynced_names - kept:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def opened(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}").readlink()


def moved(path: Path, old: Path, new: Path) -> Path:
    return new / path.relative_to(old) if path.is_relative_to(old) else path


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class World:
    """Four contents, and a folder where the first was served before the second, and one waits."""

    root: Path
    ids: dict[str, str]

    @property
    def built(self) -> Path:
        return self.root / "built"

    def spare(self, name: str) -> record.Generation:
        return record.read_generation(self.root / f"built-{name}" / self.ids[name])

    def copy(self, name: str) -> Path:
        return Path(shutil.copytree(self.built, self.root / name))


def act(world: World, name: str, built: Path) -> None:
    """Do one of the things that change what is on disk."""
    with generations.writing(built):
        if name in ("publish", "stage"):
            getattr(generations, name)(built, world.spare("third"))
        else:
            getattr(generations, name)(built)


# What each serves when it is done, and what content the next ingest then finds.
ACTIONS = {
    "publish": ("third", "third"),
    "stage": ("second", "third"),
    "promote": ("proposed", "proposed"),
    "discard": ("second", "third"),
    "roll_back": ("first", "second"),
}


def check(world: World, name: str, built: Path) -> str:
    """Assert that a sound generation serves, and that the next ingest finishes and tidies."""
    done, content = ACTIONS[name]
    served = serving(world, built)
    assert served in ("second", done)
    before = "first" if served == "second" else "second"
    assert generations.previous_generation(built) == world.ids[before]
    candidate = generations.candidate_generation(built)
    assert candidate is None or record.read_generation(built / candidate)
    encoder = BagOfWordsEncoder()
    assert build_with(encoder, world.root / content, built).generation == world.ids[content]
    assert generations.current_generation(built) == world.ids[content]
    assert encoder.encoded == [] or content == "third"
    tidy(built)
    return served


def serving(world: World, built: Path) -> str:
    """Return the name of the content that is served; it must be one as a whole."""
    index = generations.open_index(built, encoder=BagOfWordsEncoder())
    name = next(name for name, known in world.ids.items() if known == index.generation)
    found = search(index, f"{name} back", k=99).results
    assert len(index.passages) == len({result.passage.id for result in found}) == 3
    words = {word for result in found for word in re.findall(r"\w+", result.passage.text)}
    assert words & {*CONTENT} == {name}
    return name


def tidy(built: Path) -> None:
    """Assert that only generations with a purpose are there, and nothing half-written."""
    names = {
        generations.current_generation(built),
        generations.previous_generation(built),
        generations.candidate_generation(built),
    }
    pointing = {".lock", "current", "history", "candidate"}
    assert {p.name for p in built.iterdir()} - pointing == names - {None}


def fail(world: World, name: str, built: Path, kind: str, at: int, said: Any) -> None:
    """Do it in a process of its own, with this happening to it."""
    fault = Fault(built, kind, at)
    fault.install()
    if kind == "room":
        resource.setrlimit(resource.RLIMIT_FSIZE, (at, at))
    try:
        act(world, name, built)
        said.send((fault.steps, ""))
    except PublishError as error:
        said.send((fault.steps, str(error)))
    finally:
        said.close()


def hold(built: Path, said: Any) -> None:
    with generations.writing(built):
        said.send("held")
        signal.pause()


def churn(world: World, built: Path, times: int, said: Any) -> None:
    """Publish and roll back, again and again."""
    os.fsync = lambda handle: None
    spare = [world.spare(name) for name in ("third", "proposed", "second", "first")]
    for number in range(times):
        with generations.writing(built):
            if number % 3:
                generations.roll_back(built)
            else:
                generations.publish(built, spare[number // 3 % len(spare)])
    said.send("done")


# Forked from a process that has imported everything and done nothing, so has no threads.
PROCESSES = multiprocessing.get_context("forkserver")
LAZY = ["faiss", "pandas", "pyarrow.dataset", "symspellpy"]
tqdm.get_lock()  # before any fork: one that is killed would leave its own behind in the system
PROCESSES.set_forkserver_preload(["tests.index.store.test_crash", *LAZY])


def begin(target: Callable[..., None], *arguments: Any) -> tuple[Any, Any]:
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=target, args=(*arguments, sender), daemon=True)
    process.start()
    sender.close()
    return process, receiver


def run(target: Callable[..., None], *arguments: Any) -> tuple[int | None, Any]:
    """Run it to its end; return its exit code and what it said."""
    process, receiver = begin(target, *arguments)
    with receiver:
        try:
            said = receiver.recv()
        except EOFError:
            said = None
    process.join()
    code = process.exitcode
    process.close()
    return code, said


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    root = tmp_path_factory.mktemp("crash")
    ids = {}
    for name, text in CONTENT.items():
        articles = root / name / "articles"
        articles.mkdir(parents=True)
        (articles / "news.txt").write_text(text)
        (articles / "necks.txt").write_text(
            f"Necks\n\nA stiff neck is {name}.\n\nWhy\n\nPain {name}."
        )
        label(root / name, answers={"my neck": "necks#introduction"}, routed={"cost": "cost"},
              asks={"cost": ["how much"]}, terms=[(["stiff neck"], ["crick"])])  # fmt: skip
        ids[name] = build_with(BagOfWordsEncoder(), root / name, root / f"built-{name}").generation
    world = World(root, ids)
    for name in ("first", "second"):
        build_with(BagOfWordsEncoder(), root / name, world.built)
    with generations.writing(world.built):
        generations.stage(world.built, world.spare("proposed"))
    return world


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is tested by dying is watched in the other process; here it would only cost time.
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def steps_of(world: World, name: str) -> list[str]:
    built = world.copy(f"whole-{name}")
    code, (steps, refusal) = run(fail, world, name, built, "none", 0)
    assert (code, refusal) == (0, "")
    assert serving(world, built) == ACTIONS[name][0]
    tidy(built)
    shutil.rmtree(built)
    return list(steps)


Chosen = Callable[[str, list[str]], list[int]]


@pytest.fixture(params=["sample", pytest.param("every step", marks=pytest.mark.slow)])
def chosen(request: pytest.FixtureRequest) -> Chosen:
    """Return what chooses the steps at which to fail; the sample is densest where names change."""
    return every_step if request.param == "every step" else sample


def every_step(name: str, steps: list[str]) -> list[int]:
    """Return the numbers of all steps of a publish, and of the rest those that differ from it.

    A proposal is written as a publish is, and of the files of a generation that is removed the
    first and the last stand for the others.
    """
    start = steps.index("rename") if name == "stage" else 0
    return [
        number
        for number in range(start + 1, len(steps) + 1)
        if name == "publish" or steps[number - 2 : number + 1] != ["remove"] * 3
    ]


def each(world: World, name: str, kind: str, numbers: Iterable[int]) -> Iterator[tuple[Path, str]]:
    """Let it happen at each of these steps; yield the folder and what the process said, if any."""
    for at in numbers:
        built = world.copy(f"{kind}-{name}-{at}")
        code, said = run(fail, world, name, built, kind, at)
        assert (code, said is None) in ((-signal.SIGKILL, True), (0, False)), at
        assert (code == 0) == (kind == "full"), at
        yield built, said[1] if said else ""
        shutil.rmtree(built)


def sample(name: str, steps: list[str]) -> list[int]:
    """Return the first and the last of those numbers, and of the others every eighth.

    From the first change of a name on, every third.
    """
    first, *between, last = every_step(name, steps)
    renamed = steps.index("rename") if "rename" in steps else 0
    return [first, *(at for at in between if at % (3 if at > renamed else 8) == 0), last]


@pytest.mark.parametrize("name", ACTIONS)
def test_killed_before_any_step_the_old_or_the_new_serves(
    world: World, name: str, chosen: Chosen
) -> None:
    numbers = chosen(name, steps_of(world, name))
    served = {check(world, name, built) for built, _ in each(world, name, "killed", numbers)}
    assert served == {"second", ACTIONS[name][0]}


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTIONS)
def test_killed_halfway_through_any_write_the_old_or_the_new_serves(
    world: World, name: str, chosen: Chosen
) -> None:
    steps = steps_of(world, name)
    writes = [at for at in chosen(name, steps) if steps[at - 1] in WRITES]
    for built, _ in each(world, name, "torn", writes):
        check(world, name, built)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["publish", "stage", "promote", "roll_back"])
def test_without_power_at_any_step_the_old_or_the_new_serves(
    world: World, name: str, chosen: Chosen
) -> None:
    steps = steps_of(world, name)
    first, last = steps.index("rename"), len(steps) - steps[::-1].index("fsync")
    # Of what is written into a folder with no name yet every fourth step is enough, and when all is
    # on the disk one step.
    numbers = chosen(name, steps)
    some = [at for at in numbers if (at >= first or at % 4 == 0) and at <= last + 1]
    for built, _ in each(world, name, "power", some):
        check(world, name, built)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["publish", "stage", "promote", "roll_back"])
def test_a_disk_that_is_full_from_any_step_on_is_said_and_what_serves_serves_on(
    world: World, name: str, chosen: Chosen
) -> None:
    steps = steps_of(world, name)
    # Each write is tried, of the other steps every fourth; the last ones leave nothing to write.
    some = [
        at
        for at in chosen(name, steps)
        if steps[at - 1] in WRITES or (steps[at - 1] in NEED_ROOM and at % 4 == 0)
    ]
    for built, refusal in each(world, name, "full", some):
        served = serving(world, built)
        assert f"generation {world.ids[served]} still serves" in refusal
        assert f"where: {built}" in refusal
        assert "found: No space left on device" in refusal
        assert "to fix it: free disk space" in refusal
        assert [*built.glob(".writing-*")] == []
        check(world, name, built)


@pytest.mark.parametrize("room_bytes", [0, 10, 200, 1000, 3000])
def test_a_write_that_finds_room_for_a_part_only_is_said(world: World, room_bytes: int) -> None:
    built = world.copy(f"room-{room_bytes}")
    code, (_, refusal) = run(fail, world, "publish", built, "room", room_bytes)
    assert code == 0
    assert f"generation {world.ids['second']} still serves" in refusal
    assert serving(world, built) == "second"
    assert check(world, "publish", built) == "second"


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("at", [1, 4])  # the lock cannot be taken; it can be, and nothing more
def test_a_folder_that_cannot_be_written_to_is_said(world: World, name: str, at: int) -> None:
    built = world.copy(f"read-only-{name}-{at}")
    before = {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.name != ".lock"}
    code, (_, refusal) = run(fail, world, name, built, "read-only", at)
    assert code == 0
    assert f"generation {world.ids['second']} still serves" in refusal
    assert "found: Read-only file system" in refusal
    assert {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.name != ".lock"} == before
    assert serving(world, built) == "second"


def test_a_second_ingest_is_refused_until_the_first_is_done_or_killed(world: World) -> None:
    built = world.copy("held")
    holder, receiver = begin(hold, built)
    with receiver:
        assert receiver.recv() == "held"
        with pytest.raises(PublishError, match="Another ingest") as caught:
            build_with(BagOfWordsEncoder(), world.root / "third", built)
        assert caught.value.where == str(built)
        assert "then run the same command again" in str(caught.value)
        assert serving(world, built) == "second"
        holder.kill()
        holder.join()
    assert build_with(BagOfWordsEncoder(), world.root / "third", built).published


def test_a_page_serves_one_generation_as_a_whole_through_all_switches(world: World) -> None:
    built = world.copy("page")
    writer, receiver = begin(churn, world, built, 200)
    seen = []
    with receiver:
        while writer.is_alive():
            seen.append(serving(world, built))
        assert receiver.recv() == "done"
    assert set(seen) == {*CONTENT}
    assert len(seen) > 50


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (generations, "read_generation"),
        (record, "check_files"),
        (record, "read_table"),
        (record, "read_vectors"),
        (record, "read_calibration"),
        (integrity.manifests, "record_file"),
    ],
)
def test_what_is_removed_while_a_page_opens_it_is_not_missed(
    world: World, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
) -> None:
    built = world.copy(f"removed-{step}")
    done = getattr(module, step)
    served = built / world.ids["second"]

    def removed_meanwhile(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(module, step, done)
        for name in ("third", "proposed"):
            with generations.writing(built):
                generations.publish(built, world.spare(name))
        assert not served.exists()
        return done(*arguments, **options)

    monkeypatch.setattr(module, step, removed_meanwhile)
    assert serving(world, built) == "proposed"


@pytest.mark.parametrize("step_s", [-86_400, 0])
def test_no_clock_and_no_date_of_a_file_decides_what_is_kept_and_gone_back_to(
    world: World, monkeypatch: pytest.MonkeyPatch, step_s: int
) -> None:
    built = world.copy(f"clock{step_s}")
    for number, name in enumerate(("third", "first", "second")):
        now = 2_000_000_000 + number * step_s
        monkeypatch.setattr("time.time", partial(float, now))
        before = serving(world, built)
        build_with(BagOfWordsEncoder(), world.root / name, built)
        for path in (built, *built.rglob("*")):
            os.utime(path, (now, now))
        assert generations.previous_generation(built) == world.ids[before]
        tidy(built)
    with generations.writing(built):
        generations.roll_back(built)
    copy = built.with_name(f"copied{step_s}")
    shutil.copytree(built, copy, copy_function=shutil.copy)  # all dates are new
    assert serving(world, copy) == "first"
    assert generations.roll_back(copy) == world.ids["second"]
