"""A command ends with its parent, however that ends, and with all it has started."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="groups of processes are POSIX")

# Starts a process of its own, says that both run, and waits for it.
COMMAND = """
import subprocess, sys
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("x", end="", flush=True)
other.wait()
"""
PATIENCE_S = 20.0


def _as_from_a_terminal() -> None:
    # Tests that run in the background of a shell ignore these, and what they start would too.
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def guarded(*before: str) -> Iterator[tuple[subprocess.Popen[bytes], Callable[..., bytes | None]]]:
    """Run that command by `ui.service.child_process` in its own process group, as a terminal does.

    Yield its process, and what reads what is written next: nothing when all have ended, because
    all hold the other end, and None when nothing comes.
    """
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "ui.service.child_process", sys.executable, "-c", COMMAND],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=writing,
        start_new_session=True,
        preexec_fn=_as_from_a_terminal,  # noqa: PLW1509  sets two signals and nothing else
    )
    os.close(writing)

    def read(patience_s: float = PATIENCE_S) -> bytes | None:
        ready, _, _ = select.select([reading], [], [], patience_s)
        return os.read(reading, 10_000) if ready else None

    assert process.stdin is not None
    try:
        assert read() == b"x"
        yield process, read
    finally:
        process.stdin.close()
        process.wait(PATIENCE_S)
        os.close(reading)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("to_all", [True, False], ids=["the group", "the one"])
def test_a_command_ends_with_its_parent(number: signal.Signals, *, to_all: bool) -> None:
    with guarded() as (process, read):
        (os.killpg if to_all else os.kill)(process.pid, number)
        assert read() == b"", "it lives on, or a traceback was written"
        assert process.wait(PATIENCE_S) == 128 + number


def test_a_command_ends_when_nobody_wants_it_any_longer() -> None:
    with guarded() as (process, read):
        assert process.stdin is not None
        process.stdin.close()
        assert read() == b""
        assert process.wait(PATIENCE_S) == 1


def test_what_was_started_with_nohup_outlives_its_terminal() -> None:
    with guarded("nohup") as (process, read):
        os.killpg(process.pid, signal.SIGHUP)
        assert read(0.5) is None
