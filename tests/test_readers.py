import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import ContentError
from ingest.readers import article_files, read_article
from ingest.slugs import slug
from tests.conftest import ARTICLE

Write = Callable[[str, str | bytes], Path]


def test_the_clinics_article_is_the_one_that_was_given_byte_for_byte() -> None:
    assert hashlib.sha256(ARTICLE.read_bytes()).hexdigest() == (
        "33fd3e003c939dfad5631f8a423eecf69d814abc14f0568aa29927a53ae8d265"
    )


def test_the_real_article_has_its_eight_sections() -> None:
    article = read_article(ARTICLE, root=ARTICLE.parent).article
    assert article.id == "dry-needling-benefits"
    assert article.title == "6 Incredible Benefits of Dry Needling Treatment"
    assert [s.slug for s in article.sections] == [
        "introduction",
        "relieve-muscle-tightness-and-pain",
        "reduced-pain-and-releases-neurotransmitters",
        "speeds-up-recovery",
        "treats-chronic-pain",
        "improvement-in-range-of-motion",
        "improve-blood-circulation",
        "conclusion",
    ]
    assert article.sections[4].path == (
        "Benefits of Dry Needling Treatment:",
        "Treats Chronic Pain",
    )
    assert article.sections[0].path == article.sections[-1].path == ()


def test_another_encoding_names_the_line_and_the_byte(write_article: Write, content: Path) -> None:
    path = write_article("bad.txt", "Title\n\nCaf\xe9 rest.".encode("cp1252"))
    with pytest.raises(ContentError) as caught:
        read_article(path, root=content)
    assert caught.value.where == f"{path}, line 3"
    assert caught.value.found == "the byte 0xe9"
    assert "UTF-8" in str(caught.value)


@pytest.mark.parametrize("text", ["", "   \n\n", "\ufeff", "***\n\n---"])
def test_an_article_without_a_word_is_refused(
    write_article: Write, content: Path, text: str
) -> None:
    with pytest.raises(ContentError, match="empty"):
        read_article(write_article("empty.txt", text), root=content)


def test_a_title_alone_is_read_as_a_paragraph_rather_than_lost(
    write_article: Write, content: Path
) -> None:
    article = read_article(write_article("t.txt", "Only a title"), root=content).article
    assert [article.text[s.body.start : s.body.end] for s in article.sections] == ["Only a title"]


def test_an_unknown_format_says_which_ones_are_known(write_article: Write, content: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read_article(write_article("a.xyz", "Text"), root=content)
    assert caught.value.found == ".xyz"
    assert caught.value.expected is not None
    assert ".txt" in caught.value.expected


def test_marks_and_line_ends_of_other_systems_are_normalised(
    write_article: Write, content: Path
) -> None:
    path = write_article("w.txt", b"\xef\xbb\xbfTitle\r\n\r\nOne.\rTwo.\r\n")
    assert read_article(path, root=content).article.text == "Title\n\nOne.\nTwo.\n"


def test_characters_that_turn_the_reading_direction_are_left_out_with_a_warning(
    write_article: Write, content: Path
) -> None:
    read = read_article(write_article("r.txt", "Title\n\nNo \u202eniap\u202c.\x00"), root=content)
    assert read.article.text == "Title\n\nNo niap."
    assert read.warnings == ("articles/r.txt: 3 invisible control characters left out",)


def test_a_missing_and_an_empty_folder_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="does not exist"):
        article_files(tmp_path / "articles")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / ".DS_Store").write_text("x")
    with pytest.raises(ContentError, match="is empty"):
        article_files(tmp_path / "articles")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Treats Chronic Pain", "treats-chronic-pain"),
        ("What's “new”?", "whats-new"),
        ("Crème brûlée", "creme-brulee"),
        ("頸部疼痛", "頸部疼痛"),
        ("***", "untitled"),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    assert slug(text) == expected
