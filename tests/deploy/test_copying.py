"""deploy/copy.sh brings an index to a server, here by rsync's own protocol to another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from core.files import edits
from index.store import generations
from index.store.record import read_generation
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages.visitor import without
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

SCRIPT = Path("deploy") / "copy.sh"
# The server is this machine; one of that name cannot be reached. What `tools/during` says is done
# before each call of it.
SSH = """#!/usr/bin/env bash
[ "$1" = gone ] && { echo "ssh: no route to gone" >&2; exit 255; }
shift
during=$(dirname "$0")/during
[ ! -e "$during" ] || . "$during"
exec bash --norc -c "$*"  # over a socket bash would read the files of a login
"""
# Both the laptop and the server die, or the server alone, before step DIE_AT of either.
STEP = """#!/usr/bin/env bash
tools=$(dirname "$0")
echo "$(basename "$0") $*" >>"$tools/steps"
if [ "$(wc -l <"$tools/steps")" = "${DIE_AT:-0}" ]; then
    kill -9 $DIE
    kill -9 $PPID $$
fi
[ "$(basename "$0")" = sync ] && exit
exec "$(PATH=${PATH#"$tools:"} command -v "$(basename "$0")")" "$@"
"""
STEPS = ("rsync", "mv", "rm", "sync")
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Done]:
    """Run the script in the laptop's folder, for hosts that are all the folder `server`."""
    if shutil.which("rsync") is None:
        without("rsync")
    tools, script = tmp_path / "tools", tmp_path / "laptop" / SCRIPT
    for folder in (tools, script.parent):
        folder.mkdir(parents=True)
    for name, text in {"ssh": SSH, "sync": "#!/bin/sh\n"}.items():  # nobody waits for the disk
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    shutil.copy(ROOT / SCRIPT, script)
    places = {"PATH": f"{tools}:{os.environ['PATH']}", "TO": str(tmp_path / "server")}

    def run(*hosts: str, **settings: str) -> Done:
        return subprocess.run(
            [script, *hosts],
            env={**os.environ, **places, **settings},
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,  # what is killed there is not this process
        )

    return run


@pytest.fixture
def laptop(copy: Callable[..., Done], content: Path, tmp_path: Path) -> Path:
    """The laptop's folder, with content and nothing built yet."""
    shutil.copytree(content, tmp_path / "laptop" / "content")
    return tmp_path / "laptop"


@pytest.fixture
def during(tmp_path: Path) -> Callable[[str], None]:
    """Have the shell do something before each call of the server."""

    def write(text: str) -> None:
        (tmp_path / "tools" / "during").write_text(text)

    return write


def publish(laptop: Path, word: str, built: Path | None = None) -> str:
    """Publish content with an article that has this word; return the generation."""
    (laptop / "content" / "articles" / "news.txt").write_text(f"News\n\nThe neck {word}.\n")
    folder = built or laptop / "index" / "built"
    return build_with(BagOfWordsEncoder(), laptop / "content", folder).generation


def serving(server: Path) -> str:
    """Return what is served there; all that is named there must be sound."""
    built = server / "index" / "built"
    for generation in (built / "history").read_text().split():
        assert read_generation(built / generation).manifest.generation == generation
    return generations.open_index(built, encoder=BagOfWordsEncoder()).generation


