"""A disk of its own that is really full: a small one in memory, which only root may make."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

SIZE_KIB = 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """An empty disk of 4 MiB; skips where this process may not make one."""
    place = tmp_path / "small disk"
    place.mkdir()
    options = f"size={SIZE_KIB}k"
    command = ["mount", "-t", "tmpfs", "-o", options, "small", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no small disk can be made here ({error}); root can make one")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)


def fill(disk: Path) -> Path:
    """Leave no room for even one byte; return the file that takes it."""
    full = disk / "all that room"
    with full.open("wb", buffering=0) as stream:
        for size in (4096, 1):
            with suppress(OSError):
                while True:
                    stream.write(bytes(size))
    return full
