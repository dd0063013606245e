"""Share work between the workers of pytest-xdist, and keep their ports apart."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from xdist.scheduler import LoadScopeScheduling

from tests.support.paths import ROOT

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
# Each worker has its own ports, below those that Linux gives to outgoing connections (32,768 on).
FIRST_PORT, PORTS_EACH = 12_000, 2_000


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Keep the tests of a file together where the file has a fixture of module scope.

    A worker then makes that once. All other tests go, one at a time, to whoever is free. Those with
    the real model or a browser take longest and come first, or a worker would be left with one.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # xdist's own order: files with many tests first
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        place = nodeid.partition("::")[0]
        return place if _shares(ROOT / place) else nodeid


@cache
def _shares(file: Path) -> bool:
    return 'scope="module"' in file.read_text(encoding="utf-8")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first worker makes and all others find whole."""
    own = factory.getbasetemp()
    folder = (own.parent if WORKER else own) / name
    made = folder.with_name(f"{name}.made")
    with FileLock(folder.with_name(f"{name}.lock")):
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)  # by a worker that died
            make(folder)
            made.touch()
    return folder


def _ports() -> Iterator[int]:
    own = int(WORKER.removeprefix("gw") or 0) % 10
    for number in count(os.getpid()):
        yield FIRST_PORT + own * PORTS_EACH + number % PORTS_EACH


_NEXT_PORT = _ports()


def free_port() -> int:
    """Return a port that no other worker and no outgoing connection takes before it is used."""
    for port in _NEXT_PORT:
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("unreachable: the ports never end")
