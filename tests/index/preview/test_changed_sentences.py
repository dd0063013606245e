"""Which sentences and words differ between two versions of an article."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.preview.articles import article_changes, sentence_changes
from index.preview.types import ArticleChangeKind, SentenceChange
from index.preview.words import word_changes
from index.store.generations import current_generation
from index.store.record import Generation, read_generation
from ingest.preview.report import as_html, as_text
from ingest.preview.review import preview_candidate
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

Write = Callable[[str, str | bytes], Path]
VISIT = "Your Visit\n\nWhat It Costs\n\nA first visit costs {price} pounds. You can pay by card.\n"


def lines(*texts: str) -> list[tuple[str, str]]:
    return [("H", text) for text in texts]


def test_a_changed_sentence_has_both_sides_and_a_new_one_has_one() -> None:
    before = lines("It costs 60 pounds.", "There is a lift.", "Bring shorts.")
    after = lines("It costs 65 pounds.", "Bring shorts.", "Ask us.")
    assert list(sentence_changes(before, after)) == [
        SentenceChange("H", "It costs 60 pounds.", "It costs 65 pounds."),
        SentenceChange("H", "There is a lift.", ""),
        SentenceChange("H", "", "Ask us."),
    ]


def test_sentences_that_have_nothing_in_common_are_not_one_change() -> None:
    found = list(
        sentence_changes(lines("There is a lift."), lines("Bring your own towel, please."))
    )
    assert [(one.before, one.after) for one in found] == [
        ("There is a lift.", ""),
        ("", "Bring your own towel, please."),
    ]


def test_a_new_sentence_before_a_changed_one_does_not_part_its_two_sides() -> None:
    before = lines("It costs 60 pounds.", "Bring a towel of your own.")
    after = lines("We are kind.", "It costs 65 pounds.", "Bring a big towel of your own.")
    assert [(one.before, one.after) for one in sentence_changes(before, after)] == [
        ("", "We are kind."),
        ("It costs 60 pounds.", "It costs 65 pounds."),
        ("Bring a towel of your own.", "Bring a big towel of your own."),
    ]


def test_the_words_that_differ_are_marked_on_each_side() -> None:
    before, after = word_changes("It costs 60 pounds a visit.", "It costs 65 pounds a long visit.")
    assert [piece.text for piece in before if piece.is_changed] == ["60 "]
    assert [piece.text for piece in after if piece.is_changed] == ["65 ", "long "]
    assert word_changes("", "All new.") == ([], [("All new.", True)])


WORDS = st.lists(st.sampled_from(["a", "b", "c.", "d,"]), max_size=8).map(" ".join)


@given(WORDS, WORDS)
def test_the_pieces_of_a_version_are_its_text(before: str, after: str) -> None:
    old, new = word_changes(before, after)
    assert "".join(piece.text for piece in old) == before
    assert "".join(piece.text for piece in new) == after
    same = ["".join(p.text for p in side if not p.is_changed).split() for side in (old, new)]
    assert same[0] == same[1]


@pytest.fixture
def two(content: Path, write_article: Write, tmp_path: Path) -> tuple[Path, Generation, Path]:
    """A published generation with the price 60, and a candidate with the price 65."""
    built = tmp_path / "built"
    write_article("visit.txt", VISIT.format(price=60))
    label(content, answers={"stiff neck": "necks#introduction"})
    build_with(BagOfWordsEncoder(), content, built)
    first = current_generation(built)
    assert first
    write_article("visit.txt", VISIT.format(price=65))
    build_with(BagOfWordsEncoder(), content, built, review=True)
    return content, read_generation(built / first), built


def test_a_preview_shows_the_changed_sentence_in_terminal_page_and_json(
    two: tuple[Path, Generation, Path],
) -> None:
    content, _, built = two
    preview = preview_candidate(content, built, no_progress)
    (change,) = preview.articles
    price = SentenceChange(
        "What It Costs", "A first visit costs 60 pounds.", "A first visit costs 65 pounds."
    )
    assert (change.kind, change.sentences) == (ArticleChangeKind.CHANGED, (price,))
    said = as_text(preview)
    assert "- A first visit costs 60 pounds.\n+ A first visit costs 65 pounds." in said
    html = as_html(preview)
    assert "A first visit costs <del>60</del> pounds." in html
    assert "A first visit costs <ins>65</ins> pounds." in html


def test_going_back_shows_the_same_sentences_the_other_way_round(
    two: tuple[Path, Generation, Path],
) -> None:
    content, before, built = two
    (forth,) = preview_candidate(content, built, no_progress).articles
    candidate = (built / "candidate").read_text().strip()
    (back,) = article_changes(read_generation(built / candidate), before)
    assert [(one.after, one.before) for one in back.sentences] == [
        (one.before, one.after) for one in forth.sentences
    ]


def test_only_another_author_changes_no_sentence(
    content: Path, write_article: Write, tmp_path: Path
) -> None:
    built = tmp_path / "built"
    label(content)
    build_with(BagOfWordsEncoder(), content, built)
    write_article("necks.toml", 'author = "A. Author"')
    build_with(BagOfWordsEncoder(), content, built, review=True)
    (change,) = preview_candidate(content, built, no_progress).articles
    assert (change.kind, change.sentences) == (ArticleChangeKind.CHANGED, ())
