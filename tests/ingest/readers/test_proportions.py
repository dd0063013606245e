"""What was read out of a file is built like a text before steps without a time limit get it."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ContentError
from core.text.paragraphs import STRETCH_CHARS, ends
from core.text.sentences import sentence_spans
from index.store.generations import open_index
from ingest.files.file_kinds import kind_of
from ingest.files.limits import SECTIONS
from ingest.readers.plain_text import parse_plain_text
from ingest.readers.proportions import check_proportions
from ingest.readers.read import read_article
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.word_files import docx, paragraph
from tests.support.paths import ROOT

Write = Callable[[str, str | bytes], Path]

# Seconds of one file, on a machine with other things to do; unbounded they take hours.
IN_TIME = 60

ENDLESS = "word " * 180_000


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.txt", f"Title\n\n{ENDLESS}"),
        ("a.md", f"# Title\n\n{ENDLESS}"),
        ("a.md", "# Title\n\nwords " + "".join("`" * (n % 1500 + 1) + " " for n in range(1500))),
        ("a.md", f"---\ntitle: {'word ' * 3_000}\n---\nText."),
        ("a.html", f"<h1>Title</h1><p>{ENDLESS}"),
        ("a.docx", docx(paragraph(ENDLESS))),
        ("a.txt", "Title\n\n" + "\u201ca" * 500_000),
    ],
)
def test_text_without_an_end_is_refused_and_the_others_are_published(
    content: Path,
    write_article: Write,
    encoder: BagOfWordsEncoder,
    tmp_path: Path,
    name: str,
    raw: str,
) -> None:
    path = write_article(name, raw)
    began = time.monotonic()
    report = build_with(encoder, content, tmp_path / "built")
    assert time.monotonic() - began < IN_TIME
    (error,) = report.problems
    assert error.problem == "This article has a sentence that does not end."
    assert error.where.startswith(f"{path}, ")
    assert error.expected == "a full stop or a line break at least every 10,000 characters"
    assert "characters, \u201c" in error.found
    assert error.fix.endswith("python -m ingest")
    assert set(open_index(tmp_path / "built", encoder=encoder).articles) == {"necks", "blood"}
    with FileLock(tmp_path / "built" / ".lock", timeout=0):
        pass


def test_the_line_is_named(content: Path, write_article: Write) -> None:
    path = write_article("a.txt", f"Title\n\nA sentence.\n\n{ENDLESS}")
    with pytest.raises(ContentError) as caught:
        read_article(path, root=content)
    assert caught.value.where == f"{path}, line 5 of its text"
    assert (caught.value.found or "").startswith("900,000 characters, \u201cword word")


def test_a_title_beside_the_file_is_looked_at_too(content: Path, write_article: Write) -> None:
    path = write_article("a.txt", "Title\n\nA sentence.")
    write_article("a.toml", f"title = '{'word ' * 3_000}'")
    with pytest.raises(ContentError, match="does not end") as caught:
        read_article(path, root=content)
    assert caught.value.where == f"{path}, the title"


def test_more_sections_than_any_article_has_are_refused() -> None:
    text = "Title\n\n" + "".join(f"Part {n}\n\nText.\n\n" for n in range(SECTIONS + 1))
    with pytest.raises(ContentError) as caught:
        check_proportions(parse_plain_text(text, "a", "A"))
    assert caught.value.found == "5,001"
    at_most = text.rpartition("Part")[0]
    check_proportions(parse_plain_text(at_most, "a", "A"))


@pytest.mark.parametrize(
    "end", [". ", "! ", "?\n", "\u2026 ", '." ', "\u3002", "\uff1f", "\u0964 ", "\n"]
)
def test_long_text_with_ends_of_any_script_is_taken(end: str) -> None:
    text = "Title\n\n" + ("word " * 1_900 + "word" + end) * 20
    check_proportions(parse_plain_text(text, "a", "A"))


def test_all_shipped_articles_are_far_below_the_limit() -> None:
    for path in sorted((ROOT / "content" / "articles").iterdir()):
        text = read_article(path, root=path.parent).article.text
        places = [0, *ends(text)]
        assert max(b - a for a, b in pairwise(places)) * 5 < STRETCH_CHARS


# -- what may be as long as it likes is read in time -----------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "A b." + "\n" * 900_000 + "B c.",
        pytest.param("A b." + "\n " * 450_000 + "B c.", marks=pytest.mark.slow),
        "a" + " ." * 450_000,
        "- a\n" * 200_000,
        "\u201ca. " * 100_000,
        ("\u201c" * 9_000 + ". ") * 30,
    ],
)
def test_sentences_are_found_in_time_and_nothing_is_lost(text: str) -> None:
    began = time.monotonic()
    spans = sentence_spans(text)
    assert time.monotonic() - began < IN_TIME
    kept = "".join(text[span.start : span.end] for span in spans)
    assert "".join(kept.split()) == "".join(text.split())
    assert max(span.end - span.start for span in spans) <= STRETCH_CHARS


@given(st.text(alphabet="aB .\n!\u201c", min_size=4_000, max_size=9_000))
def test_a_long_text_is_divided_without_losing_a_character(text: str) -> None:
    spans = sentence_spans(text)
    kept = "".join(text[span.start : span.end] for span in spans)
    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "unit", [b"<!--a-->", b"<!--a-->\n", b"<!---->", b"<!--", b"<?xml >", b" "]
)
def test_what_a_file_is_is_known_in_time(unit: bytes) -> None:
    began = time.monotonic()
    assert kind_of(unit * 1_000) == "plain text"
    assert time.monotonic() - began < 5


def test_a_page_may_begin_with_comments() -> None:
    assert kind_of(b"<!-- a -- b -->\n <!---->\n" * 3 + b"<!DOCTYPE html>") == "a web page"
