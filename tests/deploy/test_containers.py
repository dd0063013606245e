"""The images and the compose file of deploy/, in Podman; `make containers` builds and runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.containers.files import command, stages
from tests.support.containers.images import compose, environment, podman
from tests.support.pages.browser import answer, home, search
from tests.support.pages.front import NAME, Front, certify
from tests.support.pages.visitor import Visitor
from tests.support.paths import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "CONTAINERS" not in os.environ, reason="SKIPPED: run `make containers`, as root"
    ),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the driver's sockets
]

README = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
MOST_MB = 600
SECRET = "xylophonist"
TOKEN = "a-secret-of-the-container-tests-0123456789"
TRY = "http://127.0.0.1:8501/"
STAFF = "http://127.0.0.1:8502/"
PLACE = "/opt/clinic-search"
IMAGES = {"clinic-search", "clinic-search-ingest", "clinic-search-nginx"}
PATIENCE_S = 120


@dataclass
class Project:
    """What a webmaster has: a content folder, a certificate, and the settings of deploy/.env."""

    content: Path
    certificates: Path
    settings: dict[str, str]

    def compose(self, *arguments: str) -> str:
        profiles = [f"--profile={name}" for name in ("ingest", "try", "staff", "nginx", "milvus")]
        return compose(*profiles, *arguments, **self.settings).stdout

    def ingest(self, *arguments: str) -> str:
        return self.compose("run", "--rm", "-T", "ingest", *arguments)

    def inside(self, service: str, *arguments: str) -> str:
        return self.compose("exec", "-T", service, *arguments)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose index was built by the image of ingest."""
    folder = tmp_path_factory.mktemp("project")
    content = Path(shutil.copytree(ROOT / "content", folder / "content"))
    for path in (content, *content.rglob("*")):
        os.chown(path, 10001, 10001)
    live = folder / "letsencrypt" / "live" / NAME
    live.mkdir(parents=True)
    certify(live)
    (folder / "www").mkdir()
    made = Project(
        content,
        live,
        {
            "CLINIC_CONTENT": str(content),
            "CLINIC_NAME": NAME,
            "CLINIC_CERTIFICATES": str(folder / "letsencrypt"),
            "CLINIC_WEBROOT": str(folder / "www"),
            "CLINIC_STAFF_TOKEN": TOKEN,
        },
    )
    made.compose("down", "--volumes")
    try:
        made.ingest()
        yield made
    finally:
        made.compose("down", "--volumes")


