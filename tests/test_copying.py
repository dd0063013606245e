"""The lines that copy an index to a server, as the pages have them, between two folders."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from index import store
from tests.conftest import ROOT, WordCounts, build_with

pytestmark = pytest.mark.skipif(
    shutil.which("rsync") is None, reason="SKIPPED: no rsync on this machine"
)
SERVER = "/opt/clinic-search"
HERE = 'ssh() { shift; bash -c "$*"; }\n'  # the server is this machine


@pytest.fixture(params=["README.md", "deploy/README.md", "docs/distributed.md"])
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Run the lines of a page in the laptop's folder, without the ingest; return what they say."""
    blocks = re.findall(r"^```\n(.*?)^```$", (ROOT / request.param).read_text(), re.M | re.S)
    (block,) = (block for block in blocks if "--link-dest" in block)
    lines = block.replace("make ingest\n", "").replace(f"server:{SERVER}", str(tmp_path / "server"))
    lines = lines.replace(f"$replica:{SERVER}", SERVER).replace(SERVER, str(tmp_path / "server"))

    def run() -> str:
        done = subprocess.run(
            ["bash", "-c", HERE + lines],
            cwd=tmp_path / "laptop",
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr

    (tmp_path / "server" / "index" / "built").mkdir(parents=True)
    return run


def test_the_lines_bring_content_and_index_share_what_is_equal_and_keep_two_generations(
    copy: Callable[[], str], content: Path, tmp_path: Path, encoder: WordCounts
) -> None:
    laptop = tmp_path / "laptop"
    shutil.copytree(content, laptop / "content")
    ours, theirs = laptop / "index" / "built", tmp_path / "server" / "index" / "built"
    made: list[str] = []
    for word in ("carries", "hurts", "spreads"):
        text = f"News\n\nThe neck {word}.\n"
        (laptop / "content" / "articles" / "news.txt").write_text(text)
        made.append(build_with(encoder, laptop / "content", ours).generation)
        if len(made) > 1:  # as ingest does with the exported encoder
            before, now = (ours / generation / "notices.npz" for generation in made[-2:])
            assert before.read_bytes() == now.read_bytes()
            now.unlink()
            now.hardlink_to(before)
        assert copy() == ""
        assert copy() == ""  # again, which changes nothing
        assert store.open_index(theirs, encoder=encoder).generation == made[-1]
        copied = tmp_path / "server" / "content" / "articles" / "news.txt"
        assert copied.read_text() == text
        kept = sorted(path.name for path in theirs.iterdir() if path.is_dir())
        assert kept == sorted(made[-2:])
        if len(made) > 1:
            one, two = (theirs / generation / "notices.npz" for generation in made[-2:])
            assert one.samefile(two)
    store.roll_back(ours)
    assert copy() == ""
    assert store.open_index(theirs, encoder=encoder).generation == made[-2]


def test_without_an_index_the_lines_remove_nothing_from_the_server(
    copy: Callable[[], str], content: Path, tmp_path: Path, encoder: WordCounts
) -> None:
    theirs = tmp_path / "server" / "index" / "built"
    generation = build_with(encoder, content, theirs).generation
    (tmp_path / "laptop" / "content").mkdir(parents=True)
    assert "No such file" in copy()
    assert store.open_index(theirs, encoder=encoder).generation == generation
