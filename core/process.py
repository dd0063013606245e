"""How this process works: numpy's threads, the collector of garbage, what Arrow imports."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_VERY_MANY = 100_000  # objects


def limit_blas_threads() -> None:
    """Have numpy use one thread per search.

    Its sums here are small: divided among threads they cost more than twice the processor time in
    waiting for each other, which others would have used (docs/benchmarks.md).
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")


@contextmanager
def no_collections() -> Iterator[None]:
    """Let nothing look for garbage: among as many new objects that takes as long as making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage only after very many new objects, where something may leave some."""
    before = gc.get_threshold()
    gc.set_threshold(_VERY_MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def arrow_without_pandas() -> None:
    """Let Arrow believe, in this process, that pandas is not installed.

    It imports pandas when it first converts a list, only to ask whether that is something of
    pandas: that takes a sixth of a second and 35 MB. Others may import pandas all the same. Where
    Arrow is not installed, nothing happens.
    """
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _WithoutPandas)
    try:
        import pyarrow

        pyarrow.array([""])  # Arrow remembers what it finds the first time
    except ImportError:
        pass
    finally:
        sys.meta_path.remove(_WithoutPandas)


class _WithoutPandas:
    """A finder of modules that says that pandas is not there, and leaves all others alone."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)
