import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.errors import ContentError
from core.text.slugs import slug
from core.types import Provenance
from ingest.files.folder import article_files, orphans
from ingest.readers.read import orphan_warning, read_article
from tests.support.paths import ARTICLE

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


def test_another_encoding_is_guessed_and_the_line_is_named(
    write_article: Write, content: Path
) -> None:
    path = write_article("bad.txt", "Title\n\nCaf\xe9 rest.".encode("cp1252"))
    read = read_article(path, root=content)
    assert read.article.text == "Title\n\nCafé rest."
    (warning,) = read.warnings
    assert str(warning) == (
        "articles/bad.txt: not in UTF-8, read as Windows-1252: check line 3, “Café rest.”, and "
        "save the file with encoding UTF-8"
    )


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
    (warning,) = read.warnings
    assert str(warning) == "articles/r.txt: 3 invisible control characters left out"


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


# -- settings beside an article --------------------------------------------------------------------

SIDECAR = """title = "Necks, explained"
author = "A. Author"
reviewer = "Dr R"
reviewed = 2026-01-02
next_review = 2027-01-02
source = "One 2020"
sources = ["Two 2021", "Three 2022"]
"""


def test_settings_beside_a_plain_text_say_where_it_comes_from(
    write_article: Write, content: Path
) -> None:
    write_article("necks.toml", SIDECAR)
    path = content / "articles" / "necks.txt"
    read = read_article(path, root=content)
    assert read.article.title == "Necks, explained"
    assert read.article.provenance == Provenance(
        author="A. Author",
        reviewer="Dr R",
        reviewed=date(2026, 1, 2),
        next_review=date(2027, 1, 2),
        sources=("One 2020", "Two 2021", "Three 2022"),
    )
    assert read.article.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert read.sidecar_sha256 == hashlib.sha256(SIDECAR.encode()).hexdigest()


def test_a_title_beside_an_article_changes_no_section_and_no_text(
    write_article: Write, content: Path
) -> None:
    path = write_article("m.md", "# Hips\n\nText.\n\n## Part\n\nMore.")
    before = read_article(path, root=content).article
    write_article("m.toml", "title = 'All about hips'")
    after = read_article(path, root=content).article
    assert after.title == "All about hips"
    assert (after.sections, after.text) == (before.sections, before.text)


@pytest.mark.parametrize("name", ["u.txt", "u.md"])
def test_a_text_without_a_title_needs_none_when_its_settings_have_one(
    write_article: Write, content: Path, name: str
) -> None:
    path = write_article(name, "it hurts when I move.\n\nIt passes.")
    assert "no title found" in read_article(path, root=content).warnings[0].problem
    write_article("u.toml", "title = 'Sore'")
    read = read_article(path, root=content)
    assert (read.article.title, read.warnings) == ("Sore", ())


@pytest.mark.parametrize("text", ["", "author = ''\nsources = []", "# only a remark"])
def test_settings_that_say_nothing_state_nothing(
    write_article: Write, content: Path, text: str
) -> None:
    write_article("necks.toml", text)
    article = read_article(content / "articles" / "necks.txt", root=content).article
    assert article.provenance == Provenance()
    assert article.title == "All About Necks"


@pytest.mark.parametrize(
    ("text", "key", "expected", "found"),
    [
        ("auther = 'A'", "auther", "one of the keys title, author,", "an unknown key"),
        ("[article]\nauthor = 'A'", "article", "one of the keys", "an unknown key"),
        ("author = 7", "author", "a text", "7"),
        ("title = ['A']", "title", "a text", "['A']"),
        ("reviewed = '2026-01-02'", "reviewed", "without quotes", "'2026-01-02'"),
        ("reviewed = 2026-01-02T10:00:00", "reviewed", "a date", "datetime"),
        ("next_review = 2027", "next_review", "a date", "2027"),
        ("sources = [1]", "sources", "a text", "1"),
        ("source = {a = 1}", "source", "a text", "{'a': 1}"),
        (
            "reviewed = 2026-01-02\nnext_review = 2026-01-01",
            "next_review",
            "a date not before reviewed, 2026-01-02",
            "2026-01-01",
        ),
    ],
)
def test_settings_beside_an_article_that_cannot_be_used_are_named(
    write_article: Write, content: Path, text: str, key: str, expected: str, found: str
) -> None:
    sidecar = write_article("necks.toml", text)
    with pytest.raises(ContentError) as caught:
        read_article(content / "articles" / "necks.txt", root=content)
    error = caught.value
    assert error.where == f"{sidecar}, {key}"
    assert expected in (error.expected or "")
    assert found in (error.found or "")
    assert "python -m ingest" in (error.fix or "")


