"""README's promise, held by the kernel's word: nobody is called, the home folder stays empty.

Every command runs under strace with an empty home. Where strace is not installed these tests are
skipped, loudly; where CI is set, they fail.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.harness.session import visiting
from core.offline import DEFAULTS, QUIET
from tests.support.files.content import label_enough_to_calibrate
from tests.support.files.notice_files import block, table, write
from tests.support.pages.asgi import run
from tests.support.pages.browser import serving
from tests.support.pages.visitor import without
from tests.support.paths import ROOT
from tests.support.system_calls import Call, Record, foreign, outside, parsed, strace, written

# -- what the reader of a record sees -------------------------------------------------------------


def calls_of(*lines: str) -> list[Call]:
    return list(parsed("\n".join(f"12 {line}" for line in lines)))


def v4(host: str, port: int) -> str:
    return f'{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr("{host}")}}, 16'


def v6(host: str, port: int) -> str:
    address = f'inet_pton(AF_INET6, "{host}", &sin6_addr), sin6_scope_id=0'
    return f"{{sa_family=AF_INET6, sin6_port=htons({port}), sin6_flowinfo=htonl(0), {address}}}, 28"


def message(host: str) -> str:
    return f'{{msg_hdr={{msg_name={v4(host, 9)}, msg_iov=[{{iov_base=""..., iov_len=3}}]}}}}'


NSCD = '{sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110'


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (f"connect(3, {v4('192.0.2.1', 443)}) = -1 EINPROGRESS (Op...)", "192.0.2.1 port 443"),
        (f"connect(3<socket:[1]>, {v6('2001:db8::1', 443)}) = 0", "2001:db8::1 port 443"),
        (f"connect(3, {v6('::ffff:192.0.2.1', 80)}) = 0", "::ffff:192.0.2.1 port 80"),
        (f'sendto(5, ""..., 31, 0, {v4("127.0.0.53", 53)}) = 31', "127.0.0.53 port 53"),
        (f"sendmmsg(5, [{message('127.0.0.1')}, {message('192.0.2.7')}]) = 2", "192.0.2.7 port 9"),
        (f"bind(3, {v4('0.0.0.0', 8501)}) = 0", "0.0.0.0 port 8501"),
        (f"connect(4, {NSCD}) = -1 ENOENT (No such file)", 'unix "/var/run/nscd/socket"'),
        ("sendto(4, ..., 20, 0, {sa_family=AF_NETLINK, nl_pid=0}, 12) = 20", "AF_NETLINK"),
    ],
)
def test_whoever_is_not_this_machine_is_named(line: str, address: str) -> None:
    assert foreign(calls_of(line)) == [address]


@pytest.mark.parametrize(
    "line",
    [
        f"connect(3, {v4('127.0.0.1', 8501)}) = 0",
        f"bind(3, {v6('::1', 0)}) = 0",
        'sendto(5<socket:[1]>, ""..., 31, 0, NULL, 0) = 31',
        'mkdir("192.0.2.1", 0777) = 0',
    ],
)
def test_loopback_is_this_machine_and_an_answer_has_no_address(line: str) -> None:
    assert foreign(calls_of(line)) == []


def test_a_call_that_another_thread_interrupts_is_read_whole() -> None:
    log = (
        f"12 connect(3, {v4('192.0.2.1', 443)} <unfinished ...>\n"
        '13 openat(AT_FDCWD</home>, "a", O_RDONLY) = 4</home/a>\n'
        "12 <... connect resumed>) = 0\n"
        f"13 connect(4, {v4('192.0.2.2', 9)} <unfinished ...>"
    )
    assert foreign(list(parsed(log))) == ["192.0.2.1 port 443", "192.0.2.2 port 9"]


def test_a_record_of_another_shape_is_refused_and_not_passed_over() -> None:
    with pytest.raises(ValueError, match="not a line"):
        list(parsed("strace: something is wrong"))


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('openat(AT_FDCWD</here>, "a/b", O_WRONLY|O_CREAT, 0666) = 3</here/a/b>', "/here/a/b"),
        ('openat(7</here/x>, "../y", O_RDWR) = 3', "/here/y"),
        ('openat2(4</w>, "n", {flags=O_RDWR|O_CREAT, mode=0600}, 24) = 5', "/w/n"),
        ('open("/a b\\"\\303\\244", O_RDONLY|O_TRUNC) = 3', '/a b"ä'),
        ('openat(AT_FDCWD</here>, "/tmp", O_RDWR|O_EXCL|O_TMPFILE, 0600) = 3', "/tmp"),
        ('creat("c", 0600) = 3', "/cwd/c"),
        ('mkdir("/home/.cache", 0777) = -1 EEXIST (File exists)', "/home/.cache"),
        ('mkdirat(AT_FDCWD</here>, "d", 0777) = 0', "/here/d"),
        ('unlink("/u") = 0', "/u"),
        ('symlink("../elsewhere", "/s") = 0', "/s"),
        ('symlinkat("../elsewhere", 3</w>, "s") = 0', "/w/s"),
        ('chmod("/m", 0700) = 0', "/m"),
    ],
)  # fmt: skip
def test_every_way_to_write_is_named_with_its_whole_path(line: str, path: str) -> None:
    assert written(calls_of(line), Path("/cwd")) == [path]


def test_both_names_of_a_file_that_moves_are_named() -> None:
    lines = ('rename("/a", "/b") = 0', 'linkat(3</w>, "c", AT_FDCWD</v>, "d", 0) = 0')
    assert written(calls_of(*lines), Path("/")) == ["/a", "/b", "/v/d", "/w/c"]


def test_what_is_only_read_is_not_written() -> None:
    lines = (
        'openat(AT_FDCWD</here>, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 3</etc/hosts>',
        'bind(3, {sa_family=AF_UNIX, sun_path="/s"}, 110) = 0',
    )
    assert written(calls_of(*lines), Path("/")) == []


def test_only_named_folders_may_be_written_to() -> None:
    paths = ["/dev/null", "/dev/shm/sem.x", "/dev/shm/else", "/built/a", "/builtin", "/home/b"]
    assert outside(paths, Path("/built")) == ["/dev/shm/else", "/builtin", "/home/b"]


# -- what the product does ------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where the watched commands run: with content and an index, and an empty home."""

    folder: Path

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def built(self) -> Path:
        return self.folder / "built"

    def environment(self) -> Mapping[str, str]:
        """Return all of a command's environment, as a login gives it."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "LOGNAME": "somebody",  # or Python asks the system for it, which asks nscd
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def quiet(self, record: Record, cwd: Path) -> None:
        """Check that nobody was called and nothing written but to the folders that README names."""
        calls = record.calls()
        assert foreign(calls) == []
        named = (
            self.content,
            self.built,
            self.folder / "tmp",
            self.folder / "out",
            ROOT / ".cache",
        )
        assert outside(written(calls, cwd), *named) == []
        assert list((self.folder / "home").iterdir()) == []

    def run(self, *arguments: str) -> None:
        """Run a module of the project to its end, and check that it is quiet."""
        record = Record(self.folder / f"{arguments[1]}.strace")
        done = subprocess.run(
            [*record.command(), sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=dict(self.environment()),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.quiet(record, ROOT)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A small clinic, whose index a watched ingest has built."""
    if strace() is None:
        without("strace")
    made = Place(tmp_path_factory.mktemp("watched"))
    for name in ("home", "tmp", "out", "content/articles"):
        (made.folder / name).mkdir(parents=True)
    articles = made.content / "articles"
    (articles / "necks.txt").write_text("Necks\n\nA stiff neck is common. It often passes.\n")
    (articles / "feet.html").write_text("<h1>Feet</h1><p>A foot has many bones.</p>")  # read apart
    label_enough_to_calibrate(made.content)
    calf = block("calf", rules=["calf + swollen"], examples=["my calf is fat"])
    write(made.content, calf, table("benign", {"examples": ["stiff neck", "long walk"]}))
    (made.folder / "asked.csv").write_text(
        "question,answers,route,note\nis a stiff neck common,necks#introduction,,\n"
    )
    made.run("ingest", "--content", str(made.content), "--built", str(made.built))
    return made


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize(
    "command",
    [
        "index search --built {built} --content {content} neck",
        "index status --built {built}",
        "index coverage --built {built} --html {out}/coverage.html",
        "ingest --built {built} --content {content}",
        "ingest claims --content {content} --csv {out}/claims.csv",
        "ingest overlaps --built {built}",
        "safety check --content {content} --with-model calf",
        "evaluation --built {built} --content {content} --questions {asked} --out {out}",
    ],
)
def test_a_command_calls_nobody_and_leaves_the_home_folder_empty(
    place: Place, command: str
) -> None:
    folders = {name: place.folder / name for name in ("built", "content", "out")}
    place.run(*command.format(**folders, asked=place.folder / "asked.csv").split())


