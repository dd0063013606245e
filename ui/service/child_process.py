"""Runs a command that ends with the process which started it.

`python -m ui.service.child_process COMMAND ...`.
Who starts this holds the other end of its standard input and never writes. However that process
ends (a normal stop, SIGTERM, `kill -9`, out of memory), the operating system closes it; then the
command is ended, with all that it has started. So it is when this process itself is asked to end:
Ctrl+C in a terminal goes to all that runs there. Asking the kernel for a signal when the parent
dies would not do: that means the thread which started the command, and those of a page come and go.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows does not know the last


def main(command: Sequence[str]) -> int:
    """Run the command; return its exit code, as a shell would for one that a signal ended."""
    process: subprocess.Popen[bytes] | None = None
    asked = 0

    def end(number: int, _frame: object) -> None:
        nonlocal asked
        asked = 128 + number
        if process is not None:
            _end(process)

    for number in (getattr(signal, name) for name in _ENDING if hasattr(signal, name)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup wants it ignored
            signal.signal(number, end)
    process = subprocess.Popen(  # noqa: S603  the page's own command
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a group of its own, which can be ended as a whole
    )
    if asked:  # while it was being started
        _end(process)
    Thread(target=_end_with_stdin, args=(process,), daemon=True).start()
    code = process.wait()
    return asked or (code if code >= 0 else 128 - code)


def _end_with_stdin(process: subprocess.Popen[bytes]) -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock the interpreter wants when it ends
        pass
    _end(process)
    os._exit(1)


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
