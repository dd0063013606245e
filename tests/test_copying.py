"""deploy/copy.sh brings an index to a server, here by rsync's own protocol to another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from index import store
from tests.conftest import ROOT, WordCounts, build_with
from tests.visitor import without

SCRIPT = Path("deploy") / "copy.sh"
# The server is this machine; one of that name cannot be reached.
SSH = """#!/usr/bin/env bash
[ "$1" = gone ] && { echo "ssh: no route to gone" >&2; exit 255; }
shift
exec bash -c "$*"
"""
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Done]:
    """Run the script in the laptop's folder, for hosts that are all the folder `server`."""
    if shutil.which("rsync") is None:
        without("rsync")
    tools, script = tmp_path / "tools", tmp_path / "laptop" / SCRIPT
    for folder in (tools, script.parent):
        folder.mkdir(parents=True)
    (tools / "ssh").write_text(SSH)
    (tools / "ssh").chmod(0o755)
    shutil.copy(ROOT / SCRIPT, script)
    places = {"PATH": f"{tools}:{os.environ['PATH']}", "TO": str(tmp_path / "server")}

    def run(*hosts: str) -> Done:
        return subprocess.run(
            [script, *hosts],
            env={**os.environ, **places},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_content_and_index_are_brought_share_what_is_equal_and_two_generations_are_kept(
    copy: Callable[..., Done], content: Path, tmp_path: Path, encoder: WordCounts
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
        for _ in range(2):  # again, which changes nothing
            done = copy("server")
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout == f"server has {made[-1]}.\n"
        assert store.open_index(theirs, encoder=encoder).generation == made[-1]
        copied = tmp_path / "server" / "content" / "articles" / "news.txt"
        assert copied.read_text() == text
        kept = sorted(path.name for path in theirs.iterdir() if path.is_dir())
        assert kept == sorted(made[-2:])
        if len(made) > 1:
            one, two = (theirs / generation / "notices.npz" for generation in made[-2:])
            assert one.samefile(two)
    store.roll_back(ours)
    assert copy("server").returncode == 0
    assert store.open_index(theirs, encoder=encoder).generation == made[-2]


def test_a_server_that_cannot_be_reached_keeps_no_other_one_from_its_index(
    copy: Callable[..., Done], content: Path, tmp_path: Path, encoder: WordCounts
) -> None:
    shutil.copytree(content, tmp_path / "laptop" / "content")
    built = tmp_path / "laptop" / "index" / "built"
    generation = build_with(encoder, content, built).generation
    done = copy("gone", "server")
    assert done.returncode == 1
    assert "gone: not copied" in done.stderr
    assert done.stdout == f"server has {generation}.\n"


def test_without_an_index_or_a_server_nothing_is_touched_and_it_is_said(
    copy: Callable[..., Done], content: Path, tmp_path: Path, encoder: WordCounts
) -> None:
    theirs = tmp_path / "server" / "index" / "built"
    generation = build_with(encoder, content, theirs).generation
    without_index = copy("server")
    assert (without_index.returncode, "make ingest" in without_index.stderr) == (1, True)
    nowhere = copy()
    assert (nowhere.returncode, "usage" in nowhere.stderr) == (2, True)
    assert store.open_index(theirs, encoder=encoder).generation == generation
