"""Memory and processor time of a process, as Linux reports them under /proc."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_KB_PER_MB = 1024
# A mapping's file comes after addresses, rights, offset, device and inode.
_MAPPING = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(?P<file>.*)")
_PACKAGE = re.compile(r"/(?:site|dist)-packages/(?P<name>\w+)")


@dataclass(frozen=True, slots=True)
class Memory:
    """A process's memory in MB of 1024 kB.

    `rss` counts every page that is in memory, `pss` a shared page only in part (one half where two
    processes share it), `uss` only the pages that no other process has.
    """

    rss: float
    pss: float
    uss: float


def memory(pid: int) -> Memory:
    """Read a process's memory; raises OSError where there is no such process or no /proc."""
    return parse_rollup((_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii"))


def mapped_mb(pid: int) -> dict[str, float]:
    """Return how much of each installed package's files lies in a process's memory.

    Keys are the packages' folders, where `faiss_cpu.libs` counts as `faiss`. Raises as `memory`.
    """
    return parse_maps((_PROC / str(pid) / "smaps").read_text(encoding="utf-8", errors="replace"))


def processor_s(pid: int) -> float:
    """Read how many seconds processors spent on a process and all of its threads.

    Raises OSError where there is no such process or no /proc.
    """
    stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8")
    return parse_stat(stat, ticks_per_s=os.sysconf("SC_CLK_TCK"))


def parse_rollup(text: str) -> Memory:
    """Read the three figures of a `smaps_rollup`; raises KeyError where one is missing."""
    mb = {name: int(kb) / _KB_PER_MB for name, kb in re.findall(r"(?m)^(\w+): +(\d+) kB$", text)}
    private = mb["Private_Clean"] + mb["Private_Dirty"] + mb["Private_Hugetlb"]
    return Memory(rss=mb["Rss"], pss=mb["Pss"], uss=private)


def parse_maps(text: str) -> dict[str, float]:
    """Add up the RSS of the files that a `smaps` names, in MB by package."""
    held: dict[str, float] = {}
    package = ""
    for line in text.splitlines():
        if (header := _MAPPING.match(line)) is not None:
            inside = _PACKAGE.search(header["file"])
            package = inside["name"].removesuffix("_cpu") if inside else ""
        elif package and line.startswith("Rss:"):
            held[package] = held.get(package, 0.0) + int(line.split()[1]) / _KB_PER_MB
    return held


def parse_stat(text: str, *, ticks_per_s: int) -> float:
    """Add up user and system time of a `/proc/<pid>/stat`, in seconds."""
    # The second field is the program's name in brackets, and may hold spaces and brackets itself.
    fields = text[text.rindex(")") + 1 :].split()
    return (int(fields[11]) + int(fields[12])) / ticks_per_s
