"""Provide what all tests share: small content, the real index, a closed network, fair workers."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from index.store import opened
from ingest import __main__ as ingest_command
from ingest.build.pipeline import build
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import with_one_notice
from tests.support.pages import every_state
from tests.support.paths import ROOT
from tests.support.workers import Scheduling, made_once
from ui.service import engine

pytest_plugins = [
    "tests.support.pages.visitor",
    "tests.support.engines.started",
    "tests.support.files.small_disk",
]

# How long an example takes on a busy machine is no claim about it.
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile(
    "thorough", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "200"))
)
settings.load_profile("quick")

# A test that takes longer belongs into `make test-slow`, or is too slow.
LONGEST_S = 60

# A page of a test knows no index but its own, also where `make run` has built one here.
os.environ.setdefault("CLINIC_BUILT", str(ROOT / "tests" / "no-index"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Hand the tests to the workers; pytest-xdist's own load groups need an older pytest."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that take longest first."""
    items.sort(key=lambda item: not {"model", "browser"} & set(item.keywords))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that takes too long, by the clock of a machine that is not busy."""
    report = yield
    limit_s = LONGEST_S * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    is_long = call.when == "call" and call.duration > limit_s
    if is_long and report.passed and "slow" not in item.keywords:
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} took {call.duration:.0f} s, more than {limit_s:.0f} s: "
            "make it faster, or mark it `slow`, so that `make test-slow` runs it"
        )
    return report


@pytest.fixture
def encoder() -> BagOfWordsEncoder:
    return BagOfWordsEncoder()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with two short articles."""
    articles = tmp_path / "content" / "articles"
    articles.mkdir(parents=True)
    (articles / "necks.txt").write_text(
        "All About Necks\n\nA stiff neck is common. It often passes.\n\n"
        "Why It Hurts\n\nThe neck carries the head. Pain can spread to the back.\n"
    )
    (articles / "blood.txt").write_text(
        "Blood Flow\n\nA needle may bring blood to a muscle. Sleep helps too, and so does rest.\n"
    )
    return with_one_notice(tmp_path / "content")


@pytest.fixture
def write_article(content: Path) -> Callable[[str, str | bytes], Path]:
    """Put a file among the articles."""

    def write(name: str, text: str | bytes) -> Path:
        path = content / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def built(content: Path, encoder: BagOfWordsEncoder, tmp_path: Path) -> Path:
    """An index of `content` with the hand-computable encoder; made once for the same content."""
    folder = tmp_path / "built"
    files = sorted(path for path in content.rglob("*") if path.is_file())
    made_from = (
        encoder.info.sha256,
        *((path.relative_to(content), path.read_bytes()) for path in files),
    )
    if made_from not in _BUILT:
        build_with(encoder, content, folder)
        _BUILT[made_from] = _files_in(folder)
        return folder
    for path, data in _BUILT[made_from].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


_BUILT: dict[tuple[Any, ...], dict[Path, bytes]] = {}


def _files_in(folder: Path) -> dict[Path, bytes]:
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def hand_made(monkeypatch: pytest.MonkeyPatch, encoder: BagOfWordsEncoder) -> None:
    """Let the commands load the hand-computable encoder."""
    monkeypatch.setattr(opened, "load_encoder", lambda model="": encoder)
    monkeypatch.setattr(ingest_command, "load_encoder", lambda model="": encoder)
    monkeypatch.setattr(ingest_command, "encoder_sha256", lambda model="": encoder.info.sha256)


@pytest.fixture(scope="session")
def real_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real content, built with the real model by the first worker that needs it.

    All workers share it, so no test may change it.
    """

    def make(folder: Path) -> None:
        from core.encoders.reference import encoder_sha256, load_encoder

        build(
            ROOT / "content",
            folder,
            encoder_sha256=encoder_sha256(),
            load_encoder=load_encoder,
            progress=no_progress,
        )

    return made_once(tmp_path_factory, "real-built", make)


@pytest.fixture(scope="session")
def clinic_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real content, built once for all workers with the hand-computable encoder."""

    def make(folder: Path) -> None:
        folder.mkdir()
        every_state.built_from(every_state.copied_content(folder / "content"), folder / "built")

    return made_once(tmp_path_factory, "clinic", make) / "built"


@pytest.fixture(scope="session")
def real_index(real_built: Path) -> Any:
    """The real index, opened once with the real model."""
    from index.store.generations import open_index

    return open_index(real_built)


@pytest.fixture(scope="session")
def reference() -> Any:
    """The encoder that embeds passages, which the one that serves was exported from."""
    from core.encoders.reference import load_encoder

    return load_encoder()


@pytest.fixture(scope="session", autouse=True)
def quick_starts() -> Iterator[None]:
    """Spare each page that a test opens what a server does once, for 0.2 s each.

    That is to collect the garbage of all tests so far, and Streamlit's search of all installed
    packages for components, of which the page uses none.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "freeze_what_stays", lambda: None)
        patch.setattr(manifest_scanner, "scan_component_manifests", list)
        yield


@pytest.fixture(autouse=True)
def closed_network(socket_enabled: None) -> None:
    """Let tests reach this machine and nothing else."""
    from pytest_socket import socket_allow_hosts

    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
