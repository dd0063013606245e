"""The vectors of word pieces: rounding, MaxSim by hand, and files that are refused."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.errors import IndexDamagedError
from core.types import Encoded
from index.store import manifest as manifests
from index.store.generations import current_generation
from index.store.record import read_generation
from index.vectors import token_vectors
from index.vectors.token_vectors import PassageTokens, TokenVectors, passage_tokens

NAMES = ("codes", "scales", "starts", "first")
DIMENSION = 96


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / lengths).astype(np.float32)


def drawn(seed: int, pieces: int, dimension: int = DIMENSION) -> NDArray[np.float32]:
    """Return unit vectors in directions drawn at random: shape (pieces, dimension)."""
    return unit(np.random.default_rng(seed).normal(size=(pieces, dimension)))


def encoded(tokens: NDArray[np.float32], starts: list[int] | None = None) -> Encoded:
    places = range(len(tokens)) if starts is None else starts
    return Encoded(np.zeros(1, np.float32), tokens, np.array(places, dtype=np.int32))


def stored(*tokens: NDArray[np.float32], dimension: int | None = None) -> TokenVectors:
    passages = [passage_tokens(encoded(one), 0) for one in tokens]
    return TokenVectors(passages, tokens[0].shape[1] if dimension is None else dimension)


def exact(passage: PassageTokens) -> NDArray[np.float64]:
    """Return the vectors that are stored, as numbers."""
    return passage.codes.astype(np.float64) * passage.scales[:, None]


def max_sim(query: NDArray[np.float32], tokens: NDArray[np.float64]) -> float:
    """Return MaxSim as its definition says it, piece by piece."""
    return float(np.mean([max(float(piece @ other) for other in tokens) for piece in query]))


# Two axes: the first piece is the first axis, the second lies between both.
AXES = np.array([[1, 0], [0, 1]], dtype=np.float32)


def test_a_number_is_rounded_to_a_127th_of_the_largest_of_its_piece() -> None:
    # 0.8 / 127 a step: 0.6 is 95.25 steps, 0.003 is 0.48.
    found = passage_tokens(encoded(np.array([[0.8, -0.6], [0.003, -0.8]], np.float32)), 0)
    assert found.codes.tolist() == [[127, -95], [0, -127]]
    assert found.codes.dtype == np.int8
    assert found.scales.dtype == np.float32
    np.testing.assert_allclose(found.scales, [0.8 / 127] * 2, rtol=1e-6)


def test_each_piece_has_a_scale_of_its_own() -> None:
    found = passage_tokens(encoded(np.array([[1.0, 0.25], [0.01, 0.04]], np.float32)), 0)
    # A quarter of 127 is 31.75.
    assert found.codes.tolist() == [[127, 32], [32, 127]]
    np.testing.assert_allclose(found.scales, [1 / 127, 0.04 / 127], rtol=1e-6)


def test_a_piece_of_zeros_stays_zero() -> None:
    found = passage_tokens(encoded(np.zeros((1, 4), np.float32)), 0)
    assert found.codes.tolist() == [[0, 0, 0, 0]]
    assert found.scales.tolist() == [0]


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (3, 0)])
def test_no_pieces_and_pieces_without_numbers_are_stored_as_such(shape: tuple[int, int]) -> None:
    found = passage_tokens(encoded(np.zeros(shape, np.float32)), 0)
    assert (found.codes.shape, found.scales.shape, found.starts.shape) == (
        shape,
        shape[:1],
        shape[:1],
    )


def test_offsets_count_from_the_passage_and_are_negative_before_it() -> None:
    # The text that is encoded begins with title and headings, 20 characters here.
    found = passage_tokens(encoded(drawn(0, 4), [0, 19, 20, 25]), 20)
    assert found.starts.tolist() == [-20, -1, 0, 5]
    assert found.starts.dtype == np.int32


@given(st.integers(0, 2**32 - 1), st.integers(1, 400), st.integers(1, 6))
def test_rounding_turns_a_piece_by_no_more_than_its_steps_allow(
    seed: int, dimension: int, pieces: int
) -> None:
    """Each number moves by half a step at most, so the vector by sqrt(dimension) half steps."""
    tokens = drawn(seed, pieces, dimension)
    found = passage_tokens(encoded(tokens), 0)
    moved = np.linalg.norm(exact(found) - tokens, axis=1)
    limits = np.sqrt(dimension) * found.scales / 2
    assert (moved <= limits * 1.001 + 1e-7).all()
    cosines = (unit(exact(found)) * tokens).sum(axis=1)
    # The sine of the angle is at most how far a unit vector moved.
    assert (cosines >= np.sqrt(np.maximum(0, 1 - limits**2)) - 1e-5).all()


@given(st.integers(0, 2**32 - 1))
def test_the_cosines_of_real_lengths_are_off_by_less_than_a_hundredth(seed: int) -> None:
    passage, query = drawn(seed, 30), drawn(seed + 1, 5)
    np.testing.assert_allclose(stored(passage).cosines(query, 0), passage @ query.T, atol=0.01)


def test_maxsim_is_what_a_reader_computes() -> None:
    # The first piece of the query is the first axis, the second has 0.6 and 0.8 of them.
    query = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
    found = stored(AXES, AXES[:1], AXES[1:]).scores(query, np.array([0, 1, 2]))
    assert found.tolist() == pytest.approx([(1 + 0.8) / 2, (1 + 0.6) / 2, (0 + 0.8) / 2], abs=0.01)
    assert found.dtype == np.float32


def test_only_the_best_piece_counts_and_a_negative_one_counts_where_it_is_the_best() -> None:
    query = np.array([[1, 0]], dtype=np.float32)
    found = stored(np.concatenate([-AXES, AXES]), -AXES[:1]).scores(query, np.array([0, 1]))
    assert found.tolist() == pytest.approx([1, -1], abs=0.01)


@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 7), min_size=1, max_size=8),
    st.integers(1, 5),
    st.data(),
)
def test_scores_are_maxsim_for_passages_of_any_lengths_in_any_order(
    seed: int, lengths: list[int], asked: int, data: st.DataObject
) -> None:
    passages = [drawn(seed + i, n, 8) for i, n in enumerate(lengths)]
    tokens = stored(*passages)
    rows = data.draw(st.lists(st.integers(0, len(lengths) - 1), max_size=12))
    query = drawn(seed + 100, asked, 8)
    found = tokens.scores(query, np.array(rows, dtype=np.int64))
    expected = [max_sim(query, exact(tokens.passage(row))) if lengths[row] else 0.0 for row in rows]
    np.testing.assert_allclose(found, expected, atol=0.01)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_the_score_is_the_mean_of_the_best_of_the_cosines(seed: int, asked: int) -> None:
    tokens, query = stored(drawn(seed, 7), drawn(seed + 1, 3)), drawn(seed + 2, asked)
    found = tokens.scores(query, np.array([0, 1]))
    expected = [tokens.cosines(query, row).max(axis=0).mean() for row in (0, 1)]
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_a_passage_without_pieces_scores_zero_among_others_first_last_and_twice() -> None:
    nothing = AXES[:0]
    tokens = stored(nothing, AXES, nothing, nothing)
    found = tokens.scores(AXES, np.array([0, 1, 2, 3, 1, 0]))
    assert found.tolist() == pytest.approx([0, 1, 0, 0, 1, 0], abs=0.01)
    assert tokens.scores(AXES, np.array([0, 3])).tolist() == [0, 0]
    assert tokens.cosines(AXES, 0).shape == (0, 2)


def test_a_query_without_pieces_scores_zero_everywhere() -> None:
    tokens = stored(AXES, AXES)
    assert tokens.scores(AXES[:0], np.array([0, 1, 1])).tolist() == [0, 0, 0]
    assert tokens.scores(np.zeros((0, 0), np.float32), np.array([1])).tolist() == [0]
    assert tokens.cosines(AXES[:0], 0).shape == (2, 0)


def test_no_passages_have_no_scores() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert stored(AXES).scores(AXES, none).shape == (0,)
    empty = TokenVectors([], 2)
    assert (empty.passages, empty.dimension) == (0, 2)
    assert empty.scores(AXES, none).shape == (0,)


def test_an_encoder_without_pieces_gives_dimension_zero_and_zero_everywhere() -> None:
    nothing = np.zeros((0, 0), np.float32)
    tokens = stored(nothing, nothing)
    assert (tokens.passages, tokens.dimension) == (2, 0)
    assert tokens.scores(nothing, np.array([0, 1])).tolist() == [0, 0]
    assert tokens.scores(np.ones((2, 0), np.float32), np.array([1])).tolist() == [0]
    assert tokens.cosines(nothing, 1).shape == (0, 0)


def test_a_query_of_another_dimension_is_an_error() -> None:
    with pytest.raises(ValueError, match="matmul"):
        stored(AXES).scores(np.ones((1, 3), np.float32), np.array([0]))


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 30))
def test_equal_passages_have_equal_scores_wherever_they_stand(
    seed: int, pieces: int, others: int
) -> None:
    same, query = drawn(seed, pieces), drawn(seed + 1, 7)
    rest = [drawn(seed + 2 + i, 1 + i % 9) for i in range(others)]
    tokens = stored(same, *rest, same, *rest[:1], same)
    rows = np.array([0, others + 1, others + 3])
    alone = [float(tokens.scores(query, rows[i : i + 1])[0]) for i in range(3)]
    among = tokens.scores(query, np.arange(tokens.passages))[rows]
    assert len({*alone, *among.tolist()}) == 1


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 5))
def test_scores_stay_between_minus_one_and_one(seed: int, dimension: int, pieces: int) -> None:
    passage = drawn(seed, pieces, dimension)
    tokens = stored(passage, -passage[:1])
    found = tokens.scores(passage[:1], np.array([0, 1]))
    assert (np.abs(found) <= 1).all()


def test_a_piece_that_rounding_made_longer_still_scores_at_most_one() -> None:
    # 101.5 steps of 127 are rounded up to 102: the product with itself would be 1.003.
    tokens = stored(unit(np.array([[127, 101.5, 101.5, 101.5]])))
    query = unit(np.array([[127, 101.5, 101.5, 101.5]]))
    assert tokens.scores(query, np.array([0]))[0] <= 1


# -- files -----------------------------------------------------------------------------------------


RAGGED = [drawn(5, n, 8) for n in (3, 0, 1, 6)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    stored(*RAGGED).write(tmp_path)
    return tmp_path


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def same(one: TokenVectors, other: TokenVectors) -> bool:
    return (one.passages, one.dimension) == (other.passages, other.dimension) and all(
        np.array_equal(a, b) and a.dtype == b.dtype
        for row in range(one.passages)
        for a, b in zip(one.passage(row), other.passage(row), strict=True)
    )


@pytest.mark.parametrize(
    "passages", [RAGGED, RAGGED[:1], RAGGED[1:2], [np.zeros((0, 0), np.float32)] * 2]
)
def test_what_was_written_is_read_and_written_again_byte_for_byte(
    tmp_path: Path, passages: list[NDArray[np.float32]]
) -> None:
    tokens = stored(*passages)
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    tokens.write(tmp_path / "one")
    stored(*passages).write(tmp_path / "two")
    read = TokenVectors.read(tmp_path / "one")
    read.write(tmp_path / "three")
    assert same(read, tokens)
    one = bytes_of(tmp_path / "one")
    assert set(one) == {f"tokens-{name}.npy" for name in NAMES}
    assert one == bytes_of(tmp_path / "two") == bytes_of(tmp_path / "three")


def test_no_passages_are_written_and_read(tmp_path: Path) -> None:
    TokenVectors([], 8).write(tmp_path)
    read = TokenVectors.read(tmp_path)
    assert (read.passages, read.dimension) == (0, 8)


def test_read_pieces_score_as_the_written_ones(folder: Path) -> None:
    query, rows = drawn(9, 4, 8), np.arange(4)
    written, read = stored(*RAGGED), TokenVectors.read(folder)
    assert read.scores(query, rows).tolist() == written.scores(query, rows).tolist()


@pytest.mark.parametrize("in_files", [True, False])
@pytest.mark.parametrize("parts", [[range(3)], [range(1, 3), range(1)], [range(2, 2)], []])
def test_parts_that_are_joined_are_as_if_made_of_their_passages(
    tmp_path: Path, parts: list[range], in_files: bool
) -> None:
    all_of_them = stored(*RAGGED)
    (tmp_path / "scratch").mkdir()
    joined = TokenVectors.joined(
        map(all_of_them.part, parts), 8, tmp_path / "scratch" if in_files else None
    )
    rows = [row for part in parts for row in part]
    expected = TokenVectors([all_of_them.passage(row) for row in rows], 8)
    assert same(joined, expected)
    for name, tokens in (("joined", joined), ("expected", expected)):
        (tmp_path / name).mkdir()
        tokens.write(tmp_path / name)
    for file in (tmp_path / "expected").iterdir():
        assert (tmp_path / "joined" / file.name).read_bytes() == file.read_bytes()
        again = io.BytesIO()
        np.save(again, np.load(file))
        assert again.getvalue() == file.read_bytes()


def _mapped(tokens: TokenVectors) -> dict[str, bool]:
    return {name: isinstance(getattr(tokens, f"_{name}").base, np.memmap) for name in NAMES}


def test_files_from_a_size_on_are_mapped_and_give_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any(_mapped(TokenVectors.read(folder)).values())
    size = (folder / "tokens-codes.npy").stat().st_size
    for limit, mapped in ((0, set(NAMES)), (size, {"codes"}), (size + 1, set())):
        monkeypatch.setattr(token_vectors, "MAP_FROM_BYTES", limit)
        tokens = TokenVectors.read(folder)
        found = _mapped(tokens)
        assert {name for name in NAMES if found[name]} >= mapped
        assert found["codes"] is (limit <= size)
        assert same(tokens, stored(*RAGGED))
        query = drawn(9, 4, 8)
        assert tokens.scores(query, np.arange(4)).tolist() == pytest.approx(
            stored(*RAGGED).scores(query, np.arange(4)).tolist()
        )


def test_a_mapped_file_cannot_be_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_vectors, "MAP_FROM_BYTES", 0)
    with pytest.raises(ValueError, match="read-only"):
        TokenVectors.read(folder).passage(0).codes[0, 0] = 1


def _changed(change: Callable[[NDArray[np.generic]], NDArray[np.generic]]) -> Callable[..., None]:
    def damage(path: Path) -> None:
        np.save(path, change(np.load(path)))

    return damage


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _other_bytes(path: Path) -> None:
    path.write_bytes(b"these are no numbers")


def _pickled(path: Path) -> None:
    np.save(path, np.array([{}, {}], dtype=object), allow_pickle=True)


def _first(*numbers: int) -> Callable[..., None]:
    return _changed(lambda _: np.array(numbers, dtype=np.int64))


WRONG = {
    **{
        f"{name}, other numbers": (name, _changed(lambda array: array.astype(np.float64)))
        for name in NAMES
    },
    **{f"{name}, one less": (name, _changed(lambda array: array[:-1])) for name in NAMES},
    **{
        f"{name}, one more": (name, _changed(lambda array: np.concatenate([array, array[-1:] + 1])))
        for name in NAMES
    },
    **{f"{name}, a dimension more": (name, _changed(lambda array: array[None])) for name in NAMES},
    "codes, flat": ("codes", _changed(np.ravel)),
    "codes, unsigned": ("codes", _changed(lambda array: array.astype(np.uint8))),
    "first, none": ("first", _first()),
    "first, one": ("first", _first(10)),
    "first, not from zero": ("first", _first(1, 3, 3, 4, 10)),
    "first, a step back": ("first", _first(0, 3, 2, 4, 10)),
    "first, below zero": ("first", _first(0, -3, 3, 4, 10)),
    "first, beyond": ("first", _first(0, 3, 3, 4, 11)),
}
UNREADABLE = {
    f"{name}, {damage.__name__[1:]}": (name, damage)
    for name in NAMES
    for damage in (_cut, _emptied, _other_bytes, _pickled, Path.unlink)
}


@pytest.mark.parametrize(("name", "damage"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("limit", [0, 1 << 30])
def test_arrays_that_do_not_fit_are_refused_with_file_and_fix(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    damage: Callable[[Path], None],
    limit: int,
) -> None:
    damage(folder / f"tokens-{name}.npy")
    monkeypatch.setattr(token_vectors, "MAP_FROM_BYTES", limit)
    with pytest.raises(IndexDamagedError) as caught:
        TokenVectors.read(folder)
    assert str(folder) in (caught.value.where or "")
    assert "tokens-" in (caught.value.where or "")
    assert caught.value.fix == "python -m ingest"


@pytest.mark.parametrize(
    ("name", "damage"), [*WRONG.values(), *UNREADABLE.values()], ids=[*WRONG, *UNREADABLE]
)
def test_a_generation_with_such_a_file_is_refused(
    built: Path, name: str, damage: Callable[[Path], None]
) -> None:
    """Also where the manifest vouches for it, as a faulty program might."""
    folder = built / str(current_generation(built))
    stored(*RAGGED).write(folder)
    path = folder / f"tokens-{name}.npy"
    damage(path)
    manifest = manifests.read_manifest(folder / "manifest.json")
    files = {
        other: manifests.record_file(folder / other)
        for other in manifest.files
        if (folder / other).exists()
    }
    manifests.write_manifest(dataclasses.replace(manifest, files=files), folder / "manifest.json")
    with pytest.raises(IndexDamagedError):
        read_generation(folder)


def test_a_generation_with_the_pieces_of_other_passages_is_refused(built: Path) -> None:
    folder = built / str(current_generation(built))
    stored(*RAGGED).write(folder)
    manifest = manifests.read_manifest(folder / "manifest.json")
    files = {other: manifests.record_file(folder / other) for other in manifest.files}
    manifests.write_manifest(dataclasses.replace(manifest, files=files), folder / "manifest.json")
    with pytest.raises(IndexDamagedError, match="tokens"):
        read_generation(folder)
