"""Runs a command that ends with the process that wants it: `python -m ui.tied COMMAND ...`.

Who starts this holds the other end of its standard input and never writes. However that process
ends (a normal stop, SIGTERM, `kill -9`, out of memory), the operating system closes it; then the
command is ended, with all that it has started. Asking the kernel for a signal when the parent dies
would not do: that means the thread which started the command, and those of a page come and go.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from threading import Thread


def main(command: Sequence[str]) -> int:
    """Run the command; return its exit code, as a shell would for one that a signal ended."""
    process = subprocess.Popen(  # noqa: S603  the page's own command
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a group of its own, which can be ended as a whole
    )
    Thread(target=_end_with_stdin, args=(process,), daemon=True).start()
    code = process.wait()
    return code if code >= 0 else 128 - code


def _end_with_stdin(process: subprocess.Popen[bytes]) -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock the interpreter wants when it ends
        pass
    if os.name == "nt":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
