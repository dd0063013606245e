"""What a large index does differently, seen on a small one: mapped files, vectors in short."""

import itertools
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index.search import bm25
from index.search.pipeline import search
from index.store import arrow_files, generations
from index.store.manifest import read_manifest
from index.vectors import faiss_files, faiss_store
from index.vectors.faiss_store import NEAREST_NAME, VectorIndex
from tests.support.building import build_with
from tests.support.fakes import VOCABULARY, BagOfWordsEncoder

MAPS = Path("/proc/self/maps")
MADE_IN = VectorIndex.made_in


@pytest.fixture
def long(content: Path) -> Path:
    """Content with more views than the short forms need to be trained on."""
    pairs = list(itertools.combinations(VOCABULARY, 2))
    sections = [
        f"About {one}\n\n" + " ".join(f"The {one} is {n} of {two}." for n, two in enumerate(others))
        for one, others in ((w, [b for a, b in pairs if a == w]) for w in VOCABULARY[:-1])
    ]
    (content / "articles" / "long.txt").write_text("All of It\n\n" + "\n\n".join(sections) + "\n")
    return content


@pytest.fixture
def large(
    long: Path, tmp_path: Path, encoder: BagOfWordsEncoder, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An index of that content, built and opened as one of a million passages."""
    for module in (arrow_files, bm25, faiss_files):
        monkeypatch.setattr(module, "MAP_FROM_BYTES", 0)
    monkeypatch.setattr(faiss_store, "_AT_LEAST", 20)
    monkeypatch.setattr(VectorIndex, "made_in", partial(MADE_IN, exact_up_to=20))
    build_with(encoder, long, tmp_path / "large")
    return tmp_path / "large"


def folder_of(built: Path) -> Path:
    return built / str(generations.current_generation(built))


def test_the_manifest_says_how_vectors_are_searched(large: Path) -> None:
    manifest = read_manifest(folder_of(large) / "manifest.json")
    assert manifest.vectors["kind"] == "pq4"
    assert manifest.counts["views"] > 20
    assert NEAREST_NAME in manifest.files


def test_up_to_its_size_an_index_is_searched_exactly(built: Path) -> None:
    manifest = read_manifest(folder_of(built) / "manifest.json")
    assert manifest.vectors == {"kind": "exact"}
    assert NEAREST_NAME not in manifest.files


def test_a_large_index_finds_what_a_small_one_finds(
    large: Path, long: Path, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    with pytest.MonkeyPatch.context() as now:
        now.setattr(VectorIndex, "made_in", MADE_IN)
        build_with(encoder, long, tmp_path / "small")
    one, other = (generations.open_index(b, encoder=encoder) for b in (large, tmp_path / "small"))
    assert one.vectors.description["kind"] != other.vectors.description["kind"]
    for words in itertools.combinations(VOCABULARY, 2):
        found, expected = (search(index, " ".join(words)) for index in (one, other))
        assert found.outcome is expected.outcome
        assert [(r.passage, r.score, r.sentence) for r in found.results] == [
            (r.passage, r.score, r.sentence) for r in expected.results
        ]


@pytest.mark.skipif(not MAPS.exists(), reason="only Linux tells what is mapped")
def test_passages_words_and_vectors_of_a_large_index_are_mapped(
    large: Path, encoder: BagOfWordsEncoder
) -> None:
    index = generations.open_index(large, encoder=encoder)
    assert search(index, "stiff neck").results
    lines = [line for line in MAPS.read_text().splitlines() if str(large) in line]
    mapped = {Path(line.split()[-1]).name for line in lines}
    assert mapped >= {
        *("articles.arrow", "passages.arrow", "views.arrow"),
        *("rows.npy", "scores.npy", "vectors.faiss", NEAREST_NAME),
    }


def test_a_search_of_a_large_index_is_the_same_each_time(
    large: Path, encoder: BagOfWordsEncoder
) -> None:
    index = generations.open_index(large, encoder=encoder)
    vector = encoder.encode(["neck pain"])[0]
    first = index.vectors.search(vector, 30)
    assert all((index.vectors.search(vector, 30) == first).all() for _ in range(5))
    scores = index.vectors.scores(vector, first)
    assert np.all(np.diff(scores) <= 0)
