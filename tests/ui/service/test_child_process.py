"""A command ends with what wants it, however that is asked to end, and with all it has started."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

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


class Tied:
    """Run that command by `ui.service.child_process` in its own process group, as a terminal does.

    Both hold the other end of `said`: only when all have ended does it end.
    """

    def __init__(self, *before: str) -> None:
        self.said, theirs = os.pipe()
        self.process = subprocess.Popen(
            [
                *before,
                sys.executable,
                "-m",
                "ui.service.child_process",
                sys.executable,
                "-c",
                COMMAND,
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def read(self, patience_s: float = PATIENCE_S) -> bytes | None:
        """Return what is said next, nothing when all have ended, None when nothing comes."""
        ready, _, _ = select.select([self.said], [], [], patience_s)
        return os.read(self.said, 10_000) if ready else None

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        os.close(self.said)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("to_all", [True, False], ids=["the group", "the one"])
def test_a_command_ends_with_what_it_is_tied_to(number: signal.Signals, *, to_all: bool) -> None:
    tied = Tied()
    try:
        assert tied.read() == b"x"
        (os.killpg if to_all else os.kill)(tied.process.pid, number)
        assert tied.read() == b"", "it lives on, or a traceback was written"
        assert tied.process.wait(PATIENCE_S) == 128 + number
    finally:
        tied.close()


def test_a_command_ends_when_nobody_wants_it_any_longer() -> None:
    tied = Tied()
    try:
        assert tied.read() == b"x"
        assert tied.process.stdin is not None
        tied.process.stdin.close()
        assert tied.read() == b""
        assert tied.process.wait(PATIENCE_S) == 1
    finally:
        tied.close()


def test_what_was_started_with_nohup_outlives_its_terminal() -> None:
    tied = Tied("nohup")
    try:
        assert tied.read() == b"x"
        os.killpg(tied.process.pid, signal.SIGHUP)
        assert tied.read(0.5) is None
    finally:
        tied.close()
