"""deploy/replicas.conf in a real nginx before several real pages: added, restarted, killed.

Only ports, addresses and the name are exchanged. Each replica has another clinic's name, so that
every answer says who gave it; nginx takes visitors from different addresses of this machine.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree
from threading import Event

import pytest
from playwright.sync_api import Browser, expect

from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.pages.browser import answer, opened, ready, search
from tests.support.pages.front import (
    CONFIGURATION,
    NAME,
    Front,
    fitted,
    fronting,
    handshake,
    nginx,
    without_ipv6,
)
from tests.support.pages.visitor import Visitor, without
from tests.support.paths import ROOT
from tests.support.workers import free_port

# The driver's sockets are closed by its process, after the interpreter looks.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

REPLICAS = ROOT / "deploy" / "replicas.conf"
UPSTREAM = re.compile(r"^upstream clinic_search \{.*?^\}\n", re.MULTILINE | re.DOTALL)
ADDRESSES = [f"127.0.0.{number}" for number in range(2, 26)]
FORM = "application/x-www-form-urlencoded"
# In nginx's log: a replica was waited for in vain, and another one answered.
MET_NOBODY = re.compile(r" 200 \d+ \S+ 504, 200$", re.MULTILINE)
NECKS = (
    "All About Necks\n\nA stiff neck is common. It often passes.\n\n"
    "Why It Hurts\n\nThe neck carries the head. Pain can spread to the back.\n"
)


@dataclass
class Replica:
    """One process that serves the page, which can be ended and started again where it was."""

    name: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def is_ready(self) -> bool:
        return answer(f"http://127.0.0.1:{self.port}/readyz") == 200

    @property
    def generation(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as told:
            return str(json.load(told)["generation"])

    def start(self) -> None:
        places = {
            f"CLINIC_{name.upper()}": str(self.folder / name) for name in ("built", "content")
        }
        command = ["-m", "tests.support.pages.stand_in", str(self.folder), "--port", str(self.port)]
        with (self.folder / "page.log").open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **places},
                stdout=out,
                stderr=out,
            )

    def wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 60
        while not self.is_ready:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "page.log").read_text()[-3000:])
            time.sleep(0.1)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(20)
            self.process = None


@pytest.fixture(scope="module")
def trio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Replica]]:
    """Three replicas with the same articles and index, each with a name of its own."""
    if nginx() is None:
        without("nginx-light")
    made = tmp_path_factory.mktemp("replicas")
    articles = made / "content" / "articles"
    articles.mkdir(parents=True)
    (articles / "necks.txt").write_text(NECKS)
    label_enough_to_calibrate(made / "content")
    build_with(BagOfWordsEncoder(), made / "content", made / "built")
    replicas = []
    for name in ("Alder", "Birch", "Cedar"):
        for part in ("content", "built"):
            copytree(made / part, made / name / part)
        (made / name / "content" / "clinic.toml").write_text(f'name = "Clinic {name}"\n')
        replicas.append(Replica(name, free_port(), made / name))
    with ExitStack() as stack:
        for replica in replicas:
            replica.start()
            stack.callback(replica.end)
        yield replicas


@pytest.fixture
def three(trio: list[Replica]) -> list[Replica]:
    """All three at work, whatever the test before has done to them."""
    for replica in trio:
        if replica.process is None:
            replica.start()
    for replica in trio:
        replica.wait()
    return trio


def listed(ports: Sequence[int]) -> str:
    """Return the shipped block, with these replicas in the place of its examples."""
    block = REPLICAS.read_text(encoding="utf-8")
    examples = re.findall(r"^ +server 10\.0\.0\.1\d:8501.*\n", block, re.MULTILINE)
    assert len(examples) == 3
    lines = [re.sub(r"10\S+:8501", f"127.0.0.1:{port}", examples[0]) for port in ports]
    return block.replace("".join(examples), "".join(lines))


@contextmanager
def before(ports: Sequence[int], folder: Path) -> Iterator[Front]:
    """Run the shipped configuration with the shipped block of replicas in the place of its own."""
    own = UPSTREAM.search(CONFIGURATION.read_text(encoding="utf-8"))
    assert own is not None
    block = own[0].replace("8501", str(ports[0]))
    with fronting(ports[0], folder, change=(block, listed(ports)), fit=of_ipv4) as front:
        yield front


def of_ipv4(folder: Path, http_port: int, https_port: int, upstream: int) -> str:
    """Fit the configuration so that a browser comes from the address from which the tests ask."""
    return without_ipv6(fitted(folder, http_port, https_port, upstream))


@pytest.fixture
def front(three: list[Replica], tmp_path: Path) -> Iterator[Front]:
    """One nginx a test, which knows of no failure yet."""
    with before([replica.port for replica in three], tmp_path / "nginx") as running:
        yield running


def reload(front: Front, ports: Sequence[int]) -> None:
    """List other replicas, as a webmaster does, and wait until nginx has taken that up."""
    path = front.folder / "clinic.conf"
    changed, times = UPSTREAM.subn(listed(ports).partition("\n\n")[2], path.read_text())
    assert times == 1
    path.write_text(changed)
    assert front.process is not None
    processes = children(front.process.pid)
    front.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 60
    while children(front.process.pid) == processes or any(map(is_taking_more, processes)):
        assert time.monotonic() < deadline, (front.folder / "error.log").read_text()[-3000:]
        time.sleep(0.05)


def is_taking_more(process: int) -> bool:
    """Say whether a process of nginx still takes connections; an old one only ends what it has."""
    try:
        return b"shutting down" not in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def children(process: int) -> list[int]:
    listing = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(number) for number in listing.split()]


def who(body: bytes) -> str:
    """Return which replica an answer comes from."""
    found = set(re.findall(rb"Clinic (Alder|Birch|Cedar)", body))
    assert len(found) == 1
    return found.pop().decode()


def typed(front: Front, source: str, question: str = "stiff neck") -> tuple[int, bytes]:
    body = f"q={question.replace(' ', '+')}".encode()
    told = front.ask("/plain", method="POST", body=body, content_type=FORM, source=source)
    return told.status, told.body


def met(front: Front) -> Mapping[str, str]:
    """Return which replica each address meets."""
    return {source: who(front.ask("/plain", source=source).body) for source in ADDRESSES}


# -- affinity --------------------------------------------------------------------------------------


def test_page_and_searches_of_an_address_reach_one_replica_and_addresses_reach_all(
    front: Front,
) -> None:
    first = met(front)
    assert set(first.values()) == {"Alder", "Birch", "Cedar"}
    for source, name in first.items():
        assert who(front.ask("/", source=source).body) == name
        assert who(front.ask("/plain/article", source=source).body) == name
        status, body = typed(front, source)
        assert (status, who(body)) == (200, name)
        assert b"It often passes." in body


def test_nobody_gets_a_cookie_and_nobody_can_choose_a_replica(front: Front) -> None:
    answers = [front.ask(source=ADDRESSES[0])]
    for number in range(12):
        chosen = {"x_forwarded_for": f"192.0.2.{number}", "cookie": f"route={number}"}
        answers.append(front.ask(source=ADDRESSES[0], **chosen))
    assert len({who(answer.body) for answer in answers}) == 1
    assert not [answer for answer in answers if answer.all("set-cookie")]


def hung_up(sockets: Sequence[socket.socket]) -> list[bool]:
    """Say of each whether the other side has closed it, once nothing happens any more."""
    left, closed = set(sockets), set[socket.socket]()
    while left and (readable := select.select(left, [], [], 1.0)[0]):
        closed |= {sock for sock in readable if sock.recv(65_536) == b""}
        left -= closed
    return [sock in closed for sock in sockets]


def test_the_socket_of_a_visitor_is_where_its_page_is(front: Front, three: list[Replica]) -> None:
    """Whose replica dies loses the connection, everybody else keeps it, and a new one is there."""
    first = met(front)
    assert [front.visit(source=source) for source in ADDRESSES] == [101] * len(ADDRESSES)
    dead = three[0]
    dead.end(signal.SIGKILL)
    closed = dict(zip(ADDRESSES, hung_up(front.opened), strict=True))
    assert closed == {source: name == dead.name for source, name in first.items()}
    again = {source: front.visit(source=source) for source in ADDRESSES}
    assert set(again.values()) == {101}
    now = met(front)
    assert dead.name not in now.values()
    assert all(now[source] == name for source, name in first.items() if name != dead.name)


# -- a replica that fails --------------------------------------------------------------------------


@contextmanager
def asking(front: Front) -> Iterator[list[Future[list[int]]]]:
    """Have visitors at many addresses search by form, again and again, until the block is over."""
    stop = Event()

    def ask_on(sources: Sequence[str]) -> list[int]:
        statuses = []
        while not stop.is_set():
            for source in sources:
                statuses.append(typed(front, source)[0])
                stop.wait(0.15)
        return statuses

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask_on, ADDRESSES[start::4]) for start in range(4)]
        try:
            yield asked
        finally:
            stop.set()


def test_no_search_fails_while_a_replica_is_killed(front: Front, three: list[Replica]) -> None:
    with asking(front) as asked:
        wait_for(lambda: front_has_logged(front, 40))
        three[1].end(signal.SIGKILL)
        wait_for(lambda: front_has_logged(front, 120))
    statuses = [status for future in asked for status in future.result()]
    assert len(statuses) >= 120
    assert set(statuses) == {200}


def front_has_logged(front: Front, lines: int) -> bool:
    return (front.folder / "access.log").read_text().count(" POST /plain ") >= lines


def wait_for(reached: object, *, every_s: float = 0.05) -> None:
    assert callable(reached)
    deadline = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(every_s)


def test_no_search_fails_while_all_replicas_are_restarted_one_after_the_other(
    front: Front, three: list[Replica]
) -> None:
    with asking(front) as asked:
        for replica in three:
            replica.end()
            replica.start()
            replica.wait()
            # The next one only once nginx sends visitors here again: after five seconds at most.
            # Asked no oftener than nginx lets an address ask (429).
            wait_for(lambda replica=replica: replica.name in met(front).values(), every_s=1.0)
    statuses = [status for future in asked for status in future.result()]
    assert set(statuses) == {200}, front.access_log()


def test_a_search_whose_replica_dies_while_it_is_answered_is_answered_by_another(
    front: Front, three: list[Replica]
) -> None:
    first = met(front)
    dying = three[2]
    source = next(source for source, name in first.items() if name == dying.name)
    (dying.folder / "slow").touch()  # no search of this replica ends
    try:
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(typed, front, source)
            wait_for(lambda: established(dying.port))
            dying.end(signal.SIGKILL)
            status, body = asked.result()
    finally:
        (dying.folder / "slow").unlink()
    assert status == 200
    assert who(body) != dying.name
    assert b"It often passes." in body


def established(port: int) -> bool:
    """Say whether somebody is connected to a port of this machine."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    ends = [line.split()[2:4] for line in lines]
    return any(to.endswith(f":{port:04X}") and state == "01" for to, state in ends)


