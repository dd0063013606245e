"""Versions as people tell them apart: the day and time, and what changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from index.store.generations import current_generation, previous_generation
from index.store.versions import Difference, difference, made_at, online_since
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

Write = Callable[[str, str | bytes], Path]


def test_two_versions_differ_in_articles_and_in_other_files(
    content: Path, write_article: Write, tmp_path: Path
) -> None:
    built = tmp_path / "built"
    label(content, answers={"stiff neck": "necks#introduction"})
    build_with(BagOfWordsEncoder(), content, built)
    write_article("knees.txt", "Knees\n\nA knee bends.\n")
    blood = content / "articles" / "blood.txt"
    blood.rename(blood.with_name("flow.txt"))  # the same article under another name
    necks = content / "articles" / "necks.txt"
    necks.write_text(necks.read_text() + "\nOne more.\n")
    label(content, answers={"sore neck": "necks#introduction"})
    build_with(BagOfWordsEncoder(), content, built)
    now, before = current_generation(built), previous_generation(built)
    assert now
    assert before
    assert difference(built, before, now) == Difference(1, 1, 0, ("questions",))
    assert difference(built, now, now) == Difference(0, 0, 0, ())
    back = difference(built, now, before)
    assert (back.changed, back.inputs) == (1, ("questions",))


def test_a_version_has_the_time_at_which_it_was_made(content: Path, tmp_path: Path) -> None:
    built = tmp_path / "built"
    label(content)
    build_with(BagOfWordsEncoder(), content, built)
    now = current_generation(built)
    assert now
    when = datetime(2025, 11, 28, 18, 49).astimezone()
    os.utime(built / now / "manifest.json", (when.timestamp(), when.timestamp()))
    assert made_at(built, now) == when
    assert made_at(built, "0" * 16) is None
    os.utime(built / "current", (when.timestamp(), when.timestamp()))
    assert online_since(built) == when
    assert online_since(tmp_path) is None
