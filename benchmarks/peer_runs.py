"""Has each search that is compared ingest, start and answer, and writes down how long it takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks.peer_figures import Question
from benchmarks.peer_own import texts_of
from benchmarks.peer_protocol import Running, running, write_texts
from benchmarks.processes import Memory, memory
from index import store
from index.errors import ClinicSearchError

K = 10
# A document takes its best passage, so that ten documents may need more passages than ten.
_DEPTH = 50
_WARMING = 5
# Threads of one search may turn in circles for a little after an answer, waiting for more work;
# the next one is asked when they sleep.
_PAUSE_S = 0.01
_BYTES_PER_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Compared:
    """A search to be compared: its name in tables, and the command that runs it."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is searched, as ours ingests it, and what is asked; `by` is what a label names."""

    name: str
    source: Path
    questions: tuple[Question, ...]
    by: Literal["article_id", "section_id"]


@dataclass(frozen=True, slots=True)
class Ingest:
    """What an ingest took; `sha256` is the digest of the ids and texts that it was of."""

    seconds: float
    texts: int
    sha256: str
    disk_mb: float


@dataclass(frozen=True, slots=True)
class Start:
    """From the start of a process to its first answer, and what it then is, alone, in memory.

    `torch` says whether torch's library is loaded. Memory and this are None where there is no
    /proc.
    """

    seconds: float
    memory: Memory | None
    torch: bool | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What one search answered: milliseconds of every time it was asked, ids of each question."""

    ms: list[float]
    found: list[list[str]]


class UnequalTextsError(ClinicSearchError):
    """A search was given other texts or ids than ours: nothing that follows would be fair."""


class Bench:
    """The searches that are compared, and the folder in which each has its index."""

    def __init__(
        self, fleet: Sequence[Compared], folder: Path, root: Path, say: Callable[[str], None]
    ) -> None:
        self._fleet = fleet
        self._folder = folder
        self._root = root
        self._say = say

    def ingest(self, corpus: Corpus) -> tuple[dict[str, Ingest], dict[str, str]]:
        """Ingest a corpus everywhere, ours first; return what it took, and the owner of each id.

        The others are given the passages that ours has made, with title and headings as ours
        embeds them. Raises UnequalTextsError when anything else was indexed anywhere.
        """
        given = self._folder / f"{corpus.name}.jsonl"
        taken: dict[str, Ingest] = {}
        owners: dict[str, str] = {}
        for number, one in enumerate(self._fleet):
            self._say(f"{corpus.name}: {one.name} ingests")
            place = self._place(one, corpus)
            with self._running(one, corpus) as peer:
                reply = peer.ingest(given if number else corpus.source)
            taken[one.name] = Ingest(**reply, disk_mb=_size_mb(place))
            if not number:
                stored = store.read_current(place)
                write_texts(texts_of(stored), given)
                owners = {p.id: getattr(p, corpus.by) for p in stored.passages}
        check_equal(taken)
        return taken, owners

    def start(self, corpus: Corpus, *, rounds: int) -> dict[str, list[Start]]:
        """Start each search several times, in turn and alone, and ask it a few questions."""
        starts: dict[str, list[Start]] = {one.name: [] for one in self._fleet}
        questions = [question.text for question in corpus.questions[:20]]
        for number in range(rounds):
            self._say(f"{corpus.name}: starts, round {number + 1} of {rounds}")
            for one in self._fleet:
                begun = time.perf_counter()
                with self._running(one, corpus) as peer:
                    peer.query(questions[0], K)
                    seconds = time.perf_counter() - begun
                    for question in questions[1:]:
                        peer.query(question, K)
                    starts[one.name].append(Start(seconds, *_weighed(peer.pid)))
        return starts

    def ask(self, corpus: Corpus, *, rounds: int) -> dict[str, Answers]:
        """Ask all searches every question in turn, who comes first changing with each question.

        What they find is asked for once more, deeper and untimed.
        """
        self._say(f"{corpus.name}: {len(corpus.questions)} questions, {rounds} rounds")
        with ExitStack() as stack:
            peers = [stack.enter_context(self._running(one, corpus)) for one in self._fleet]
            for peer in peers:
                for question in corpus.questions[:_WARMING]:
                    peer.query(question.text, K)
            answers = {peer.name: Answers([], []) for peer in peers}
            for number, question in enumerate(corpus.questions * rounds):
                for peer in turned(peers, number):
                    time.sleep(_PAUSE_S)
                    answers[peer.name].ms.append(peer.query(question.text, K)[1])
            for peer in peers:
                found = [peer.query(question.text, _DEPTH)[0] for question in corpus.questions]
                answers[peer.name].found.extend(found)
        return answers

    def _running(self, one: Compared, corpus: Corpus) -> Any:
        return running(one.name, one.command, self._place(one, corpus), root=self._root)

    def _place(self, one: Compared, corpus: Corpus) -> Path:
        return self._folder / corpus.name / str(self._fleet.index(one))


def check_equal(taken: dict[str, Ingest]) -> None:
    """Raise UnequalTextsError unless every ingest was of the same texts under the same ids."""
    if len({one.sha256 for one in taken.values()}) > 1:
        said = ", ".join(f"{name} {one.texts} ({one.sha256[:8]})" for name, one in taken.items())
        raise UnequalTextsError("Not everybody has indexed the same texts and ids.", found=said)


def turned(peers: Sequence[Running], number: int) -> list[Running]:
    """Return all of them, beginning with another one for each number."""
    first = number % len(peers)
    return [*peers[first:], *peers[:first]]


def _weighed(pid: int) -> tuple[Memory | None, bool | None]:
    try:
        maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace")
        return memory(pid), "libtorch" in maps
    except OSError:
        return None, None


def _size_mb(folder: Path) -> float:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files) / _BYTES_PER_MB
