"""Vectors quantised by faiss, four bits for four components: they name candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from index.vectors.faiss_files import library, one_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TRAINED_ON = 1 << 14
_BLOCK = 1 << 16
# A quantiser serves an index of up to so many times as many vectors as the last one, or as few.
_ALIKE = 1.5


def made_of(
    vectors: NDArray[np.float32], *, like: Any = None, kept: Sequence[tuple[int, range]] = ()
) -> Any:
    """Return an index of faiss of these vectors: float32, shape (rows, dimension).

    It is a 4-bit product quantisation after a random rotation; randomness is seeded. Where `like`
    is such an index of about as many vectors, it is used without training; `kept` says from which
    row on the vectors are those of which rows of `like`, whose codes stay what they were.
    """
    if like is None or like.d != vectors.shape[1] or not _are_alike(len(vectors), like.ntotal):
        return _trained_on(vectors)
    index = library().clone_index(like)
    index.reset()
    _set_codes(index, _codes_again(like, vectors, kept))
    return index


def parts(dimension: int) -> int:
    """Return the number of parts of a vector, each of which has a code."""
    return next(dimension // size for size in (4, 2, 1) if dimension % size == 0)


def _are_alike(rows: int, before: int) -> bool:
    return before / _ALIKE <= rows <= before * _ALIKE


def _trained_on(vectors: NDArray[np.float32]) -> Any:
    faiss = library()
    rows, dimension = vectors.shape
    form = f"RR{dimension},PQ{parts(dimension)}x4fs"
    index = faiss.index_factory(dimension, form, faiss.METRIC_INNER_PRODUCT)
    draw = np.random.default_rng(0)
    sample = draw.choice(rows, min(rows, _TRAINED_ON), replace=False)
    with one_thread():  # sums by several threads differ in their last bits
        index.train(vectors[np.sort(sample)])
    for start in range(0, rows, _BLOCK):
        index.add(vectors[start : start + _BLOCK])
    return index


def _codes_again(
    like: Any, vectors: NDArray[np.float32], kept: Sequence[tuple[int, range]]
) -> NDArray[np.uint8]:
    """Return the codes of vectors, those of kept rows from `like`: uint8, shape (rows, bytes)."""
    before = _codes(like)
    codes = np.zeros((len(vectors), before.shape[1]), np.uint8)
    is_new = np.ones(len(vectors), bool)
    for row, rows in kept:
        codes[row : row + len(rows)] = before[rows.start : rows.stop]
        is_new[row : row + len(rows)] = False
    new = np.flatnonzero(is_new)
    for start in range(0, len(new), _BLOCK):
        block = new[start : start + _BLOCK]
        codes[block] = like.sa_encode(vectors[block])
    return codes


def _codes(index: Any) -> NDArray[np.uint8]:
    """Return the codes of an index one after the other, which lie interleaved in blocks there."""
    faiss = library()
    inner = faiss.downcast_index(index.index)
    packer = inner.get_CodePacker()
    blocks = faiss.vector_to_array(inner.codes).reshape(-1, packer.block_size)
    codes = np.zeros((len(blocks), packer.nvec, packer.code_size), np.uint8)
    for block, unpacked in zip(blocks, codes, strict=True):
        packer.unpack_all(faiss.swig_ptr(block), faiss.swig_ptr(unpacked))
    return codes.reshape(-1, packer.code_size)[: index.ntotal]


def _set_codes(index: Any, codes: NDArray[np.uint8]) -> None:
    """Give an empty index these codes, as if their vectors were added to it."""
    faiss = library()
    inner = faiss.downcast_index(index.index)
    packer = inner.get_CodePacker()
    count = -(-len(codes) // packer.nvec)
    padded = np.zeros((count, packer.nvec, packer.code_size), np.uint8)
    padded.reshape(-1, packer.code_size)[: len(codes)] = codes
    blocks = np.zeros((count, packer.block_size), np.uint8)
    for unpacked, block in zip(padded, blocks, strict=True):
        packer.pack_all(faiss.swig_ptr(unpacked), faiss.swig_ptr(block))
    faiss.copy_array_to_AlignedTable(blocks.ravel(), inner.codes)
    inner.ntotal = index.ntotal = len(codes)
    inner.ntotal2 = count * packer.nvec