def test_a_machine_that_says_nothing_at_all_costs_nobody_the_answer(
    three: list[Replica], tmp_path: Path
) -> None:
    """A machine without power refuses no connection: whoever connects is not answered."""
    with socket.socket() as silent, ExitStack() as stack:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        port = silent.getsockname()[1]
        for _ in range(4):  # the queue of those who wait is full: this machine drops all others
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        with before([port, three[0].port], tmp_path / "nginx") as front:
            # Which of them are led to the silent machine depends on its port: half, on average.
            for number in range(2, 202):
                told = front.ask("/plain", source=f"127.0.0.{number}")
                assert (told.status, who(told.body)) == (200, "Alder")
                if MET_NOBODY.search((front.folder / "access.log").read_text()):
                    break
            assert MET_NOBODY.search(front.access_log())


def test_when_all_replicas_are_down_help_is_not_and_they_are_found_again(
    front: Front, three: list[Replica]
) -> None:
    for replica in three:
        replica.end(signal.SIGKILL)
    for source in ADDRESSES[:4]:
        told = front.ask(source=source)
        assert told.status == 503
        assert b"In an emergency call 999" in told.body
    three[0].start()
    three[0].wait()
    wait_for(lambda: front.ask(source=ADDRESSES[0]).status == 200)


def test_readiness_of_each_replica_can_be_asked_and_one_without_index_says_no(
    front: Front, three: list[Replica]
) -> None:
    assert front.ask("/readyz", source=ADDRESSES[0]).status == 200
    waiting = three[0]
    waiting.end()
    (waiting.folder / "loading").touch()
    try:
        waiting.start()
        wait_for(lambda: answer(f"http://127.0.0.1:{waiting.port}/readyz") == 503)
        statuses = [front.ask(source=source).status for source in ADDRESSES]
        assert set(statuses) == {200}  # notices and help are there without an index
    finally:
        (waiting.folder / "loading").unlink()
    waiting.wait()


