"""What lies in the articles folder beside articles disturbs nobody, and is no article."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ContentError
from ingest.files.folder import article_files, files_aside
from ingest.readers.read import read_article

Write = Callable[[str, str | bytes], Path]


def names(content: Path) -> list[str]:
    articles = content / "articles"
    return [path.relative_to(articles).as_posix() for path in article_files(articles)]


def test_pictures_and_files_of_systems_are_counted_and_are_no_articles(
    content: Path, write_article: Write
) -> None:
    for name in (
        *("a.png", "img/B.JPG", "c.svg", "site/style.css", "site/app.js", "site/font.woff2"),
        *("desktop.ini", "hip/Thumbs.db", ".DS_Store", "__MACOSX/x", "~$necks.docx", "film.mp4"),
    ):
        write_article(name, b"\x89PNG")
    assert names(content) == ["blood.txt", "necks.txt"]
    aside = files_aside(content / "articles")
    assert aside[".png"] == aside[".jpg"] == aside[".ini"] == 1
    assert sum(aside.values()) == 10


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("a.doc", "open it in Word or LibreOffice and save it as .docx"),
        ("a.OTT", "open it in Word or LibreOffice and save it as .docx"),
        ("a.xlsx", "save it as .csv with the columns question and answer"),
        ("a.PPT", "open it in PowerPoint or LibreOffice and save it as .pptx"),
        ("a.odp", "open it in PowerPoint or LibreOffice and save it as .pptx"),
        ("a.zip", "unpack it"),
        ("a.xyz", "save it as one of .csv, .docx"),
        ("a.docx", "open it in Word or LibreOffice and save it as .docx"),  # an old file inside
    ],
)
def test_another_format_says_what_to_do(
    content: Path, write_article: Write, name: str, fix: str
) -> None:
    path = write_article(name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 text")
    assert path in article_files(content / "articles")
    with pytest.raises(ContentError) as caught:
        read_article(path, root=content / "articles")
    assert str(caught.value.fix).startswith(fix)


def test_a_link_to_an_article_of_the_folder_is_no_second_article(
    content: Path, write_article: Write
) -> None:
    articles = content / "articles"
    write_article("hip/pain.md", "# Hip\n\nIt hurts.")
    write_article(".drafts/new.md", "# New\n\nNot ready.")
    (articles / "again.md").symlink_to("hip/pain.md")
    (articles / "twice.md").symlink_to("again.md")
    (articles / "from-draft.md").symlink_to(".drafts/new.md")
    assert names(content) == ["blood.txt", "from-draft.md", "hip/pain.md", "necks.txt"]
