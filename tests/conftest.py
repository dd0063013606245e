"""What all tests share: an encoder computable by hand, small content, a closed network."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from index.types import EncoderInfo
from ingest.build import BuildReport, build

pytest_plugins = ["tests.visitor", "tests.small_disk"]

# How long something takes on a busy machine is no claim about it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
# A page of a test knows no index but its own, also where `make run` has built one here.
os.environ.setdefault("CLINIC_BUILT", str(ROOT / "tests" / "no-index"))
ARTICLE = ROOT / "content" / "articles" / "dry-needling-benefits.txt"

VOCABULARY = ("neck", "back", "needle", "pain", "blood", "sleep", "stiff", "hurt")


class WordCounts:
    """An encoder whose vectors a reader can compute: counts of eight words, made a unit vector.

    A text with none of them points in a direction of its own, the ninth.
    """

    def __init__(self, name: str = "word-counts", sha256: str = "0" * 64) -> None:
        self.info = EncoderInfo(name, sha256, len(VOCABULARY) + 1, 40)
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        rows = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = re.findall(r"[a-z]+", text.lower())
            row[:-1] = [words.count(word) for word in VOCABULARY]
            row[-1] = not row.any()
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]


def no_progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    return items


def build_with(
    encoder: WordCounts,
    content: Path,
    built: Path,
    *,
    review: bool = False,
    take_out: bool = False,
) -> BuildReport:
    report = build(
        content,
        built,
        encoder_sha256=encoder.info.sha256,
        load_encoder=lambda: encoder,
        progress=no_progress,
        review=review,
        take_out=take_out,
    )
    loosen(built)
    return report


def loosen(built: Path) -> None:
    """Let whoever runs the tests damage the files of generations; root may anyway."""
    for path in built.glob("*/**/*"):
        if path.is_file():
            path.chmod(path.stat().st_mode | 0o200)


def label(
    content: Path,
    *,
    answers: Mapping[str, str] | None = None,
    routed: Mapping[str, str] | None = None,
    asks: Mapping[str, Sequence[str]] | None = None,
    terms: Iterable[tuple[Sequence[str], Sequence[str]]] = (),
) -> Path:
    """Put a question bank, route cards and a vocabulary into a content folder.

    `answers` maps questions to sections, `routed` questions to route cards, `asks` route cards to
    what is asked of them, `terms` are clinical and lay words.
    """
    with (content / "questions.csv").open("w", encoding="utf-8") as stream:
        stream.write("question,answers,route,note\n")
        stream.writelines(f'"{q}",{section},,\n' for q, section in (answers or {}).items())
        stream.writelines(f'"{q}",,{route},\n' for q, route in (routed or {}).items())
    cards = [
        f"[{route}]\ntitle = {json.dumps(route)}\ntext = 'Ask us.'\nasks = {json.dumps(texts)}\n"
        for route, texts in (asks or {}).items()
    ]
    (content / "routes.toml").write_text("\n".join(cards), encoding="utf-8")
    pairs = [f"[[term]]\nclinical = {json.dumps(c)}\nlay = {json.dumps(y)}\n" for c, y in terms]
    (content / "vocabulary.toml").write_text("\n".join(pairs), encoding="utf-8")
    return content


def with_one_notice(content: Path) -> Path:
    """Give a content folder a notice that no test raises: the product's own take long to learn."""
    notice = {"id": "one", "level": "caution", "title": "One", "heading": "Ask about xyzzy"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in notice.items()]
    (content / "red_flags.toml").write_text("\n".join(["[[group]]", *lines, ""]))
    return content


# Words that are nowhere in the articles of these tests and point in the encoder's ninth direction.
FILLERS = (
    "apple bridge candle dollar eagle feather garden hammer island jacket kettle ladder "
    "marble napkin orange pencil quarry ribbon saddle tunnel umbrella violin walnut yellow zebra"
).split()


def label_enough_to_calibrate(content: Path) -> Path:
    """Label 25 questions that the two articles of `content` answer and 25 that they do not."""
    return label(
        content,
        answers={f"stiff neck {word}": "necks#introduction" for word in FILLERS},
        routed={
            f"{word} price": ("cost", "off-topic")[number % 2]
            for number, word in enumerate(FILLERS)
        },
        asks={"cost": ["what does it cost"], "off-topic": []},
    )


@pytest.fixture
def encoder() -> WordCounts:
    return WordCounts()


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
def built(content: Path, encoder: WordCounts, tmp_path: Path) -> Path:
    """An index built from `content` with the hand-computable encoder."""
    folder = tmp_path / "built"
    build_with(encoder, content, folder)
    return folder


@pytest.fixture(scope="session")
def real_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real content, built with the real model; shared, so no test may change it."""
    from index.encoder import encoder_sha256, load_encoder

    folder = tmp_path_factory.mktemp("real") / "built"
    build(
        ROOT / "content",
        folder,
        encoder_sha256=encoder_sha256(),
        load_encoder=load_encoder,
        progress=no_progress,
    )
    return folder


@pytest.fixture(scope="session")
def real_index(real_built: Path) -> Any:
    """The real index, opened once with the real model."""
    from index.store import open_index

    return open_index(real_built)


@pytest.fixture(scope="session")
def reference() -> Any:
    """The encoder that embeds passages, which the one that serves was exported from."""
    from index.encoder import load_encoder

    return load_encoder()


@pytest.fixture(autouse=True)
def closed_network(socket_enabled: None) -> None:
    """Let tests reach this machine and nothing else."""
    from pytest_socket import socket_allow_hosts

    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
