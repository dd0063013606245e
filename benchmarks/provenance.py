"""Where a figure comes from: the commit that was measured, and the command that measured it."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.options import ROOT, Options

# What a benchmark itself writes changes nothing of what is measured.
_WRITTEN = (":(exclude)benchmarks/results", ":(exclude)docs")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The command, the commit (40 hex digits), and whether tracked files differed from it.

    Both are None outside a git checkout. Results and docs are not among those files.
    """

    command: str
    commit: str | None = None
    changed: bool | None = None


def provenance(what: str, options: Options, root: Path = ROOT) -> Provenance:
    """Say where the figures of a run come from that begins now.

    It is asked before a run, not after: others may commit while one lasts for an hour.
    """
    told = _git(root, "rev-parse", "--show-toplevel", "HEAD")
    top, _, commit = (told or "").partition("\n")
    if not commit or Path(top) != root.resolve():  # a copy inside of somebody else's checkout
        return Provenance(command(what, options, root))
    changes = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", *_WRITTEN)
    return Provenance(command(what, options, root), commit, bool(changes))


def command(what: str, options: Options, root: Path = ROOT) -> str:
    """Return the command that measures this, with all that is not the default.

    Paths begin at the checkout; of one that lies neither in it nor beside it only the name is told.
    """
    default = Options()
    words = ["python", "-m", "benchmarks", what]
    paths: Mapping[str, tuple[Path, Path]] = {
        "--built": (options.built, default.built),
        "--content": (options.content, default.content),
        "--beir": (options.beir, default.beir),
        "--articles": (options.articles, default.articles),
    }
    for name, (path, usual) in paths.items():
        if path.absolute() != usual.absolute():
            words += [name, shlex.quote(told(path, root))]
    if options.quick:
        words.append("--quick")
    if options.minutes != default.minutes:
        words += ["--minutes", f"{options.minutes:g}"]
    return " ".join(words)


def told(path: Path, root: Path = ROOT) -> str:
    """Return a path as it may be written down: it names no folder of this machine's own."""
    relative = Path(os.path.relpath(path, root))
    return f"…/{path.name}" if relative.parts[:2] == ("..", "..") else relative.as_posix()


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says, without the last line's end; None where it cannot say it."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "--no-optional-locks", *arguments],  # noqa: S607  whichever git this machine has
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.rstrip("\n")
