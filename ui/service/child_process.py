"""Runs a command that ends with its parent: `python -m ui.service.child_process COMMAND ...`.

The parent holds the other end of standard input and never writes. However the parent ends (a normal
stop, SIGTERM, `kill -9`, out of memory), the operating system closes it, and this process kills the
command with all that it has started. It does the same when it is asked to end itself: Ctrl+C goes
to everything in a terminal. PR_SET_PDEATHSIG would not do: it means the parent's thread, and the
threads of a page come and go.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows does not know the last


def main(command: Sequence[str]) -> int:
    """Run the command; return its exit code, 128 + n after signal n as in a shell."""
    process: subprocess.Popen[bytes] | None = None
    ended_by = 0

    def stop(number: int, _frame: object) -> None:
        nonlocal ended_by
        ended_by = 128 + number
        if process is not None:
            _kill(process)

    for number in (getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores it
            signal.signal(number, stop)
    process = subprocess.Popen(  # noqa: S603  the page's own command
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a group of its own, to be killed as a whole
    )
    if ended_by:  # while it was being started
        _kill(process)
    Thread(target=_kill_with_stdin, args=(process,), daemon=True).start()
    code = process.wait()
    return ended_by or (code if code >= 0 else 128 - code)


def _kill_with_stdin(process: subprocess.Popen[bytes]) -> None:
    while os.read(0, 1):  # sys.stdin has a lock that the interpreter needs at exit
        pass
    _kill(process)
    os._exit(1)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # it has ended
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
