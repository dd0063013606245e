"""Runs commands of the ingest in processes of their own, so that the page answers meanwhile.

Only one of each runs at a time: the lock of the index would refuse a second preview. The process
ends with the page (`ui/service/child_process.py`): otherwise it would hold the lock, and nobody
would see its output.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from core.errors import PublishError
from core.places import ROOT
from index.preview.types import COMMAND
from index.suggestions import types as suggestions

MOST_CHARACTERS = 6_000


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of a command: its output so far, and its exit code once it has ended."""

    seconds: float
    written: str
    code: int | None = None


class Runs:
    """Starts a command and reads its output; never raises for a failure of the command.

    `command` is what a person types in a terminal for the same.
    """

    def __init__(self, command: str = COMMAND) -> None:
        self.command = command
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._written: Path | None = None
        self._began = self._took = 0.0

    def start(self, command: Sequence[str]) -> bool:
        """Start a command in the project's folder; return False when a command is already running.

        Raises PublishError when the disk or the system refuses.
        """
        with self._lock:
            if self._process is not None and self._code() is None:
                return False
            try:
                self._process = self._started(command)
            except OSError as error:
                raise PublishError(
                    "The command did not start. Patients see the same version as before.",
                    where=str(error.filename or tempfile.gettempdir()),
                    expected="a folder for its output, with free space on its disk",
                    found=error.strerror or str(error),
                    fix="free some space, or run it in a terminal: " + self.command,
                ) from error
            self._began, self._took = time.monotonic(), 0.0
            return True

    def _started(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        if self._written is None:
            folder = Path(tempfile.mkdtemp(prefix="clinic-preview-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            self._written = folder / "written.txt"
        with self._written.open("wb") as output:
            return subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", "ui.service.child_process", *command],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def last(self) -> Run | None:
        """Return the output of the last command, None when there was none."""
        with self._lock:
            if self._process is None or self._written is None:
                return None
            code = self._code()
            if code is None or not self._took:
                self._took = time.monotonic() - self._began
            raw = b""
            with suppress(OSError):  # a cleaned /tmp breaks no page
                raw = self._written.read_bytes()
            text = raw[-4 * MOST_CHARACTERS :].decode("utf-8", errors="replace").strip()
            return Run(self._took, text[-MOST_CHARACTERS:], code)

    def finished(self, *, within_s: float) -> Run | None:
        """Wait for the command to end, end it when it takes longer, and return its output."""
        process = self._process
        if process is not None:
            try:
                process.wait(within_s)
            except subprocess.TimeoutExpired:
                if process.stdin:
                    process.stdin.close()  # ui/service/child_process.py ends with it
                process.wait()
        return self.last()

    @property
    def is_running(self) -> bool:
        """Say whether a command is running now."""
        with self._lock:
            return self._process is not None and self._code() is None

    def _code(self) -> int | None:
        """Return the exit code of the command that was started, None while it runs."""
        code = self._process.poll() if self._process else None
        if code is not None and self._process and self._process.stdin:
            self._process.stdin.close()
        return code


RUNS = Runs()
LOOKS = Runs(suggestions.COMMAND)
MEASURES = Runs("python -m evaluation")


def preview_command(content: Path, built: Path) -> list[str]:
    """Return the command that makes a preview of a content folder."""
    return [*_ingest(content, built), "--preview"]


def explain_command(content: Path, built: Path, source: str, page: Path) -> list[str]:
    """Return the command that writes the page about how a file below the articles was read."""
    return [*_ingest(content, built), "--explain", f"articles/{source}", "--html", str(page)]


def suggest_command(content: Path, built: Path) -> list[str]:
    """Return the command that looks for suggestions, and leaves a record beside the index."""
    return [*_ingest(content, built), "suggest"]


def measure_command(content: Path, built: Path, out: Path) -> list[str]:
    """Return the command that measures the search on the bank, and leaves its record in `out`."""
    places = ("--content", str(content), "--built", str(built), "--out", str(out))
    return [sys.executable, "-m", "evaluation", *places]


def _ingest(content: Path, built: Path) -> list[str]:
    return [sys.executable, "-m", "ingest", "--content", str(content), "--built", str(built)]
