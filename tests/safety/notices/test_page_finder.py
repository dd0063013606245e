"""The page's detectors: rules from the first moment, examples when learned, always of the file."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from index.store import generations
from safety.notices.example_classifier import ExampleClassifier, examples_digest
from safety.notices.red_flags import RedFlags
from safety.notices.red_flags_file import FILE_NAME, read_red_flags
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.notice_files import block, table, write
from ui.service import notice_service as page_finder
from ui.service.notice_service import Finders
from ui.service.reloading_file import ReloadingFile
from ui.service.settings import CONTENT_VARIABLE

BENIGN = table("benign", {"examples": ["sleep", "blood", "back"]})
STIFF = block("stiff", rules=["locked"], examples=["stiff neck"])
BLEED = block("bleed", rules=["gushing"], examples=["stiff neck"])


@dataclass
class Opened:
    """What `learn` needs of an index: its encoder and its example classifier."""

    encoder: Any
    notices: ExampleClassifier


NOTHING = ExampleClassifier.fit(RedFlags(), BagOfWordsEncoder().encode)


@pytest.fixture
def flags(tmp_path: Path) -> RedFlags:
    return read_red_flags(write(tmp_path, STIFF, BENIGN))


def raised(finders: Finders, asked: str) -> list[str]:
    """Return the notices that a question raises, in the page's way, with the encoder at hand."""
    return [notice.group for notice in finders.now().find(asked, BagOfWordsEncoder().encode)]


def test_rules_raise_at_once_and_examples_once_they_are_learned(
    flags: RedFlags, encoder: BagOfWordsEncoder
) -> None:
    finders = Finders(lambda: flags)
    assert raised(finders, "my neck locked") == ["stiff"]
    assert raised(finders, "a stiff neck") == []
    finders.learn(Opened(encoder, NOTHING))
    assert raised(finders, "a stiff neck") == ["stiff"]
    assert raised(finders, "blood") == []


@pytest.mark.parametrize("stale", ["", "other examples", "other encoder"])
def test_the_classifier_of_the_index_is_used_unless_it_was_fitted_to_something_else(
    flags: RedFlags, encoder: BagOfWordsEncoder, stale: str
) -> None:
    other = replace(flags, benign=()) if stale == "other examples" else flags
    sha256 = "1" * 64 if stale == "other encoder" else encoder.info.sha256
    encode = BagOfWordsEncoder().encode
    fitted = ExampleClassifier.fit(other, encode, encoder_sha256=sha256)
    finders = Finders(lambda: flags)
    finders.learn(Opened(encoder, fitted))
    assert encoder.encoded == (["stiff neck", "sleep", "blood", "back"] if stale else [])
    assert raised(finders, "a stiff neck") == ["stiff"]


def test_the_classifier_of_ingest_is_the_one_that_the_page_uses(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    flags = read_red_flags(write(content, STIFF, BENIGN))
    build_with(encoder, content, tmp_path / "built")
    index = generations.open_index(tmp_path / "built", encoder=encoder)
    assert index.notices.digest == examples_digest(flags, encoder.info.sha256)
    encoder.encoded.clear()
    finders = Finders(lambda: flags)
    finders.learn(index)
    assert encoder.encoded == []
    assert raised(finders, "a stiff neck") == ["stiff"]


def test_learning_again_does_nothing_until_there_is_something_new(
    flags: RedFlags, encoder: BagOfWordsEncoder
) -> None:
    finders = Finders(lambda: flags)
    finders.learn(Opened(encoder, NOTHING))
    before, encoded, version = finders.now(), list(encoder.encoded), finders.version
    finders.learn(Opened(encoder, NOTHING))
    assert finders.now() is before
    assert finders.version is version
    assert encoder.encoded == encoded
    another = BagOfWordsEncoder(sha256="2" * 64)
    finders.learn(Opened(another, NOTHING))
    assert another.encoded == encoded
    assert finders.now() is not before


def test_a_file_that_changes_while_it_is_learned_is_learned_at_the_next_look(
    flags: RedFlags, tmp_path: Path
) -> None:
    served = [flags]
    newer = read_red_flags(write(tmp_path, BLEED, BENIGN))

    class Slow(BagOfWordsEncoder):
        def encode(self, texts: Any) -> Any:
            served[0] = newer
            finders.now()  # a visitor asks meanwhile
            return super().encode(texts)

    slow = Slow()
    finders = Finders(lambda: served[0])
    finders.learn(Opened(slow, NOTHING))
    assert raised(finders, "a stiff neck") == []  # not by the old file's examples
    assert raised(finders, "gushing") == ["bleed"]
    finders.learn(Opened(slow, NOTHING))
    assert raised(finders, "a stiff neck") == ["bleed"]


# -- as the file changes --------------------------------------------------------------------------


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., None]:
    """Save the file of notices, each time at a later moment, as an editor does."""
    saved: list[int] = []

    def saving(*parts: str) -> None:
        write(tmp_path, *parts)
        saved.append(1_000_000_000 * (1 + len(saved)))
        os.utime(tmp_path / FILE_NAME, ns=(saved[-1], saved[-1]))

    return saving


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[], RedFlags]:
    """The file as the page reads it."""
    file: ReloadingFile[RedFlags] = ReloadingFile(FILE_NAME, read_red_flags, RedFlags)
    return lambda: file.in_use(tmp_path).value


