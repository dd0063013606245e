"""A log that visitors cannot fill."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from ui.server.log_filter import AGAIN_S, OncePerMinute


@pytest.fixture
def time_now() -> list[float]:
    return [0.0]


@pytest.fixture
def log(time_now: list[float]) -> logging.Logger:
    made = logging.Logger("quiet")
    made.addFilter(OncePerMinute(lambda: time_now[0]))
    made.addHandler(logging.NullHandler())
    return made


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def fail(log: logging.Logger, words: Any) -> None:
    try:
        int(words)
    except ValueError:
        log.exception("A request failed")


def test_the_same_fault_is_written_once_a_minute(
    log: logging.Logger, time_now: list[float]
) -> None:
    kept = Kept()
    log.addHandler(kept)
    for _ in range(100):
        log.error("One thing")
        log.error("Another %s", "thing")
    assert kept.lines == ["One thing", "Another thing"]
    time_now[0] = AGAIN_S
    log.error("One thing")
    assert kept.lines[2:] == ["One thing"]


def test_of_an_exception_its_kind_and_place_are_written_and_never_its_text(
    log: logging.Logger,
) -> None:
    kept = Kept()
    log.addHandler(kept)
    for words in ("my knee hurts", "my neck hurts"):
        fail(log, words)
    (line,) = kept.lines
    assert line.startswith("A request failed: ValueError at fail:")
    assert "hurts" not in line