@pytest.fixture
def started(project: Project) -> Iterator[Callable[..., None]]:
    """Start services; they are stopped after the test."""

    def start(*services: str) -> None:
        project.compose("up", "-d", *services)

    yield start
    project.compose("down")


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def plain(page: str, question: str) -> str:
    form = urllib.parse.urlencode({"q": question}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{page}plain", form), timeout=30) as got:
        return str(got.read().decode())


# -- the images ------------------------------------------------------------------------------------


def test_the_image_that_serves_is_small() -> None:
    mounted = podman("image", "mount", "clinic-search").stdout.strip()
    try:
        files = {}
        for path in Path(mounted).rglob("*"):
            about = path.lstat()
            files[about.st_ino] = about.st_size
        size = sum(files.values()) / 1e6
        print(f"root of the serving image: {size:.0f} MB in {len(files)} files")
    finally:
        podman("image", "unmount", "clinic-search")
    assert size < MOST_MB


def test_the_image_that_serves_has_neither_pytorch_nor_anything_of_ours_but_the_page() -> None:
    there = podman("run", "--rm", "--network=none", "clinic-search", "ls", "-A", PLACE).stdout
    expected = ".streamlit .venv __pycache__ app.py content core index safety ui"
    assert there.split() == expected.split()
    find = f"find {PLACE}/.venv/lib/python3.11/site-packages -maxdepth 1 -name"
    for package in ("torch", "sentence_transformers", "scipy", "pandas", "pip"):
        ran = podman("run", "--rm", "--network=none", "clinic-search", *find.split(), package)
        assert ran.stdout == "", package


@pytest.mark.parametrize("image", sorted(IMAGES))
def test_no_image_holds_a_secret_an_article_or_this_machines_name(image: str) -> None:
    about = json.loads(podman("image", "inspect", image).stdout)[0]
    history = podman("history", "--no-trunc", "--format={{.CreatedBy}}", image).stdout
    for text in (json.dumps(about["Config"]), history):
        assert "TOKEN" not in text
        assert str(ROOT) not in text
    if image != "clinic-search-nginx":
        assert about["Config"]["User"] == "10001:10001"
        folders = [f"{PLACE}/content", f"{PLACE}/index/built"]
        listed = podman("run", "--rm", "--network=none", image, "find", *folders).stdout
        assert listed.split() == folders


def test_ingest_reads_scans(project: Project) -> None:
    assert "tesseract 5" in project.ingest("tesseract", "--version")


# -- the page --------------------------------------------------------------------------------------


def test_the_page_starts_for_this_machine_and_its_own_check_calls_it_healthy(
    project: Project, started: Callable[..., None]
) -> None:
    started("try")
    until(lambda: answer(f"{TRY}readyz") == 200)
    (check,) = stages()["serve"].all("HEALTHCHECK")
    project.inside("try", *command(check))
    found = plain(TRY, "what is dry needling")
    assert "dry needling" in found.lower()
    assert "<mark" in found


def test_the_check_of_a_page_without_an_index_fails() -> None:
    (check,) = stages()["serve"].all("HEALTHCHECK")
    name = podman("run", "--detach", "--network=none", "clinic-search").stdout.strip()
    try:
        until(lambda: "The page is at" in podman("logs", name).stdout)
        done = podman("exec", name, *command(check), check=False)
        assert done.returncode == 1
        assert "503" in done.stderr
    finally:
        podman("rm", "--force", name)


def test_the_page_writes_nowhere_but_in_memory(
    project: Project, started: Callable[..., None]
) -> None:
    started("try")
    for place in ("/", PLACE, f"{PLACE}/content", f"{PLACE}/index/built", "/etc", "/var"):
        written = f"touch {place}/written 2>&1 || true"
        assert "Read-only file system" in project.inside("try", "sh", "-c", written), place
    project.inside("try", "touch", "/tmp/written")
    status = project.inside("try", "cat", "/proc/1/status")
    assert re.search(r"^Uid:\s+10001\s+10001\s+10001", status, re.MULTILINE)
    for kind in ("CapPrm", "CapEff", "CapBnd"):
        assert re.search(rf"^{kind}:\s+0+$", status, re.MULTILINE), kind
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    assert "0" in project.inside("try", "sh", "-c", "ulimit -c").split()


# -- nginx in front --------------------------------------------------------------------------------


@pytest.fixture
def front(project: Project, started: Callable[..., None]) -> Front:
    started("page", "nginx")
    running = Front(80, 443, project.certificates)
    until(lambda: answers(running))
    return running


def answers(front: Front) -> bool:
    try:
        return front.ask("/readyz").status == 200
    except OSError:
        return False


def test_patients_search_through_nginx_in_a_browser(front: Front, browser: Browser) -> None:
    visitor = Visitor(browser, f"https://{NAME}/", ignore_https_errors=True)
    home(visitor.page)
    search(visitor.page, "what is dry needling")
    assert "dry needling" in visitor.page.locator("#cs-results").inner_text().lower()
    assert visitor.wrong == []
    visitor.context.close()


def test_no_log_holds_a_question(front: Front, project: Project) -> None:
    body = urllib.parse.urlencode({"q": f"my neck is stiff, says the {SECRET}"}).encode()
    kind = "application/x-www-form-urlencoded"
    asked = front.ask("/plain", method="POST", body=body, content_type=kind)
    assert asked.status == 200
    assert SECRET.encode() in asked.body
    assert front.ask(f"/?q={SECRET}").status == 200
    assert front.ask(f"/{SECRET}").status == 404
    logs = {name: project.compose("logs", name) for name in ("nginx", "page")}
    assert " POST /plain 200 " in logs["nginx"]
    assert "(another address)" in logs["nginx"]
    assert not [name for name, said in logs.items() if SECRET in said]


def test_nginx_answers_to_its_name_and_sends_visitors_on_to_https(front: Front) -> None:
    assert front.ask(name="evil.example").status == 421
    plainly = front.ask(plain=True)
    assert (plainly.status, plainly.all("location")) == (301, [f"https://{NAME}/"])


def test_the_page_knows_no_way_out(front: Front, project: Project) -> None:
    routes = project.inside("page", "cat", "/proc/net/route").splitlines()[1:]
    assert [line.split()[1] for line in routes] == ["00121EAC"]  # 172.30.18.0, the network itself


def test_a_page_that_dies_is_replaced_by_another(
    project: Project, started: Callable[..., None]
) -> None:
    pages = ("page", "page-2", "page-3")
    started(*pages, "nginx-replicas")
    front = Front(80, 443, project.certificates)
    until(lambda: answers(front))
    for name in pages:
        until(lambda one=name: "true" in project.inside(one, *READY))  # type: ignore[misc]
    for name in pages[:2]:
        project.compose("stop", name)
        assert front.ask("/readyz").status == 200
        assert front.ask("/").status == 200


READY = (
    *(f"{PLACE}/.venv/bin/python", "-Ic"),
    "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8501/readyz').read())",
)


# -- content ---------------------------------------------------------------------------------------


def test_new_content_is_served_without_a_restart_and_rolled_back(
    project: Project, started: Callable[..., None]
) -> None:
    started("try")
    until(lambda: answer(f"{TRY}readyz") == 200)
    question = "can a zebra have a stiff hoof"
    article = project.content / "articles" / "zebras.txt"
    article.write_text(
        "Stiff Hooves of Zebras\n\nA zebra may have a stiff hoof after a long run.\n"
    )
    try:
        project.ingest()
        until(lambda: "after a long run" in plain(TRY, question))
        project.ingest("python", "-m", "index", "rollback")
        until(lambda: "after a long run" not in plain(TRY, question))
    finally:
        article.unlink()


def test_an_index_is_saved_and_brought_back_by_the_lines_of_the_readme(
    project: Project, tmp_path: Path
) -> None:
    lines = re.findall(r"docker (run --rm [^`]*index\.tar)", README)
    assert len(lines) == 2
    restored = "clinic-search_restored"
    for line, volume in zip(lines, ("clinic-search_index", restored), strict=True):
        script = f"podman {line}".replace("clinic-search_index", volume)
        subprocess.run(script, shell=True, cwd=tmp_path, env=environment(), check=True)
    try:
        mount = f"{restored}:{PLACE}/index/built:ro"
        status = ["python", "-m", "index", "status"]
        said = podman("run", "--rm", "--network=none", "-v", mount, "clinic-search", *status).stdout
        assert ", sound" in said
        assert project.ingest(*status).endswith(said)  # podman-compose may name a network before it
    finally:
        podman("volume", "rm", restored)


# -- staff -----------------------------------------------------------------------------------------


def test_staff_get_in_with_the_secret_alone_and_it_is_in_no_log(
    project: Project, started: Callable[..., None]
) -> None:
    started("staff")
    until(lambda: answer(f"{STAFF}readyz") == 200)
    assert answer(STAFF) == 403
    assert answer(STAFF, Authorization=f"Bearer {TOKEN}") == 200
    assert answer(f"{STAFF}?token={TOKEN}") in {200, 403}  # a client without cookies ends outside
    assert TOKEN not in project.compose("logs", "staff")
    project.inside("staff", "touch", f"{PLACE}/content/written")
    (project.content / "written").unlink()