def names(folder: Path) -> set[str]:
    """Return what lies in a folder, below it too, but for what no copy is about."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    return found - {".lock", "history"}


def test_content_and_index_are_brought_share_what_is_equal_and_two_generations_are_kept(
    copy: Callable[..., Done], laptop: Path, tmp_path: Path
) -> None:
    ours, theirs = laptop / "index" / "built", tmp_path / "server" / "index" / "built"
    made: list[str] = []
    for word in ("carries", "hurts", "spreads"):
        made.append(publish(laptop, word))
        if len(made) > 1:  # as ingest does with the exported encoder
            before, now = (ours / generation / "notices.npz" for generation in made[-2:])
            assert before.read_bytes() == now.read_bytes()
            now.unlink()
            now.hardlink_to(before)
        for _ in range(2):  # again, which changes nothing
            done = copy("server")
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout == f"server has {made[-1]}.\n"
        assert serving(tmp_path / "server") == made[-1]
        copied = tmp_path / "server" / "content" / "articles" / "news.txt"
        assert copied.read_text() == f"News\n\nThe neck {word}.\n"
        kept = sorted(path.name for path in theirs.iterdir() if path.is_dir())
        assert kept == sorted(made[-2:])
        if len(made) > 1:
            one, two = (theirs / generation / "notices.npz" for generation in made[-2:])
            assert one.samefile(two)
    generations.roll_back(ours)
    assert copy("server").returncode == 0
    assert serving(tmp_path / "server") == made[-2]


def test_a_server_that_cannot_be_reached_keeps_no_other_one_from_its_index(
    copy: Callable[..., Done], laptop: Path
) -> None:
    generation = publish(laptop, "carries")
    done = copy("gone", "server")
    assert done.returncode == 1
    assert "gone: not copied" in done.stderr
    assert done.stdout == f"server has {generation}.\n"


def test_without_an_index_or_a_server_nothing_is_touched_and_it_is_said(
    copy: Callable[..., Done], laptop: Path, tmp_path: Path
) -> None:
    generation = publish(laptop, "carries", tmp_path / "server" / "index" / "built")
    without_index = copy("server")
    assert (without_index.returncode, "make ingest" in without_index.stderr) == (1, True)
    for hosts in ((), ("server", "-oProxyCommand=id")):  # that one looks like an option
        done = copy(*hosts)
        assert (done.returncode, "usage" in done.stderr, done.stdout) == (2, True, "")
    assert serving(tmp_path / "server") == generation


def test_an_ingest_during_the_copy_changes_nothing_of_what_arrives(
    copy: Callable[..., Done], during: Callable[[str], None], laptop: Path, tmp_path: Path
) -> None:
    generation = publish(laptop, "carries")
    publish(laptop, "hurts", tmp_path / "later")  # what a watching ingest publishes meanwhile
    during(f"cp -r '{tmp_path}'/later/* '{laptop}/index/built/'")
    done = copy("server")
    assert (done.returncode, done.stdout) == (0, f"server has {generation}.\n")
    assert generations.current_generation(laptop / "index" / "built") != generation
    assert serving(tmp_path / "server") == generation


@pytest.mark.parametrize("call", range(1, 6))
def test_a_generation_that_goes_away_while_it_is_copied_never_serves_and_the_next_one_is_copied(
    copy: Callable[..., Done],
    during: Callable[[str], None],
    laptop: Path,
    tmp_path: Path,
    call: int,
) -> None:
    built, server = laptop / "index" / "built", tmp_path / "server"
    first = publish(laptop, "carries")
    assert copy("server").returncode == 0
    old = publish(laptop, "hurts")
    new = publish(laptop, "spreads", tmp_path / "later")
    during(
        f"""echo >>'{tmp_path}/calls'
        if [ "$(wc -l <'{tmp_path}/calls')" = {call} ]; then
            cp -r '{tmp_path}'/later/* '{built}/'
            rm -r '{built}/{old}/lexical' '{built}/{old}/manifest.json'
        fi"""
    )
    done = copy("server")
    assert (done.returncode, done.stdout) == (0, f"server has {new}.\n")
    assert f"Generation {old} went away" in done.stderr
    assert serving(server) == new
    files = names(server / "index/built" / new)
    wanted = {f"{generation}/{name}" for generation in (first, new) for name in files}
    assert names(server / "index" / "built") == {"current", first, new, *wanted}


def test_a_generation_that_always_goes_away_is_said_and_the_old_one_serves_on(
    copy: Callable[..., Done], during: Callable[[str], None], laptop: Path, tmp_path: Path
) -> None:
    first = publish(laptop, "carries")
    assert copy("server").returncode == 0
    publish(laptop, "hurts")
    (laptop / "index" / "built" / "calls").touch()
    during(
        f"""cd '{laptop}'/index/built && touch "$(cat current)/$(wc -l <calls)"
        echo >>calls; cd - >/dev/null"""
    )
    done = copy("server")
    assert done.returncode == 1
    assert "went away" in done.stderr
    assert "what it served goes on being served" in done.stderr
    assert serving(tmp_path / "server") == first
    assert first in names(tmp_path / "server" / "index" / "built")


@pytest.mark.parametrize("who", ["both", "server"])
def test_killed_at_any_step_the_old_or_the_new_generation_serves_and_the_next_copy_is_whole(
    copy: Callable[..., Done], laptop: Path, tmp_path: Path, who: str
) -> None:
    tools, server = tmp_path / "tools", tmp_path / "server"
    ids = [publish(laptop, "carries")]
    assert copy("server").returncode == 0
    ids.append(publish(laptop, "hurts"))
    assert copy("server").returncode == 0
    (laptop / "content" / "articles" / "blood.txt").unlink()
    (laptop / "content" / "articles" / "flow.txt").write_text("Flow\n\nBlood.\n")
    ids.append(publish(laptop, "spreads"))
    before = shutil.copytree(server, tmp_path / "before")
    for name in STEPS:
        (tools / name).write_text(STEP)
        (tools / name).chmod(0o755)
    assert copy("server").returncode == 0
    steps = len((tools / "steps").read_text().splitlines())
    assert steps > 12
    whole = names(server)
    served = set()
    for at in range(1 if who == "both" else steps - 8, steps + 1):
        shutil.rmtree(server)
        shutil.copytree(before, server)
        (tools / "steps").unlink()
        died = copy("server", DIE_AT=str(at), DIE="0" if who == "both" else "")
        assert died.returncode != 0 or who == "server", at
        served.add(serving(server))
        texts = {path.read_text() for path in (server / "content" / "articles").iterdir()}
        assert "" not in texts
        assert any("Blood" in text for text in texts)
        if at % 4 == 0:
            assert copy("server").returncode == 0, at
            assert (serving(server), names(server)) == (ids[2], whole), at
            assert generations.previous_generation(server / "index" / "built") == ids[1]
    assert served == {ids[1], ids[2]}


def test_a_file_that_is_being_saved_never_arrives_half_saved(
    copy: Callable[..., Done], during: Callable[[str], None], laptop: Path, tmp_path: Path
) -> None:
    generation = publish(laptop, "carries")
    cards, theirs = laptop / "content" / "routes.toml", tmp_path / "server/content/routes.toml"
    cards.write_text("[cost]\ntitle = 'half")  # an editor is at it
    seen = tmp_path / "seen"
    during(
        f"""echo >>'{tmp_path}/calls'
        cp '{theirs}' '{seen}' 2>/dev/null
        if [ "$(wc -l <'{tmp_path}/calls')" = 4 ]; then echo "whole" >'{cards}'; fi"""
    )
    assert copy("server").stdout == f"server has {generation}.\n"
    assert theirs.read_text() == "whole\n"
    assert not seen.exists()


def test_content_that_never_keeps_still_is_said_and_nothing_of_it_counts(
    copy: Callable[..., Done], during: Callable[[str], None], laptop: Path, tmp_path: Path
) -> None:
    generation = publish(laptop, "carries")
    assert copy("server").returncode == 0
    publish(laptop, "hurts")
    before = names(tmp_path / "server")
    during(f"date +%N >'{laptop}/content/routes.toml'")
    done = copy("server")
    assert done.returncode == 1
    assert "content/ changes all the time" in done.stderr
    assert serving(tmp_path / "server") == generation
    assert names(tmp_path / "server") == before


def test_content_is_as_it_is_here_and_nothing_hidden_goes_along_or_is_lost_there(
    copy: Callable[..., Done], laptop: Path, tmp_path: Path
) -> None:
    content, theirs = laptop / "content", tmp_path / "server" / "content"
    publish(laptop, "carries")
    (content / "languages").mkdir()
    (content / "languages" / "cy.toml").write_text("")
    assert copy("server").returncode == 0
    edits.save(content / "routes.toml", b"[cost]\n", opened=None)
    for name in (".writing-routes.toml", "articles/.fetching", ".DS_Store", ".history/old.txt"):
        (content / name).write_text("a text that was taken back")
    for name in ("preview.html", "preview.json", "candidate", ".writing-current", "counts.csv"):
        (laptop / "index" / "built" / name).write_text("0" * 16 + "\n")
    (content / "articles" / "blood.txt").unlink()
    shutil.rmtree(content / "languages")
    (theirs / ".history").mkdir()
    (theirs / ".history" / "kept").write_text("of the server")
    (theirs / "articles" / "strange.txt").write_text("Strange\n\nNobody here knows of it.\n")
    assert copy("server").returncode == 0
    assert names(theirs) == {
        *("articles", "articles/necks.txt", "articles/news.txt", "red_flags.toml", "routes.toml"),
        *(".history", ".history/kept"),
    }
    built = names(tmp_path / "server" / "index" / "built")
    assert {name for name in built if "/" not in name and len(name) != 16} == {"current"}


def test_notices_and_settings_that_are_missing_here_are_not_taken_from_the_server(
    copy: Callable[..., Done], laptop: Path, tmp_path: Path
) -> None:
    flags, theirs = (
        folder / "content" / "red_flags.toml" for folder in (laptop, tmp_path / "server")
    )
    ours = flags.read_text()
    first = publish(laptop, "carries")
    assert copy("server").returncode == 0
    second = publish(laptop, "hurts")
    for damage in (lambda: flags.write_text(""), flags.unlink):
        damage()
        done = copy("server")
        assert done.returncode == 1
        assert "content/red_flags.toml is missing or empty here" in done.stderr
        assert theirs.read_text() == ours
        assert serving(tmp_path / "server") == first
    flags.write_text(ours)
    assert copy("server").stdout == f"server has {second}.\n"


def test_what_was_served_on_the_server_can_be_served_there_again(
    copy: Callable[..., Done], laptop: Path, tmp_path: Path
) -> None:
    built = tmp_path / "server" / "index" / "built"
    first = publish(laptop, "carries")
    (laptop / "index" / "built" / "history").unlink()  # of an index from before there was one
    done = copy("server")
    assert (done.returncode, done.stderr) == (0, "")
    assert (built / "history").read_text() == f"{first}\n"
    for word in ("hurts", "passes"):  # what was published twice is copied once
        last = publish(laptop, word)
    for _ in range(2):
        assert copy("server").returncode == 0
        assert (built / "history").read_text() == f"{last}\n{first}\n"
    with generations.writing(built):
        assert generations.roll_back(built) == first
    assert serving(tmp_path / "server") == first
    assert copy("server").returncode == 0
    assert serving(tmp_path / "server") == last


@pytest.mark.parametrize(
    "name",
    ["a clinic's", 'the "new" one', "a b  c", "$HOME `id` $(id)", "*?[x]", "-v", "é;&|<>!\\"],
)
def test_the_folder_there_may_have_any_name(
    copy: Callable[..., Done], laptop: Path, tmp_path: Path, name: str
) -> None:
    generation = publish(laptop, "carries")
    for _ in range(2):
        done = copy("server", TO=str(tmp_path / name))
        assert (done.returncode, done.stderr) == (0, "")
        assert serving(tmp_path / name) == generation


def test_the_folder_there_may_be_named_from_where_the_shell_begins(
    copy: Callable[..., Done], laptop: Path
) -> None:
    generation = publish(laptop, "carries")
    assert copy("server", TO="-my server").returncode == 0
    assert serving(laptop / "-my server") == generation


def test_a_pointer_that_cannot_be_read_is_no_index(
    copy: Callable[..., Done], laptop: Path, tmp_path: Path
) -> None:
    publish(laptop, "carries")
    for text in ("", "../../etc\n", "0123456789abcdef\n", "."):
        (laptop / "index" / "built" / "current").write_text(text)
        done = copy("server")
        assert (done.returncode, "make ingest" in done.stderr) == (1, True)
        assert not (tmp_path / "server").exists()
