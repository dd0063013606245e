"""A connection to Milvus and what is asked over it: the only user of pymilvus.

An error holds neither what was sent nor a user, a password or a token.
"""

from __future__ import annotations

import json
import logging
import os
import re
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

import numpy as np

from index.errors import ClinicSearchError, IndexUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

TOKEN_VARIABLE = "CLINIC_MILVUS_TOKEN"  # noqa: S105  the name of one, not one
ALIAS = "clinic_current"
EXACT = "FLAT"
MOST = 16_384
"""What a server answers to one question at most (https://milvus.io/docs/limitations.md)."""
CONNECT_S, ASK_S, WRITE_S = 3.0, 5.0, 600.0
_SOON, _PATIENTLY = {"timeout": ASK_S}, {"timeout": WRITE_S}
_PREFIX = "clinic_"
_GENERATION = re.compile(r"[0-9a-f]{16}")
_ROW, _VECTOR, _CONTENTS = "row", "vector", "clinic.contents"
_BATCH_BYTES = 4 << 20
_NOT_LOADED = 101


@dataclass(frozen=True, slots=True)
class Contents:
    """What a collection was made of; the digest is SHA-256 over its vectors, row by row."""

    rows: int
    dimension: int
    sha256: str
    index: str = EXACT


class Connection:
    """A server that answers within seconds, or an error; to be closed. Threads may share it.

    Generations stand for their collections: 16 of 0-9a-f, anything else is a ValueError.
    """

    def __init__(self, uri: str, kind: type[ClinicSearchError] = IndexUnavailableError) -> None:
        """Connect; raise `kind`, now and later, when the server refuses or does not answer."""
        self.shown = shown(uri)
        self._secrets = _secrets(uri)
        self._kind = kind
        # On import pymilvus would read a file `.env` of any folder above into the environment.
        os.environ.setdefault("PYTHON_DOTENV_DISABLED", "1")
        try:
            import pymilvus
        except ImportError as error:
            raise kind(
                "Vectors in Milvus need its client, which is not installed.",
                where="vector_store in clinic.toml",
                found=str(error),
                mend="python -m pip install -r requirements-milvus.txt",
            ) from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it says is raised, too
        token = os.environ.get(TOKEN_VARIABLE, "")
        with self._asking():
            self._client = pymilvus.MilvusClient(uri, token=token, timeout=CONNECT_S)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def generations(self) -> list[str]:
        """Return the generations that have a collection, in order."""
        with self._asking():
            names = [name.removeprefix(_PREFIX) for name in self._client.list_collections(**_SOON)]
        return sorted(name for name in names if _GENERATION.fullmatch(name))

    def has(self, generation: str) -> bool:
        """Say whether a generation has a collection, whole or not."""
        with self._asking():
            return bool(self._client.has_collection(name_of(generation), **_SOON))

    def current(self) -> str | None:
        """Return the generation that the alias names."""
        for generation in self.generations():
            with self._asking():
                named = self._client.list_aliases(name_of(generation), **_SOON)["aliases"]
            if ALIAS in named:
                return generation
        return None

    def point(self, generation: str) -> None:
        """Have the alias name a generation that has a collection; the server does so at once."""
        is_new = self.current() is None
        with self._asking():
            change = self._client.create_alias if is_new else self._client.alter_alias
            change(name_of(generation), ALIAS, **_SOON)

    def make(self, generation: str, contents: Contents) -> None:
        """Make an empty collection that says what it is going to hold."""
        from pymilvus import DataType

        # Said in both places: some servers forget the one, others may not take the other.
        described = json.dumps(asdict(contents))
        with self._asking():
            schema = self._client.create_schema(
                auto_id=False, enable_dynamic_field=False, description=described
            )
            schema.add_field(_ROW, DataType.INT64, is_primary=True)
            schema.add_field(_VECTOR, DataType.FLOAT_VECTOR, dim=contents.dimension)
            how = self._client.prepare_index_params()
            how.add_index(_VECTOR, index_type=contents.index, metric_type="IP")
            # Once filled, nothing in it ever changes: no answer has to wait for the latest writes.
            self._client.create_collection(
                name_of(generation),
                schema=schema,
                index_params=how,
                properties={_CONTENTS: described},
                consistency_level="Bounded",
                **_PATIENTLY,
            )

    def insert(self, generation: str, first: int, vectors: NDArray[np.float32]) -> None:
        """Add vectors as the rows from `first` on, at most `batch(dimension)` at once."""
        rows = [{_ROW: row, _VECTOR: vector} for row, vector in enumerate(vectors, first)]
        with self._asking():
            self._client.insert(name_of(generation), rows, **_PATIENTLY)

    def finish(self, generation: str) -> None:
        """Have all that was inserted on the server's disk and ready to be searched."""
        with self._asking():
            self._client.flush(name_of(generation), **_PATIENTLY)
            self.load(generation)

    def load(self, generation: str) -> None:
        """Have a collection ready to be searched; one that is costs nothing."""
        with self._asking():
            self._client.load_collection(name_of(generation), **_PATIENTLY)

    def drop(self, generation: str) -> None:
        """Remove the collection of a generation."""
        with self._asking():
            self._client.drop_collection(name_of(generation), **_PATIENTLY)

    def contents(self, generation: str) -> Contents | None:
        """Return what a collection was made for, None when it does not say so."""
        with self._asking():
            said = self._client.describe_collection(name_of(generation), **_SOON)
        try:
            return Contents(**json.loads(said["properties"].get(_CONTENTS) or said["description"]))
        except (ValueError, TypeError, LookupError):
            return None

    def count(self, generation: str) -> int:
        """Return how many rows a collection holds, after all that was ever written to it."""
        with self._asking():
            found = self._client.query(
                name_of(generation),
                filter="",
                output_fields=["count(*)"],
                consistency_level="Strong",
                **_SOON,
            )
        return int(found[0]["count(*)"])

    def nearest(
        self,
        generation: str,
        query: NDArray[np.float32],
        k: int,
        *,
        among: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return rows (int64) and inner products (float32) of the k nearest, best first.

        `among` names the only rows to look at. `k` and its length are at most `MOST`.
        """
        with self._asking():
            (hits,) = self._loaded(
                self._client.search,
                generation,
                data=[query],
                anns_field=_VECTOR,
                limit=k,
                filter="" if among is None else f"{_ROW} in {among.tolist()}",
                output_fields=[_ROW],  # without this, some servers send the vectors too
                search_params={"metric_type": "IP"},
                **_SOON,
            )
        rows = np.array([hit[_ROW] for hit in hits], dtype=np.int64)
        return rows, np.array([hit["distance"] for hit in hits], dtype=np.float32)

    def vectors(self, generation: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of those of these rows that are there, in their order: float32.

        At most `batch(dimension)` rows.
        """
        with self._asking():
            found = self._loaded(
                self._client.get,
                generation,
                ids=rows.tolist(),
                output_fields=[_ROW, _VECTOR],
                **_SOON,
            )
        by_row = {int(one[_ROW]): one[_VECTOR] for one in found}
        return np.array([by_row[row] for row in rows.tolist() if row in by_row], dtype=np.float32)

    def _loaded(self, ask: Callable[..., Any], generation: str, **what: Any) -> Any:
        """Ask, and once more when the server has started anew and holds nothing in memory yet."""
        from pymilvus.exceptions import MilvusException

        try:
            return ask(name_of(generation), **what)
        except MilvusException as error:
            if error.code != _NOT_LOADED:
                raise
            self._client.load_collection(name_of(generation), **_SOON)
            return ask(name_of(generation), **what)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except (MilvusException, RpcError) as error:
            said = str(getattr(error, "message", "") or type(error).__name__).splitlines()[0]
            for secret in self._secrets:
                said = said.replace(secret, "***")
            raise self._kind(
                "The vectors' server cannot be asked.",
                where=self.shown,
                expected="a Milvus server that answers within seconds and knows this user",
                found=said,
                mend="start it, or correct vector_store in content/clinic.toml",
            ) from None  # a traceback would show what was sent


def name_of(generation: str) -> str:
    """Return the name of a generation's collection; ValueError for what is no generation's id."""
    if not _GENERATION.fullmatch(generation):
        raise ValueError(f"a generation's id has 16 of 0-9a-f, got {generation!r}")
    return f"{_PREFIX}{generation}"


def batch(dimension: int) -> int:
    """Return how many vectors of a length travel at once."""
    return max(1, min(_BATCH_BYTES // (4 * max(1, dimension)), MOST))


def shown(uri: str) -> str:
    """Return an address without the user and password that it may hold."""
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _secrets(uri: str) -> list[str]:
    """Return what no error may hold, the longest first."""
    inside = urlsplit(uri).netloc.rpartition("@")[0]
    told = {os.environ.get(TOKEN_VARIABLE, ""), inside}
    told |= {part for one in tuple(told) for part in one.split(":")}
    return sorted(filter(None, told | set(map(unquote, told))), key=len, reverse=True)
