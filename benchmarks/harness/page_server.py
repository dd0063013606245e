"""The page as a process of its own, with the real search or with a search that does nothing.

`python -m benchmarks.harness.page_server real|nothing NOTES --port N` is the child. It is
`python -m ui` with two things added: on a signal it writes down which modules it has imported, and
it turns no visitor away for asking more often than a person would (`ui/server/guard.py`).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

# Nothing of the page is imported here: what the child has in memory must be what the page needs.
_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 120.0
_MODULES = "modules.txt"
_LOG = "page.log"
_MANY = 1e6

Search = Literal["real", "nothing"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that runs: its address, its process, and the folder with what it wrote."""

    url: str
    process: subprocess.Popen[bytes]
    notes: Path

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self.process.pid

    def modules(self) -> tuple[str, ...]:
        """Ask the process which modules it has imported; only those without a dot, sorted."""
        names = self.notes / _MODULES
        names.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + _PATIENCE_S
        while not names.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The page did not say which modules it has imported.")
            time.sleep(0.02)
        return tuple(names.read_text(encoding="utf-8").split())


@contextmanager
def serving(built: Path, content: Path, search: Search = "real") -> Iterator[Page]:
    """Run the page on a free port and wait until it is ready; raises as `wait_ready`."""
    with starting(built, content, search) as page:
        wait_ready(page)
        yield page


@contextmanager
def starting(
    built: Path, content: Path, search: Search = "real", *, launcher: Sequence[str] = ()
) -> Iterator[Page]:
    """Start the page and do not wait; `launcher` replaces this module's own child."""
    port = free_port()
    folders = {"CLINIC_BUILT": str(built.resolve()), "CLINIC_CONTENT": str(content.resolve())}
    environment = {**os.environ, **folders}
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder)
        own = ("-m", "benchmarks.harness.page_server", search, folder)
        command = [sys.executable, *(launcher or own), "--port", str(port)]
        with (notes / _LOG).open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  this very interpreter
                command, cwd=_ROOT, env=environment, stdout=log, stderr=log
            )
        try:
            yield Page(f"http://127.0.0.1:{port}/", process, notes)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def wait_ready(page: Page, *, every_s: float = 0.1) -> None:
    """Wait until the page answers that questions can be asked.

    Raises SystemExit with the end of its log when it never does.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while page.process.poll() is None and time.monotonic() < deadline:
        state = _state(page)
        if state == "ready":
            return
        if state in ("missing", "damaged"):
            break
        time.sleep(every_s)
    log = (page.notes / _LOG).read_text(encoding="utf-8", errors="replace")
    raise SystemExit(f"The page did not start:\n{log[-2000:]}")


def _state(page: Page) -> str:
    """Return the state that the page reports of its index; empty while it does not answer."""
    try:
        with urllib.request.urlopen(f"{page.url}readyz", timeout=2) as answer:  # noqa: S310  ourselves
            body = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            body = error.read()
    except OSError:
        return ""
    return str(json.loads(body)["state"])


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _child(search: str, notes: Path, arguments: Sequence[str]) -> int:
    """Serve the page; with `nothing` every question gets the same ready answer."""
    signal.signal(signal.SIGUSR1, lambda _signal, _frame: _write_modules(notes / _MODULES))
    from ui.__main__ import main

    lift_limits()
    if search == "nothing":
        _answer_without_searching()
    return main(list(arguments))


def lift_limits() -> None:
    """Lift the limits of this process, before the page is made: a machine may ask without end."""
    from ui.limits import rate_limit
    from ui.server import guard
    from ui.service import engine

    more: object = partial(
        rate_limit.Limits, messages_per_second=_MANY, work_per_second=_MANY, work_at_once=int(_MANY)
    )
    vars(guard)["Limits"] = more
    engine.SEARCHES_PER_SECOND, engine.SEARCHES_AT_ONCE = _MANY, int(_MANY)


def _answer_without_searching() -> None:
    from index.search.pipeline import search
    from index.store.generations import open_index
    from ui.service import engine, settings

    held = open_index(settings.from_environment().built)
    canned = search(held, next(iter(held.examples), held.passages[0].text))
    idle = engine.Engine(
        open_index=lambda _encoder: held,
        generation=lambda: held.generation,
        search=lambda _index, _question: engine.Answer(canned),
    )
    idle.look()
    engine.set_engine(idle)


def _write_modules(file: Path) -> None:
    names = sorted({name for name in list(sys.modules) if "." not in name})
    part = file.with_suffix(".part")
    part.write_text("\n".join(names), encoding="utf-8")
    part.replace(file)


if __name__ == "__main__":
    raise SystemExit(_child(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
