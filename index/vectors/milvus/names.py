"""Names and descriptions of collections on a Milvus server, and its address without secrets."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

TOKEN_VARIABLE = "CLINIC_MILVUS_TOKEN"  # noqa: S105  the name of a variable
EXACT = "FLAT"
MOST = 16_384
"""The largest number of rows in an answer (https://milvus.io/docs/limitations.md)."""
_GENERATION = re.compile(r"[0-9a-f]{16}")
_COLLECTION = re.compile(r"clinic_[0-9a-f]{16}_[0-9a-f]{8}")
_BATCH_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a collection; the digest is the SHA-256 of its vectors, row by row."""

    rows: int
    dimension: int
    sha256: str
    index: str = EXACT


def name_of(generation: str, contents: Contents) -> str:
    """Return the name of a generation's collection, which differs for other vectors.

    Raises ValueError for an invalid id.
    """
    if not _GENERATION.fullmatch(generation):
        raise ValueError(f"a generation's id has 16 hex digits, got {generation!r}")
    return f"clinic_{generation}_{contents.sha256[:8]}"


def check_name(collection: str) -> str:
    """Return the name of a generation's collection. Raises ValueError for any other name."""
    if not is_name(collection):
        raise ValueError(f"no collection of a generation: {collection!r}")
    return collection


def is_name(collection: str) -> bool:
    """Say whether a name is that of a generation's collection."""
    return bool(_COLLECTION.fullmatch(collection))


def batch(dimension: int) -> int:
    """Return how many vectors of this length are sent in a request."""
    return max(1, min(_BATCH_BYTES // (4 * max(1, dimension)), MOST))


def shown(uri: str) -> str:
    """Return an address without its user and password, for messages."""
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def secrets(uri: str) -> list[str]:
    """Return the texts that no error may contain, the longest first."""
    whole = (os.environ.get(TOKEN_VARIABLE, ""), urlsplit(uri).netloc.rpartition("@")[0])
    found = {*whole, *(part for text in whole for part in text.split(":"))}
    return sorted(filter(None, found | set(map(unquote, found))), key=len, reverse=True)
