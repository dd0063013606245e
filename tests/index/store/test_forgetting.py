"""No word of a visitor stays in the memory of the process once the question is answered."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

from core.text.language import ENGLISH, is_understood
from core.text.normalize import clean_query, normalize_query
from core.text.tokens import content_stems, stem, words_of
from index.intent import aspects, cries
from index.search.pipeline import search
from index.store.generations import open_index
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags_file import read_red_flags
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.paths import ROOT
from ui.counting.counts import is_sensitive

# Put together only here: nothing else in this process has such a text.
MARK = "".join(reversed("humgsteuqz"))
Readers = list[Callable[[str], object]]


def held() -> list[str]:
    """Return what still holds a text with the mark in it."""
    gc.collect()
    return [
        f"{type(holder).__name__}: {text[:60]!r}"
        for holder in gc.get_objects()
        for text in gc.get_referents(holder)
        if type(text) is str and MARK in text.lower() and text != MARK
    ]


@pytest.fixture
def content(content: Path) -> Path:
    return label_enough_to_calibrate(content)


@pytest.fixture
def readers(content: Path, built: Path, encoder: BagOfWordsEncoder) -> Readers:
    opened = open_index(built, encoder=encoder)
    finder = NoticeFinder(read_red_flags(ROOT / "content"))
    return [
        *(
            normalize_query,
            words_of,
            content_stems,
            stem,
            is_sensitive,
            cries.is_cry,
            lambda text: is_understood(text, ENGLISH),
            aspects.is_caution,
        ),
        finder.find,
        lambda text: search(opened, clean_query(text)),
        lambda text: search(opened, clean_query(f'+"{text}"')),
    ]


def test_nothing_that_reads_a_question_keeps_a_word_of_it(
    readers: Readers, encoder: BagOfWordsEncoder
) -> None:
    def ask() -> None:
        for word in (MARK.capitalize(), f"{MARK}s", f"{MARK}-scan", MARK + "x" * 400):
            for question in (word, f"Is {word} safe for me", f"chest pain and {word}"):
                for read in readers:
                    read(question)

    ask()
    encoder.encoded.clear()  # kept for other tests
    assert held() == []