# -- replicas added and taken away -----------------------------------------------------------------


def test_an_added_replica_takes_its_share_and_moves_nobody_else(
    three: list[Replica], tmp_path: Path
) -> None:
    ports = [replica.port for replica in three]
    with before(ports[:2], tmp_path / "nginx") as front:
        two = met(front)
        assert set(two.values()) == {"Alder", "Birch"}
        sock = front.tls(ADDRESSES[0])
        front.opened.append(sock)
        assert handshake(sock, f"{NAME}:{front.https}", front.url.rstrip("/")) == 101
        reload(front, ports)
        now = met(front)
        assert "Cedar" in now.values()
        assert all(name in ("Cedar", two[source]) for source, name in now.items())
        assert hung_up([sock]) == [False]  # whoever has a page open keeps it
        reload(front, ports[:2])
        assert met(front) == two


def test_a_new_generation_reaches_one_replica_after_the_other_and_no_search_fails(
    front: Front, three: list[Replica], tmp_path: Path
) -> None:
    """As docs/distributed.md says: the folder first, then `current`, which is replaced whole."""
    copytree(three[0].folder / "content", tmp_path / "content")
    (tmp_path / "content" / "articles" / "sleep.txt").write_text("Sleep\n\nSleep helps a back.\n")
    build_with(BagOfWordsEncoder(), tmp_path / "content", tmp_path / "built")
    generation = (tmp_path / "built" / "current").read_text().strip()
    with asking(front) as asked:
        for replica in three:
            built = replica.folder / "built"
            copytree(tmp_path / "built" / generation, built / generation)
            copy(tmp_path / "built" / "current", built / "arriving")
            (built / "arriving").replace(built / "current")
            wait_for(lambda replica=replica: replica.generation == generation)
    assert {status for future in asked for status in future.result()} == {200}
    assert b"Sleep helps a back." in front.ask("/plain/article?article=sleep").body


