"""What a generation's vectors are called on a Milvus server, what they are, and its address."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

TOKEN_VARIABLE = "CLINIC_MILVUS_TOKEN"  # noqa: S105  the name of one, not one
EXACT = "FLAT"
MOST = 16_384
"""What a server answers to one question at most (https://milvus.io/docs/limitations.md)."""
_GENERATION = re.compile(r"[0-9a-f]{16}")
_COLLECTION = re.compile(r"clinic_[0-9a-f]{16}_[0-9a-f]{8}")
_BATCH_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What a collection was made of; the digest is SHA-256 over its vectors, row by row."""

    rows: int
    dimension: int
    sha256: str
    index: str = EXACT


def name_of(generation: str, contents: Contents) -> str:
    """Return the name of a generation's collection: other vectors are in another one.

    Raises ValueError for what is no generation's id.
    """
    if not _GENERATION.fullmatch(generation):
        raise ValueError(f"a generation's id has 16 of 0-9a-f, got {generation!r}")
    return f"clinic_{generation}_{contents.sha256[:8]}"


def own(collection: str) -> str:
    """Return the name of a generation's collection; ValueError for any other."""
    if not is_name(collection):
        raise ValueError(f"no collection of a generation: {collection!r}")
    return collection


def is_name(collection: str) -> bool:
    """Say whether a collection is named as those of generations are."""
    return bool(_COLLECTION.fullmatch(collection))


def batch(dimension: int) -> int:
    """Return how many vectors of a length travel at once."""
    return max(1, min(_BATCH_BYTES // (4 * max(1, dimension)), MOST))


def shown(uri: str) -> str:
    """Return an address without the user and password that it may hold."""
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def secrets(uri: str) -> list[str]:
    """Return what no error may hold, the longest first."""
    inside = urlsplit(uri).netloc.rpartition("@")[0]
    told = {os.environ.get(TOKEN_VARIABLE, ""), inside}
    told |= {part for one in tuple(told) for part in one.split(":")}
    return sorted(filter(None, told | set(map(unquote, told))), key=len, reverse=True)
