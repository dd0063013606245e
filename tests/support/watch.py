"""Watches a Python process from within: whom it calls, what it writes, what it starts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.support.paths import ROOT

# Python imports this file before anything else. An audit hook (PEP 578) cannot be taken away again.
SITECUSTOMIZE = """
import json, os, sys

_record = os.open(os.environ["WATCH_RECORD"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CALLS = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.getnameinfo",
          "socket.sendto", "socket.sendmsg", "http.client.", "urllib.", "ftplib.", "smtplib.")
_STARTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork",
           "pty.spawn", "webbrowser.")
_WRITES = ("os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", "shutil.", "sqlite3.")

def _watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if not ((flags or 0) & _WRITING or set(mode or "") & set("wax+")):
            return
        kind = "write"
    elif event.startswith(_CALLS):
        kind = "call"
    elif event.startswith(_STARTS):
        kind = "start"
    elif event.startswith(_WRITES):
        kind = "write"
    else:
        return
    said = [str(one) for one in arguments]
    os.write(_record, (json.dumps([kind, event, *said]) + "\\n").encode())

sys.addaudithook(_watch)
"""


@dataclass(frozen=True)
class Watch:
    """A folder in which a watched process has its working folder, home and temporary files."""

    folder: Path

    @property
    def record(self) -> Path:
        return self.folder / "record.jsonl"

    def environment(self) -> Mapping[str, str]:
        """Make the folders and return the variables that start a process under watch."""
        site = self.folder / "site"
        for name in (site, *self.places()):
            name.mkdir(parents=True, exist_ok=True)
        (site / "sitecustomize.py").write_text(SITECUSTOMIZE, encoding="utf-8")
        cwd, home, temporary = map(str, self.places())
        return {
            "PYTHONPATH": f"{site}:{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "WATCH_RECORD": str(self.record),
            "PWD": cwd,
            "HOME": home,
            "TMPDIR": temporary,
            "XDG_CACHE_HOME": f"{home}/.cache",
            # PyTorch in the tests' own process has put another folder into the environment.
            "TORCHINDUCTOR_CACHE_DIR": f"{temporary}/torchinductor",
        }

    def places(self) -> tuple[Path, Path, Path]:
        """Return its working folder, its home and its folder of temporary files."""
        return self.folder / "cwd", self.folder / "home", self.folder / "tmp"

    def events(self, kind: str) -> list[list[str]]:
        """Return what happened: `call` (other machines), `start` (programs) or `write` (files)."""
        lines = self.record.read_text(encoding="utf-8").splitlines()
        return [event for found, *event in map(json.loads, lines) if found == kind]


def snapshot(*folders: Path) -> dict[str, str]:
    """Return every file and folder below some folders with the hash of what it holds."""
    found = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        content = sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        found[str(path)] = f"{content} {path.stat().st_mtime_ns}"
    return found


def files_with(word: str, *folders: Path) -> list[str]:
    """Return every file below some folders that holds a word, in UTF-8 or UTF-16."""
    looked_for = [word.encode(), word.encode("utf-16-le")]
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        str(path)
        for path in files
        if any(one in content for content in [path.read_bytes()] for one in looked_for)
    ]


def command(code: str) -> list[str]:
    """Return the command line of a few lines of Python."""
    return [sys.executable, "-c", code]
