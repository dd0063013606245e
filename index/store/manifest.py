"""What a generation was built from, with what, and the hash of every file in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import IndexDamagedError, IndexMismatchError, refused_by_machine
from core.types import EncoderInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "manifest.json"
FLOAT32, BFLOAT16 = "float32", "bfloat16"
# Raised whenever the files of a generation change their meaning; an older index is rebuilt.
SCHEMA_VERSION = 5
REBUILD = "python -m ingest"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a generation, as it was written."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """What an article was made from, and what its editor was told while it was read.

    The hashes are those of its file and of the settings beside it, None without any. `refused`
    says why the file that lies in the content folder now is not taken; the article is then the last
    version that was. It is empty where all is well.
    """

    sha256: str
    sidecar_sha256: str | None = None
    warnings: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The record of one generation.

    `inputs` is everything that the generation's id is derived from: the same inputs give the same
    id. `articles` are the records of the articles by their ids; `former` maps ids under which an
    article was published before its file got another name to its id now. `problems` are what could
    not be taken from the content folder, as its editor was told; `warnings` what was taken all the
    same. `vectors` says how they are searched, `precision` in what the model computed those of
    passages: bfloat16 where any were, all are float32 on disk.
    """

    generation: str
    encoder: EncoderInfo
    inputs: Mapping[str, Any]
    counts: Mapping[str, int]
    articles: Mapping[str, ArticleRecord]
    files: Mapping[str, FileRecord]
    warnings: tuple[str, ...]
    libraries: Mapping[str, str]
    former: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    precision: str = FLOAT32
    vectors: Mapping[str, str | int] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION

    @property
    def tied_to(self) -> dict[str, str]:
        """What a calibration is made for and means nothing without."""
        return tied_to(self.inputs)


def tied_to(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the hashes of the inputs that a calibration belongs to, by name."""
    names = ("encoder", "splitter", "views", "articles", "questions", "routes", "vocabulary")
    return {name: generation_id({name: inputs.get(name)}) for name in names}


def generation_id(inputs: Mapping[str, Any]) -> str:
    """Derive a generation's id from its inputs: 16 hex digits of the sha256 of their JSON."""
    canonical = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def record_file(path: Path) -> FileRecord:
    """Hash a file as it stands on disk."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileRecord(digest, path.stat().st_size)


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write the manifest as JSON with a hash of its own, readable by people."""
    path.write_bytes(_written(asdict(manifest)))


def read_manifest(path: Path) -> Manifest:
    """Read and check a manifest.

    Raises IndexDamagedError when it is missing, cut or changed, and IndexMismatchError when
    another version of the project wrote it.
    """
    try:
        raw = path.read_bytes()
        body = json.loads(raw.decode("utf-8"))
        body.pop("sha256")
        version = body["schema_version"]
        as_written = raw == _written(body)
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        refused = refused_by_machine(error, path)
        raise refused or _damaged(path, f"{type(error).__name__}: {error}") from error
    if version != SCHEMA_VERSION:
        raise IndexMismatchError(
            "The index was built by another version of this project.",
            where=str(path),
            expected=f"schema version {SCHEMA_VERSION}",
            found=f"schema version {version!r}",
            fix=REBUILD,
        )
    if not as_written:
        raise _damaged(path, "a text that was changed after it was written")
    return Manifest(
        **{
            **body,
            "encoder": EncoderInfo(**body["encoder"]),
            "articles": {name: _article(record) for name, record in body["articles"].items()},
            "files": {name: FileRecord(**record) for name, record in body["files"].items()},
            "warnings": tuple(body["warnings"]),
            "problems": tuple(body["problems"]),
        }
    )


def check_encoder(manifest: Manifest, info: EncoderInfo, where: Path) -> None:
    """Raise IndexMismatchError when queries would be encoded by another model than passages."""
    if manifest.encoder.sha256 != info.sha256 or manifest.encoder.dimension != info.dimension:
        raise IndexMismatchError(
            "The index was built with another model than the one that is loaded.",
            where=str(where),
            expected=f"{manifest.encoder.name}, sha256 {manifest.encoder.sha256[:12]}",
            found=f"{info.name}, sha256 {info.sha256[:12]}",
            fix=REBUILD,
        )


def _article(record: Mapping[str, Any]) -> ArticleRecord:
    return ArticleRecord(**{**record, "warnings": tuple(record["warnings"])})


def _written(body: Mapping[str, Any]) -> bytes:
    """Return the only bytes that a manifest may have: a hash of its own is among them."""
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    record = {**body, "sha256": hashlib.sha256(canonical.encode()).hexdigest()}
    text = json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False)
    return (text + "\n").encode()


def _damaged(path: Path, found: str) -> IndexDamagedError:
    return IndexDamagedError(
        "The record of what is in the index cannot be trusted.",
        where=str(path),
        expected="the manifest that ingest wrote",
        found=found,
        fix=REBUILD,
    )