def test_the_block_replaces_the_one_of_the_shipped_configuration() -> None:
    """Both at once nginx would refuse; everything else the configuration says stays."""
    own = UPSTREAM.findall(CONFIGURATION.read_text(encoding="utf-8"))
    shipped = UPSTREAM.findall(REPLICAS.read_text(encoding="utf-8"))
    assert (len(own), len(shipped)) == (1, 1)
    assert REPLICAS.read_text(encoding="utf-8").endswith(shipped[0])


# -- what a visitor sees ---------------------------------------------------------------------------


@pytest.mark.browser
def test_a_visitor_whose_replica_is_killed_goes_on_at_another_one(
    front: Front, three: list[Replica], browser: Browser
) -> None:
    name = who(front.ask("/").body)
    dead = next(replica for replica in three if replica.name == name)
    visitor = Visitor(browser, front.url, ignore_https_errors=True)
    with closing(visitor.context):
        page = visitor.page
        opened(page)
        ready(page)
        search(page, "stiff neck")
        dead.end(signal.SIGKILL)
        with page.expect_websocket(timeout=30_000):
            pass
        expect(page.locator(".cs-card").first).to_contain_text("A stiff neck is common.")
        expect(page.get_by_role("dialog")).to_have_count(0)
        # Not `search`: a question to a session without memory takes the name in the address.
        box = page.get_by_label("What would you like to know?")
        box.fill("does the back hurt")
        box.press("Enter")
        expect(page.locator(".cs-card").first).to_contain_text("Pain can spread to the back.")
        page.reload()
        expect(page.locator("body")).not_to_contain_text(name)
        ready(page)
    # Trying to connect again is all that may be said to have gone wrong.
    lost = re.compile(r"net::ERR_|WebSocket|server is not responding|server endpoint")
    assert [line for line in visitor.wrong if not lost.search(line)] == []
