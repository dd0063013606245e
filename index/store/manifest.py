"""What a generation was built from, with what, and the hash of every file in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import IndexDamagedError, IndexMismatchError, refused_by_machine
from core.findings import Finding
from core.types import EncoderInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "manifest.json"
FLOAT32 = "float32"
# Raised whenever the files of a generation change their meaning; an older index is rebuilt.
SCHEMA_VERSION = 9
REBUILD = "python -m ingest"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a generation, as it was written."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class WordCount:
    """What became of the words of a file: how many the article has, and how many it has not.

    `left_out` are in the list of what its reader leaves out with a reason, `lost` are nowhere;
    `examples` are a few of the lost ones.
    """

    kept: int
    left_out: int = 0
    lost: int = 0
    examples: tuple[str, ...] = ()

    @property
    def share_kept(self) -> float:
        """The part that the article has of the words that were not left out; 1.0 of none."""
        return self.kept / (self.kept + self.lost) if self.lost else 1.0

    @property
    def percent_kept(self) -> str:
        """The same for people, such as "97 %"; "100 %" only where no word is lost."""
        return f"{int(self.share_kept * 100)} %"


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """The hashes of an article's file and of the settings beside it, None without settings.

    `words` is None where the file's own text could not be read a second time.
    """

    sha256: str
    sidecar_sha256: str | None = None
    words: WordCount | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The record of one generation.

    `inputs` is everything that the generation's id is derived from: the same inputs give the same
    id. `articles` are the records of the articles by their ids; `renamed_from` maps the ids that
    articles had before their files got other names to their present ids. `findings` are what the
    ingest found wrong in the content folder, in the order in which an editor would look for it.
    `vectors` says how they are searched, `precision` in what they were computed: bfloat16 by an
    earlier version of the project, all are float32 on disk.
    """

    generation: str
    encoder: EncoderInfo
    inputs: Mapping[str, Any]
    counts: Mapping[str, int]
    articles: Mapping[str, ArticleRecord]
    files: Mapping[str, FileRecord]
    libraries: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    renamed_from: Mapping[str, str] = field(default_factory=dict)
    precision: str = FLOAT32
    vectors: Mapping[str, str | int] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION

    @property
    def tied_to(self) -> dict[str, str]:
        """What a calibration is made for and means nothing without."""
        return tied_to(self.inputs)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings about what the ingest skipped."""
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings about what is in the index all the same."""
        return tuple(finding for finding in self.findings if not finding.is_error)

    @property
    def kept(self) -> dict[str, Finding]:
        """Why the new file of an article was skipped, by the ids of the articles."""
        return {finding.article: finding for finding in self.problems if finding.article}


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
            "findings": tuple(Finding(**record) for record in body["findings"]),
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
    words = record.get("words")  # an earlier ingest counted none
    counted = words and WordCount(**{**words, "examples": tuple(words["examples"])})
    return ArticleRecord(**{**record, "words": counted})


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
