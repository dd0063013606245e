"""Parses files in a process of its own: a file that hangs it, fills it or kills it is one error.

Libraries that read documents are large, partly written in C, and meet files here that nobody has
looked at. What they do to their process does not matter: it has little memory, may write no file,
and is ended when it takes too long. One process reads many files, because starting it costs more
than most files do.
"""

from __future__ import annotations

import atexit
import json
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from core.errors import ContentError
from ingest.files.limits import PARSE_SECONDS
from ingest.files.worker import from_record
from ingest.readers.outline import ParsedText

_ROOT = Path(__file__).parent.parent.parent
_COMMAND = ["-m", "ingest.files.worker"]
_END_S = 5
_IDLE = -getattr(signal, "SIGALRM", 0) or None


class Sandbox:
    """A process that parses; started when it is needed, and again after a file has ended it."""

    def __init__(self, *, limit_s: float = PARSE_SECONDS) -> None:
        self.limit_s = limit_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def parse(self, raw: bytes, suffix: str, article_id: str, fallback_title: str) -> ParsedText:
        """Parse a file as `ingest.files.worker.parse` does.

        Raises ContentError as that does, and when the file takes longer than any article or ends
        the process.
        """
        request = {
            "suffix": suffix,
            "article_id": article_id,
            "fallback_title": fallback_title,
            "size": len(raw),
        }
        head = json.dumps(request).encode() + b"\n"
        with self._lock:
            told, timed_out, code = self._ask(head, raw)
            if told is None and code == _IDLE:  # it had ended before this file: nothing to do
                told, timed_out, code = self._ask(head, raw)
            if told is None:
                raise _parse_failed(timed_out, code, self.limit_s)
        return from_record(json.loads(told))

    def close(self) -> int:
        """End the process, if there is one; return its exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(BrokenPipeError, subprocess.TimeoutExpired):
            process.communicate(timeout=_END_S)
        process.kill()
        return process.wait()

    def _ask(self, head: bytes, raw: bytes) -> tuple[bytes | None, bool, int]:
        """Return the answer, whether the time was over, and the exit code of a process that ended.

        The answer is None when the process ended without one. One whose time was over is never
        asked again, also when its answer still came.
        """
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 - this project's own module
                [sys.executable, *_COMMAND],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        process = self._process
        requests, answers = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
        over = threading.Event()

        def end() -> None:
            over.set()
            process.kill()

        timer = threading.Timer(self.limit_s, end)
        timer.start()
        told = None
        try:
            requests.write(head)
            requests.write(raw)
            requests.flush()
            size = int(answers.readline())
            read = answers.read(size)
            told = read if len(read) == size else None
        except (BrokenPipeError, ValueError):  # it ended before it had read or answered
            told = None
        finally:
            timer.cancel()
            timer.join()  # a timer that has fired must not end what reads the next file
            if told is None:  # also when this process was interrupted: no answer may be left over
                process.kill()
        code = self.close() if told is None or over.is_set() else 0
        return told, over.is_set(), code


def _parse_failed(timed_out: bool, code: int, limit_s: float) -> ContentError:
    found = "one that takes longer" if timed_out else f"one that ends its reader (code {code})"
    return ContentError(
        "An article cannot be read.",
        expected=f"a file that is read within {limit_s:.0f} seconds, as any article is",
        found=found,
        fix=(
            "open it in the program that made it, save it anew or as plain text, "
            "then run: python -m ingest"
        ),
    )


_sandbox = Sandbox()
atexit.register(_sandbox.close)


def parse_in_sandbox(raw: bytes, suffix: str, article_id: str, fallback_title: str) -> ParsedText:
    """Parse a file in the process that all files share; see `Parser.parse`."""
    return _sandbox.parse(raw, suffix, article_id, fallback_title)
