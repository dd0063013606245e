"""The encoder that answers questions: the reference model, exported by ingest to ONNX."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import EncoderError
from core.places import install
from core.types import Encoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from core.types import EncoderInfo

FOLDER = "encoder"
# The weights are a file of their own and memory-mapped: unused words take no memory.
GRAPH, WEIGHTS, TOKENIZER = "model.onnx", "weights.bin", "tokenizer.json"
# Word pieces of a batch: larger ones take more memory and no less time. Measured for MiniLM.
_BATCH_PIECES = 1_024
IDS, MASK, VECTORS, TOKENS = "input_ids", "attention_mask", "vectors", "tokens"


class OnnxEncoder:
    """An exported encoder as the project's `Encoder`; safe to share between threads.

    A question is encoded on one processor, so that simultaneous ones do not wait for each other.
    Many texts at once use all of them, in batches of the same number of word pieces: nothing is
    padded, and a vector depends on its neighbours in no more than its last bits.
    """

    def __init__(self, folder: Path, info: EncoderInfo) -> None:
        """Open the encoder that ingest exported; `info` is that of the encoder it came from.

        Raises EncoderError when it cannot be opened.
        """
        self._info = info
        self._folder = folder
        try:
            self._tokenizer = _tokenizer(folder / TOKENIZER, info.max_tokens)
            self._session = _session(folder / GRAPH)
        except Exception as error:  # both libraries raise many kinds
            raise EncoderError(
                "The exported encoder cannot be opened.",
                where=str(folder),
                expected="files that ingest exported, and onnxruntime and tokenizers to run them",
                found=f"{type(error).__name__}: {error}",
                fix=f"{install()}, or: python -m ingest",
            ) from error

    @property
    def info(self) -> EncoderInfo:
        """Say which encoder this was exported from."""
        return self._info

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors: float32, shape (len(texts), dimension), in the order of `texts`."""
        encoded = self.encode_tokens(texts)
        if not encoded:
            return np.zeros((0, self._info.dimension), dtype=np.float32)
        return np.stack([one.vector for one in encoded])

    def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts piece by piece as well, in their order."""
        pieces = [self._tokenizer.encode(text) for text in texts]
        encoded: dict[int, Encoded] = {}
        batches = list(_batches([one.ids for one in pieces]))

        def fill(rows: Sequence[int]) -> None:
            vectors, tokens = self._run(np.array([pieces[row].ids for row in rows], dtype=np.int64))
            for row, vector, of_text in zip(rows, vectors, tokens, strict=True):
                is_piece = np.array(pieces[row].special_tokens_mask) == 0
                starts = np.array([start for start, _ in pieces[row].offsets], dtype=np.int32)
                encoded[row] = Encoded(vector, of_text[is_piece], starts[is_piece])

        if len(batches) > 1:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(fill, batches))  # raises the first error of any batch
        else:
            for rows in batches:
                fill(rows)
        return [encoded[row] for row in range(len(texts))]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special tokens included, untruncated."""
        return [len(one.ids) for one in self._counter.encode_batch_fast(list(texts))]

    @cached_property
    def _counter(self) -> Any:
        """The tokenizer without truncation; only ingest counts."""
        return _tokenizer(self._folder / TOKENIZER)

    def _run(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        vectors, tokens = self._session.run([VECTORS, TOKENS], {IDS: ids, MASK: np.ones_like(ids)})
        return vectors, tokens


def _batches(pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield the rows of texts with the same number of word pieces, some at a time."""
    by_length: dict[int, list[int]] = {}
    for row, ids in enumerate(pieces):
        by_length.setdefault(len(ids), []).append(row)
    # The longest first: at the end no processor waits for a long one.
    for length, rows in sorted(by_length.items(), reverse=True):
        most = max(1, _BATCH_PIECES // max(1, length))
        for begin in range(0, len(rows), most):
            yield rows[begin : begin + most]


def _tokenizer(path: Path, max_tokens: int | None = None) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    # Set once: tokenizers fails when this changes while another thread encodes.
    if max_tokens is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    return tokenizer


def _session(graph: Path) -> Any:
    import onnxruntime

    # Besides ORT_DISABLE_TELEMETRY (core/offline.py): on Windows these are events of the system.
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    # Questions are short: a second thread costs more than it saves, and several run at once.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it never returns the memory of the longest question
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
