"""Run the project's commands in forked processes, on a fixed day, and keep what they print.

A fork starts from a process that has imported the heavy libraries, so a command takes as long as
its own work; it still has its own modules, environment and working folder.
"""

from __future__ import annotations

import importlib
import os
import runpy
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TODAY = datetime(2026, 12, 15, 12, tzinfo=UTC)
"""The day that every command and page takes for today."""

_COMMANDS = ("index", "ingest", "safety")  # first: `index` switches telemetry off
_HEAVY = ("torch", "sentence_transformers", "onnxruntime", "faiss", "pandas")
_real_time = time.time


def import_ahead() -> None:
    """Import what the commands need, once for all forks."""
    for name in (*(f"{command}.__main__" for command in _COMMANDS), *_HEAVY):
        importlib.import_module(name)
    for command in _COMMANDS:  # which each run executes for itself
        del sys.modules[f"{command}.__main__"]


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    def as_text(self, command: str) -> str:
        return f"$ {command}\n[exit {self.code}]\n-- stdout\n{self.out}\n-- stderr\n{self.err}\n"


@contextmanager
def fixed_day() -> Iterator[None]:
    """Let `date.today()`, which asks `time.time`, say TODAY; the clock goes on from noon."""
    before, offset = time.time, TODAY.timestamp() - _real_time()
    time.time = lambda: _real_time() + offset
    try:
        yield
    finally:
        time.time = before


def run_module(module: str, *arguments: str) -> Printed:
    """Run `python -m module arguments` in a forked process, from the project's folder."""

    def work() -> None:
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)

    return run_forked(work)


def run_forked(work: Callable[[], object], variables: Mapping[str, str] | None = None) -> Printed:
    """Run a function in a forked process, with further environment variables."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = start_forked(work, variables, out.fileno(), err.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    return Printed(code, *texts)


def start_forked(
    work: Callable[[], object], variables: Mapping[str, str] | None, out: int, err: int
) -> int:
    """Start a function in a forked process that prints to two files; return its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    if pid := os.fork():
        return pid
    code = 70
    with suppress(BaseException):
        os.dup2(out, 1)
        os.dup2(err, 2)
        # As a pipe would have it: what is printed late must not be cut off.
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
        os.environ.update(variables or {})
        os.chdir(ROOT)
        code = _exit_code(work)
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def stop_forked(pid: int) -> None:
    """End a process that `start_forked` started, and wait for it."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _exit_code(work: Callable[[], object]) -> int:
    try:
        work()
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
            return 1
        return ended.code or 0
    except BaseException:  # noqa: BLE001  a crash is an output, too
        traceback.print_exc()
        return 1
    return 0