def test_a_changed_file_raises_by_its_own_rules_at_once_and_is_learned_again(
    save: Callable[..., None], kept: Callable[[], RedFlags], encoder: BagOfWordsEncoder
) -> None:
    save(STIFF, BENIGN)
    finders = Finders(kept)
    finders.learn(Opened(encoder, NOTHING))
    assert finders.now() is finders.now()
    save(BLEED, BENIGN)
    assert raised(finders, "locked") == []
    assert raised(finders, "gushing") == ["bleed"]
    assert raised(finders, "a stiff neck") == []  # nothing is left of what was learned before
    finders.learn(Opened(encoder, NOTHING))
    assert raised(finders, "a stiff neck") == ["bleed"]


def test_a_broken_file_leaves_the_notices_as_they_were_and_staff_are_told_once(
    save: Callable[..., None],
    kept: Callable[[], RedFlags],
    encoder: BagOfWordsEncoder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    save(STIFF, BENIGN)
    finders = Finders(kept)
    finders.learn(Opened(encoder, NOTHING))
    before = finders.now()
    save("[[group]]\n")
    with caplog.at_level(logging.ERROR, logger="clinic.ui"):
        for _ in range(3):
            assert raised(finders, "locked") == ["stiff"]
            assert raised(finders, "a stiff neck") == ["stiff"]
    assert finders.now() is before
    assert [record.message.splitlines()[0] for record in caplog.records] == [
        "The urgent-symptom notices cannot be used."
    ]
    save(BLEED, BENIGN)
    assert raised(finders, "gushing") == ["bleed"]


def test_without_a_file_there_are_no_notices_and_one_that_comes_is_taken(
    save: Callable[..., None], kept: Callable[[], RedFlags], encoder: BagOfWordsEncoder
) -> None:
    finders = Finders(kept)
    finders.learn(Opened(encoder, NOTHING))
    assert raised(finders, "locked stiff neck") == []
    save(STIFF)
    assert raised(finders, "locked") == ["stiff"]


def test_the_page_asks_the_file_of_the_clinics_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: BagOfWordsEncoder
) -> None:
    monkeypatch.setenv(CONTENT_VARIABLE, str(write(tmp_path, STIFF, BENIGN)))
    page_finder._finders.cache_clear()
    assert [notice.group for notice in page_finder.find("locked")] == ["stiff"]
    assert page_finder.find("a stiff neck", encoder.encode) == ()
    page_finder.learn(Opened(encoder, NOTHING))
    assert [notice.group for notice in page_finder.find("a stiff neck", encoder.encode)] == [
        "stiff"
    ]
    assert page_finder.find("a stiff neck") == ()


def test_while_a_question_is_answered_its_rules_are_read_once_and_forgotten_after(
    flags: RedFlags, monkeypatch: pytest.MonkeyPatch
) -> None:
    finders = Finders(lambda: flags)
    finder, matched = finders.now(), []
    match = finder.match_rules
    monkeypatch.setattr(finder, "match_rules", lambda asked: matched.append(asked) or match(asked))
    with finders.once("my neck locked"):
        for encode in (None, BagOfWordsEncoder().encode):
            assert [notice.group for notice in finders.find("my neck locked", encode)] == ["stiff"]
        assert finders.find("a neck") == ()
        assert finders.find("a neck") == ()
    assert matched == ["my neck locked", "a neck", "a neck"]
    assert finders._heard == {}
    finders.find("my neck locked")
    assert len(matched) == 4


def test_rules_that_changed_while_a_question_is_answered_are_read_again(
    flags: RedFlags, tmp_path: Path
) -> None:
    now = [flags]
    finders = Finders(lambda: now[0])
    with finders.once("it is gushing and locked"):
        assert [notice.group for notice in finders.find("it is gushing and locked")] == ["stiff"]
        now[0] = read_red_flags(write(tmp_path, BLEED, BENIGN))
        assert [notice.group for notice in finders.find("it is gushing and locked")] == ["bleed"]


def test_the_version_changes_with_the_file_before_anybody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, STIFF, BENIGN)
    now = [read_red_flags(tmp_path)]
    finders = Finders(lambda: now[0])
    monkeypatch.setattr(page_finder, "_finders", lambda: finders)
    before = page_finder.version()
    assert page_finder.version() is before
    now[0] = read_red_flags(write(tmp_path, BLEED, BENIGN))
    assert page_finder.version() is not before


def test_the_version_changes_whenever_other_notices_may_be_raised(
    flags: RedFlags, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    now = [flags]
    finders = Finders(lambda: now[0])
    versions = [finders.version]
    finders.learn(Opened(encoder, NOTHING))
    versions.append(finders.version)
    now[0] = read_red_flags(write(tmp_path, BLEED, BENIGN))
    finders.find("anything")
    assert len({*map(id, versions), id(finders.version)}) == 3
