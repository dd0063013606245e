"""A log that visitors cannot fill."""

from __future__ import annotations

import logging
from logging.handlers import BufferingHandler

import pytest

from ui.server.log_filter import AGAIN_S, OncePerMinute

Log = tuple[logging.Logger, list[float], list[logging.LogRecord]]


@pytest.fixture
def filtered() -> Log:
    """A logger with the filter, the time that its clock shows, and what it has written."""
    now, handler = [0.0], BufferingHandler(1_000)
    log = logging.Logger("filtered")
    log.addFilter(OncePerMinute(lambda: now[0]))
    log.addHandler(handler)
    return log, now, handler.buffer


def test_the_same_fault_is_written_once_a_minute(filtered: Log) -> None:
    log, now, written = filtered
    for _ in range(100):
        log.error("One thing")
        log.error("Another %s", "thing")
    assert [record.getMessage() for record in written] == ["One thing", "Another thing"]
    now[0] = AGAIN_S
    log.error("One thing")
    assert [record.getMessage() for record in written[2:]] == ["One thing"]


def fail(log: logging.Logger, words: str) -> None:
    try:
        int(words)
    except ValueError:
        log.exception("A request failed")


def test_of_an_exception_its_kind_and_place_are_written_and_never_its_text(filtered: Log) -> None:
    log, _, written = filtered
    for words in ("my knee hurts", "my neck hurts"):
        fail(log, words)
    (line,) = [logging.Formatter().format(record) for record in written]
    assert line.startswith("A request failed: ValueError at fail:")
    assert "hurts" not in line
