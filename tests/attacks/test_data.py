"""What else may happen to the data: an index that is deleted in use, hostile files all at once.

Each hostile file by itself, and what is said of it, is in
`tests/ingest/files/test_hostile_files.py` (bombs, entities, archives, PDFs, sizes, links) and
`tests/ingest/readers/test_reader_fuzz.py`; kills are in `tests/index/store/test_crash.py`, bad
saves in `tests/ui/service/test_reloading_file.py`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.store.generations import current_generation, open_index
from tests.attacks.small import QUESTION, clinic, served
from tests.attacks.stranger import connected
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.word_files import docx, paragraph
from tests.support.pages.browser import Server, answer

HEAD = "---\n{}\n---\n\nA neck may hurt.\n"
NESTED = "<w:tbl><w:tr><w:tc>" * 3000 + paragraph("neck") + "</w:tc></w:tr></w:tbl>" * 3000
FILES: dict[str, str | bytes] = {
    "anchors.md": HEAD.format("a: &a [x, x]\nb: &b [*a, *a]\nsources: [*b, *b]"),
    "object.md": HEAD.format("author: !!python/object/apply:os.system ['touch made-by-yaml']"),
    "name.md": HEAD.format("author: !!python/name:os.system"),
    "import.md": HEAD.format("!!python/object/new:subprocess.Popen [['touch', 'made-by-yaml']]"),
    "digits.md": HEAD.format(f"title: {'9' * 6000}"),
    "sexagesimal.md": HEAD.format(f"title: {'59:' * 500}59"),
    "day.md": HEAD.format("reviewed: 2025-02-31"),
    "brackets.md": HEAD.format(f"sources: {'[' * 20_000}"),
    "tables.docx": docx(NESTED),
    "page.html": "<p>neck" + "<div>" * 200_000 + "x",
    "digits.txt": "Digits\n\nA neck.\n",
    "digits.toml": "title = " + "9" * 4000,
    "noise.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 400,
    "noise.docx": b"PK\x03\x04" + bytes(range(256)) * 400,
}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder of articles in which everything that can be wrong is wrong, and two are sound."""
    content, _ = clinic(tmp_path)
    articles = content / "articles"
    for name, raw in FILES.items():
        (articles / name).write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    for name, target in {
        "zero.txt": "/dev/zero",
        "random.md": "/dev/urandom",
        "passwd.txt": "/etc/passwd",
        "memory.html": "/proc/self/mem",
        "environment.txt": "/proc/self/environ",
        "circle.txt": "circle.md",
        "circle.md": "circle.txt",
        "around": "around",
        "up": "..",
        "all": "/",
    }.items():
        (articles / name).symlink_to(target)
    os.mkfifo(articles / "pipe.txt")
    (articles / "folder.txt").mkdir()
    return content


def test_hostile_files_all_at_once_cost_no_sound_article_its_place(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    built = tmp_path / "built"
    before = {path for path in tmp_path.rglob("*") if built not in path.parents}
    (hostile / "articles" / "new.txt").write_text("New\n\nA needle and a back.\n")
    report = build_with(BagOfWordsEncoder(), hostile, built)
    index = open_index(built, encoder=BagOfWordsEncoder())
    assert {"necks", "blood", "new"} <= set(index.articles)
    refused = {Path(error.where.split(",")[0]).name for error in report.problems}
    assert {"zero.txt", "random.md", "passwd.txt", "memory.html", "circle.txt", "all"} <= refused
    assert {"anchors.md", "object.md", "name.md", "import.md", "brackets.md"} <= refused
    assert {"tables.docx", "page.html", "noise.pdf", "noise.docx", "day.md"} <= refused
    for article in index.articles.values():
        assert "root:" not in article.text + article.title
        assert len(article.text) < 1000
    after = {path for path in tmp_path.rglob("*") if built not in path.parents}
    assert after - before == {hostile / "articles" / "new.txt"}  # nothing was made by a file


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with served(tmp_path) as running:
        yield running


def test_an_index_that_is_deleted_in_use_goes_on_answering(server: Server, tmp_path: Path) -> None:
    built = tmp_path / "built"
    served_now = current_generation(built)
    with connected(server.url, 1) as visitor:
        for gone in (built / "current", built / str(served_now), built):
            gone.unlink() if gone.is_file() else shutil.rmtree(gone)
            assert "cs-card" in "".join(visitor.ask(QUESTION)), gone
            assert answer(server.url + "readyz") == 200
    assert "Traceback" not in server.written()
    build_with(BagOfWordsEncoder(), tmp_path / "content", built)
    with connected(server.url, 2) as visitor:
        assert "cs-card" in "".join(visitor.ask(QUESTION))