# The tests' own process is quiet already: its environment must not help a page that is not.
HOMES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
UNSET = ["env", *(f"--unset={name}" for name in (*QUIET, *DEFAULTS, *HOMES))]


@pytest.mark.model
@pytest.mark.parametrize("streamlit", [False, True])
def test_a_served_page_calls_nobody_and_leaves_the_home_folder_empty(
    place: Place, tmp_path: Path, streamlit: bool
) -> None:
    record = Record(tmp_path / "strace")
    with serving(
        place.built,
        tmp_path / "page.log",
        content=place.content,
        streamlit=streamlit,
        environment=place.environment(),
        cwd=tmp_path,
        under=[*UNSET, *record.command()],
    ) as page:
        try:
            form = urllib.parse.urlencode({"q": "stiff neck"}).encode()
            with urllib.request.urlopen(f"{page.url}plain", form, timeout=30) as answer:
                assert b"It often passes." in answer.read()
            run(ask(page.url))
        finally:
            os.kill(record.process(), signal.SIGTERM)  # strace lets no signal through
    place.quiet(record, tmp_path)
    assert list((place.folder / "tmp").glob(".*")) == []


async def ask(url: str) -> None:
    async with visiting(url, 1) as visit:
        assert "It often passes." in (await visit.ask("stiff neck")).html
