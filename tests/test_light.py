"""What decides which export serves: agreement that disagrees when it should, and int8 that is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.light import Way, _agreement, _held_mb, agreeing, has_vnni, overlapping, quantised
from index.onnx_encoder import FOLDER, GRAPH, WEIGHTS, OnnxEncoder
from index.search import search
from index.store import open_index
from tests.conftest import WordCounts


class OnlyBlood(WordCounts):
    """An encoder to which every question is about blood."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().encode(["blood"] * len(texts))


def way(name: str, encoder: WordCounts) -> Way:
    return Way(name, encoder, Path(), "")


def test_searches_agree_as_far_as_first_order_and_outcome_do(
    built: Path, encoder: WordCounts
) -> None:
    index = open_index(built, encoder=encoder)
    neck, blood = search(index, "stiff neck"), search(index, "blood sleep")
    first = search(index, "stiff neck", k=1)
    assert neck.results[0].passage.id == first.results[0].passage.id
    assert len(neck.results) > 1
    assert agreeing([neck, neck], [neck, neck]) == (1.0, 1.0, 1.0)
    assert agreeing([first, neck], [neck, neck]) == (1.0, 0.5, 1.0)
    assert agreeing([neck, neck], [neck, blood])[:2] == (0.5, 0.5)
    nothing = search(index, "...")
    assert nothing.outcome is not neck.outcome
    assert agreeing([nothing, neck], [neck, neck]) == (0.5, 0.5, 0.5)


def test_only_an_encoder_with_the_same_vectors_agrees_with_the_reference(
    built: Path, encoder: WordCounts
) -> None:
    index = open_index(built, encoder=encoder)
    ways = [way("reference", encoder), way("same", WordCounts()), way("other", OnlyBlood())]
    result = _agreement(ways, index, {"two": ["stiff neck", "blood"]})
    same, other = (dict(zip(result.columns, row, strict=True)) for row in result.rows)
    assert (same["encoder"], same["questions"]) == ("same", "two")
    assert (same["cosine min"], same["cosine mean"]) == pytest.approx((1.0, 1.0))
    assert (same["same first"], same["same five"], same["same outcome"]) == (1.0, 1.0, 1.0)
    assert (other["cosine min"], other["cosine mean"]) == pytest.approx((0.0, 0.5))
    assert other["same five"] == 0.5


def test_overlap_counts_what_was_expected_and_first_places_apart() -> None:
    expected = {"a": ["1", "2", "3", "4"], "b": ["1"], "c": []}
    assert overlapping(expected, expected) == (1.0, 1.0)
    turned = {"a": ["2", "1", "9", "8"], "b": ["1"], "c": []}
    assert overlapping(turned, expected) == pytest.approx((2 / 3, (0.5 + 1 + 1) / 3))
    found = {"a": expected["a"], "b": ["1"], "c": ["1"]}
    assert overlapping(found, expected) == pytest.approx((2 / 3, 2 / 3))


@pytest.mark.parametrize(
    ("flags", "has"),
    [("fpu avx2 avx_vnni", True), ("avx512f avx512_vnni", True), ("avx2 avx512f", False)],
)
def test_a_processor_with_vnni_is_known_by_its_flags(flags: str, has: bool) -> None:
    assert has_vnni(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t:\n") is has


def test_a_process_is_weighed_that_has_encoded() -> None:
    opened = "class encoder:\n    encode = staticmethod(lambda texts: sys.stderr.write(texts[0]))\n"
    assert 1 < _held_mb(opened, ["a"]) < _held_mb(f"{opened}held = b'x' * (64 << 20)", ["a"])


def test_a_process_that_could_not_encode_is_not_weighed(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="has ended"):
        _held_mb("encoder = None", ["a"])
    assert "AttributeError" in capfd.readouterr().err


@pytest.mark.model
def test_int8_is_smaller_near_and_laid_out_as_what_it_was_made_from(
    real_built: Path, real_index: Any, tmp_path: Path
) -> None:
    from onnx import load, numpy_helper

    exported = real_built / real_index.generation / FOLDER
    texts = ["my knee hurts", "how long does it take until a frozen shoulder is better"]
    expected = real_index.encoder.encode(texts)
    largest = {}
    for reduced in (False, True):
        folder = tmp_path / f"reduced {reduced}"
        quantised(exported, folder, reduce_range=reduced)
        assert {path.name for path in folder.iterdir()} == {p.name for p in exported.iterdir()}
        assert (folder / WEIGHTS).stat().st_size < 0.3 * (exported / WEIGHTS).stat().st_size
        vectors = OnnxEncoder(folder, real_index.encoder.info).encode(texts)
        cosines = np.sum(vectors * expected, axis=1)
        assert 0.95 < cosines.min() < cosines.max() < 0.99999
        weights = map(numpy_helper.to_array, load(str(folder / GRAPH)).graph.initializer)
        whole = [np.abs(w.astype(np.int32)).max() for w in weights if w.dtype == np.int8 and w.ndim]
        largest[reduced] = max(whole)
    assert largest == {False: 127, True: 64}
