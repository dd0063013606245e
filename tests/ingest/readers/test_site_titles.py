"""A title that several pages share is their site's; pages that only forward are left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ingest.build.articles import ArticlesRead, read_articles
from ingest.readers.read import ReadArticle
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder

Write = Callable[[str, str | bytes], Path]

SITE = "<title>Spine Centre</title>"
BACKS = f"{SITE}<h2>Backs</h2><p>Keep moving.</p>"
NECKS = f"{SITE}<p>Necks are strong.</p><h2>Necks</h2><p>Keep turning.</p>"


@pytest.fixture
def folder(content: Path) -> Path:
    return content / "articles"


def read(folder: Path, known: Mapping[str, ReadArticle] | None = None) -> ArticlesRead:
    return read_articles(folder, lambda items, _total, _what: items, known=known)


def titles(found: ArticlesRead) -> dict[str, str]:
    return {r.article.id: r.article.title for r in found.articles if len(r.article.id) == 1}


def by_source(found: ArticlesRead) -> dict[str, ReadArticle]:
    return {r.article.source: r for r in found.articles}


def test_pages_that_share_a_title_are_named_by_their_first_headings(
    folder: Path, write_article: Write
) -> None:
    write_article("a.html", BACKS)
    write_article("b.html", NECKS)
    write_article("c.html", f"{SITE}<h1>Arms</h1><p>Lift them.</p>")
    write_article("d.html", f"{SITE}<p>No heading.</p>")
    found = titles(read(folder))
    assert found == {"a": "Backs", "b": "Necks", "c": "Arms", "d": "Spine Centre"}


def test_a_heading_that_pages_share_and_a_title_beside_a_page_stay(
    folder: Path, write_article: Write
) -> None:
    for name in ("a", "b"):
        write_article(f"{name}.html", f"<h1>Backs</h1><h2>Why {name}</h2><p>Keep moving.</p>")
    write_article("c.html", BACKS)
    write_article("c.toml", 'title = "Spine Centre at home"')
    write_article("d.html", BACKS)
    found = titles(read(folder))
    assert (found["a"], found["b"], found["c"]) == ("Backs", "Backs", "Spine Centre at home")
    assert found["d"] == "Spine Centre"


def test_titles_are_the_same_in_whatever_order_the_pages_came(
    folder: Path, write_article: Write
) -> None:
    write_article("a.html", BACKS)
    alone = read(folder)
    assert titles(alone) == {"a": "Spine Centre"}
    other = write_article("b.html", NECKS)
    both = read(folder, by_source(alone))
    assert titles(both) == {"a": "Backs", "b": "Necks"}
    assert "a" not in both.unchanged
    again = read(folder, by_source(both))
    assert again.unchanged >= {"a", "b"}
    assert titles(again) == titles(read(folder))
    other.unlink()
    assert titles(read(folder, by_source(both))) == {"a": "Spine Centre"}


def test_a_page_that_came_to_forward_is_taken_offline_with_a_warning(
    content: Path, built: Path, write_article: Write
) -> None:
    write_article("backs.html", "<h1>Backs</h1><p>Keep moving.</p>")
    build_with(BagOfWordsEncoder(), content, built)
    write_article("backs.html", "<meta http-equiv=refresh content='0;url=/new'><p>Moved.</p>")
    report = build_with(BagOfWordsEncoder(), content, built)
    assert "backs.html" not in {row.article for row in report.articles}
    assert report.problems == ()
    (warning,) = [w for w in report.warnings if "forwards" in w.problem]
    assert "backs.html" in str(warning)
    assert "/new" in str(warning)


def test_a_folder_with_nothing_but_a_page_that_forwards_is_refused(
    folder: Path, write_article: Write
) -> None:
    for path in folder.iterdir():
        path.unlink()
    write_article("a.html", "<meta http-equiv=refresh content='0;url=/new'><p>Moved.</p>")
    with pytest.raises(Exception, match="only forwards"):
        read(folder)
