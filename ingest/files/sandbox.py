"""The sandbox: a file that hangs, exhausts or crashes the parser is reported as one ContentError.

Libraries that read documents are large, partly written in C, and read files here that nobody has
checked. They run in a process with little memory, a time limit and no right to write. One process
parses many files, because starting it takes longer than parsing most files.
"""

from __future__ import annotations

import atexit
import json
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from core.errors import ContentError
from core.places import ROOT
from ingest.files.limits import PARSE_SECONDS
from ingest.files.records import from_record, look_of
from ingest.readers.ocr import Ocr
from ingest.readers.outline import ParsedText

if TYPE_CHECKING:
    from ingest.explain.own_text import Look

_COMMAND = ["-m", "ingest.files.worker"]
_END_S = 5
_IDLE = -getattr(signal, "SIGALRM", 0) or None


class Sandbox:
    """A process that parses files; started when needed, and again after a file has ended it."""

    def __init__(self, *, limit_s: float = PARSE_SECONDS) -> None:
        self.limit_s = limit_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def parse(
        self,
        raw: bytes,
        suffix: str,
        article_id: str,
        fallback_title: str,
        ocr: Ocr | None = None,
    ) -> ParsedText:
        """Parse a file as `ingest.files.worker.parse` does.

        `ocr` reads pages that are pictures; the limit of time holds for each, and for the rest.
        Raises ContentError as that does, and when the file takes too long or ends the process.
        """
        return from_record(
            self._record(
                raw,
                suffix=suffix,
                article_id=article_id,
                fallback_title=fallback_title,
                ocr=ocr and asdict(ocr),
            )
        )

    def look(self, raw: bytes, suffix: str, look: Look) -> Any:
        """Return a file's own text, or base64 PNGs of its pages; errors as of `parse`."""
        return look_of(self._record(raw, suffix=suffix, look=look), look)

    def _record(self, raw: bytes, **request: Any) -> dict[str, Any]:
        head = json.dumps({**request, "size": len(raw)}).encode() + b"\n"
        with self._lock:
            answer, timed_out, code = self._ask(head, raw)
            if answer is None and code == _IDLE:  # it ended before it got this file
                answer, timed_out, code = self._ask(head, raw)
            if answer is None:
                raise _parse_failed(timed_out, code, self.limit_s)
        record: dict[str, Any] = json.loads(answer)
        return record

    def close(self) -> int:
        """End the process if it runs; return its exit code."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(BrokenPipeError, subprocess.TimeoutExpired):
            process.communicate(timeout=_END_S)
        process.kill()
        return process.wait()

    def _ask(self, head: bytes, raw: bytes) -> tuple[bytes | None, bool, int]:
        """Return the answer or None, whether the time was up, and the exit code if it ended.

        A process whose time was up is never asked again, even when its answer still arrived.
        """
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 - this project's own module
                [sys.executable, *_COMMAND],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        process = self._process
        requests, answers = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
        timed_out = threading.Event()

        def end() -> None:
            timed_out.set()
            process.kill()

        def limited() -> threading.Timer:
            timer = threading.Timer(self.limit_s, end)
            timer.start()
            return timer

        timer = limited()
        answer = None
        try:
            requests.write(head)
            requests.write(raw)
            requests.flush()
            while not (size := int(answers.readline())):  # it begins to read a picture
                timer.cancel()
                timer.join()
                timer = limited()
            read = answers.read(size)
            answer = read if len(read) == size else None
        except (BrokenPipeError, ValueError):  # it ended before it had read or answered
            pass
        finally:
            timer.cancel()
            timer.join()  # a timer that has fired must not end the process of the next file
            if answer is None:  # also after Ctrl-C: no answer may be left for the next file
                process.kill()
        code = self.close() if answer is None or timed_out.is_set() else 0
        return answer, timed_out.is_set(), code


def _parse_failed(timed_out: bool, code: int, limit_s: float) -> ContentError:
    return ContentError(
        "This file cannot be read.",
        expected=f"a file that is read within {limit_s:.0f} seconds",
        found="it takes longer" if timed_out else f"it crashes the reader (code {code})",
        fix="open it in the program that made it, save it again or as plain text, "
        "then run: python -m ingest",
    )


_sandbox = Sandbox()
atexit.register(_sandbox.close)


def parse_in_sandbox(
    raw: bytes, suffix: str, article_id: str, fallback_title: str, ocr: Ocr | None = None
) -> ParsedText:
    """Parse a file in the sandbox that all files share; see `Sandbox.parse`."""
    return _sandbox.parse(raw, suffix, article_id, fallback_title, ocr)


def look_in_sandbox(raw: bytes, suffix: str, look: Look) -> Any:
    """Look at a file in the sandbox that all files share; see `Sandbox.look`."""
    return _sandbox.look(raw, suffix, look)