@pytest.mark.parametrize("text", [b"author = ", b"author = '\xff'", b"author = 'A'\nauthor = 'B'"])
def test_settings_that_are_no_toml_are_named(
    write_article: Write, content: Path, text: bytes
) -> None:
    sidecar = write_article("necks.toml", text)
    with pytest.raises(ContentError) as caught:
        read_article(content / "articles" / "necks.txt", root=content)
    assert caught.value.where == str(sidecar)
    assert caught.value.expected == "a TOML file in UTF-8"


def test_invisible_characters_are_left_out_of_names_too(
    write_article: Write, content: Path
) -> None:
    write_article("necks.toml", 'author = "  Dr\\u202e \\n Who\\u0000 "')
    article = read_article(content / "articles" / "necks.txt", root=content).article
    assert article.provenance.author == "Dr Who"


@pytest.mark.parametrize(
    ("head", "beside", "twice"),
    [
        ("author: A", "author = 'A'", "author"),
        ("reviewer: R\nreviewed: 2026-01-02", "author = 'A'", "reviewer, reviewed"),
        ("title: T", "title = 'T'", "title"),
        ("source: S", "", "source"),
    ],
)
def test_settings_in_two_places_are_refused_and_both_are_named(
    write_article: Write, content: Path, head: str, beside: str, twice: str
) -> None:
    path = write_article("m.md", f"---\n{head}\n---\n# Hips\n\nText.")
    sidecar = write_article("m.toml", beside)
    with pytest.raises(ContentError, match="two places") as caught:
        read_article(path, root=content)
    assert caught.value.where == f"{path} and {sidecar}"
    assert caught.value.found == f"{twice} at the top, and the file"


@pytest.mark.parametrize("head", ["title: T", "layout: post", "author: ''"])
def test_a_head_without_any_origin_may_have_settings_beside_it(
    write_article: Write, content: Path, head: str
) -> None:
    path = write_article("m.md", f"---\n{head}\n---\n# Hips\n\nText.")
    write_article("m.toml", "author = 'A'")
    assert read_article(path, root=content).article.provenance == Provenance(author="A")


def test_settings_are_no_articles(write_article: Write, content: Path, tmp_path: Path) -> None:
    write_article("necks.toml", SIDECAR)
    write_article("deep/OTHER.TOML", "")
    names = [path.name for path in article_files(content / "articles")]
    assert names == ["blood.txt", "necks.txt"]
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "a.toml").write_text("")
    with pytest.raises(ContentError, match="is empty"):
        article_files(tmp_path / "alone")


def test_settings_without_an_article_are_named(write_article: Write, content: Path) -> None:
    write_article("necks.toml", "")
    write_article("old/gone.toml", "")
    write_article("gone.txt", "Title\n\nIn another folder.")
    assert orphans(content / "articles") == ["old/gone.toml"]
    warning = str(orphan_warning("old/gone.toml"))
    assert "old/gone.toml: no article gone (.csv, .docx, .epub, .htm," in warning


# -- settings at the top --------------------------------------------------------------------------


def test_an_error_at_the_head_names_the_file(write_article: Write, content: Path) -> None:
    path = write_article("m.md", "---\nreviewed: soon\n---\nText.")
    with pytest.raises(ContentError) as caught:
        read_article(path, root=content)
    assert caught.value.where == f"{path}, reviewed"


def test_a_misspelt_setting_at_the_head_is_told_and_those_of_other_programs_are_not(
    write_article: Write, content: Path
) -> None:
    path = write_article(
        "m.md", "---\nAuther: A\nlayout: post\ntags: [x]\ndate: 2026-01-01\n1: 2\n---\n# T\n\nText."
    )
    (warning,) = read_article(path, root=content).warnings
    assert str(warning) == (
        "articles/m.md: the setting 'Auther' is unknown and left out; is author meant?"
    )
