"""A connection to Milvus and what is asked over it: the only user of pymilvus.

An error holds neither what was sent nor a user, a password or a token.
"""

from __future__ import annotations

import json
import logging
import os
import time
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import ClinicSearchError, IndexUnavailableError
from index.vectors.milvus.names import TOKEN_VARIABLE, Contents, is_name, secrets, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

ALIAS = "clinic_current"
CONNECT_S, ASK_S, WRITE_S = 3.0, 5.0, 600.0
# After a question that was waited for so long in vain, others are not asked for a while: they would
# wait as long, one after the other.
_IN_VAIN_S, REST_S = 1.0, 5.0
_SOON, _PATIENTLY = {"timeout": ASK_S}, {"timeout": WRITE_S}
_ROW, _VECTOR, _CONTENTS = "row", "vector", "clinic.contents"
_NOT_LOADED = 101


class Connection:
    """A server that answers within seconds, or an error; to be closed. Threads may share it.

    Once it was waited for in vain, everything else asked of it in the next seconds fails at once.
    """

    def __init__(
        self,
        uri: str,
        kind: type[ClinicSearchError] = IndexUnavailableError,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect; raise `kind`, now and later, when the server refuses or does not answer."""
        self.shown = shown(uri)
        self._secrets = secrets(uri)
        self._kind = kind
        self._clock = clock
        self._rests_until = clock()
        # On import pymilvus would read a file `.env` of any folder above into the environment.
        os.environ.setdefault("PYTHON_DOTENV_DISABLED", "1")
        try:
            import pymilvus
        except ImportError as error:
            raise kind(
                "Vectors in Milvus need its client, which is not installed.",
                where="vector_store in clinic.toml",
                found=str(error),
                fix="python -m pip install --require-hashes -r requirements-milvus.txt",
            ) from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it says is raised, too
        token = os.environ.get(TOKEN_VARIABLE, "")
        with self._asking():
            self._client = pymilvus.MilvusClient(uri, token=token, timeout=CONNECT_S)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def collections(self) -> list[str]:
        """Return the names of the collections of generations, in order; no others."""
        with self._asking():
            names = self._client.list_collections(**_SOON)
        return sorted(filter(is_name, names))

    def has(self, collection: str) -> bool:
        """Say whether there is such a collection, whole or not."""
        with self._asking():
            return bool(self._client.has_collection(collection, **_SOON))

    def current(self) -> str | None:
        """Return the collection that the alias names."""
        for collection in self.collections():
            with self._asking():
                named = self._client.list_aliases(collection, **_SOON)["aliases"]
            if ALIAS in named:
                return collection
        return None

    def point(self, collection: str) -> None:
        """Have the alias name a collection; the server does so at once."""
        is_new = self.current() is None
        with self._asking():
            change = self._client.create_alias if is_new else self._client.alter_alias
            change(collection, ALIAS, **_SOON)

    def release(self) -> None:
        """Have the alias name nothing."""
        with self._asking():
            self._client.drop_alias(ALIAS, **_SOON)

    def make(self, collection: str, contents: Contents) -> None:
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
                collection,
                schema=schema,
                index_params=how,
                properties={_CONTENTS: described},
                consistency_level="Bounded",
                **_PATIENTLY,
            )

    def insert(self, collection: str, first: int, vectors: NDArray[np.float32]) -> None:
        """Add vectors as the rows from `first` on, at most `batch(dimension)` at once."""
        rows = [{_ROW: row, _VECTOR: vector} for row, vector in enumerate(vectors, first)]
        with self._asking():
            self._client.insert(collection, rows, **_PATIENTLY)

    def finish(self, collection: str) -> None:
        """Have all that was inserted on the server's disk and ready to be searched."""
        with self._asking():
            self._client.flush(collection, **_PATIENTLY)
            self.load(collection)

    def load(self, collection: str) -> None:
        """Have a collection ready to be searched; one that is costs nothing."""
        with self._asking():
            self._client.load_collection(collection, **_PATIENTLY)

    def drop(self, collection: str) -> None:
        """Remove a collection, which the alias must not name: some servers refuse that."""
        with self._asking():
            self._client.drop_collection(collection, **_PATIENTLY)

    def contents(self, collection: str) -> Contents | None:
        """Return what a collection was made for, None when it does not say so."""
        with self._asking():
            said = self._client.describe_collection(collection, **_SOON)
        try:
            return Contents(**json.loads(said["properties"].get(_CONTENTS) or said["description"]))
        except (ValueError, TypeError, LookupError):
            return None

    def count(self, collection: str) -> int:
        """Return how many rows a collection holds, after all that was ever written to it."""
        with self._asking():
            found = self._client.query(
                collection,
                filter="",
                output_fields=["count(*)"],
                consistency_level="Strong",
                **_SOON,
            )
        return int(found[0]["count(*)"])

    def nearest(
        self,
        collection: str,
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
                collection,
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

    def vectors(self, collection: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of those of these rows that are there, in their order: float32.

        At most `batch(dimension)` rows.
        """
        with self._asking():
            found = self._loaded(
                self._client.get,
                collection,
                ids=rows.tolist(),
                output_fields=[_ROW, _VECTOR],
                **_SOON,
            )
        by_row = {int(one[_ROW]): one[_VECTOR] for one in found}
        return np.array([by_row[row] for row in rows.tolist() if row in by_row], dtype=np.float32)

    def _loaded(self, ask: Callable[..., Any], collection: str, **what: Any) -> Any:
        """Ask, and once more when the server has started anew and holds nothing in memory yet."""
        from pymilvus.exceptions import MilvusException

        try:
            return ask(collection, **what)
        except MilvusException as error:
            if error.code != _NOT_LOADED:
                raise
            self._client.load_collection(collection, **_SOON)
            return ask(collection, **what)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        began = self._clock()
        if began < self._rests_until:
            raise self._error("no answer to others a moment ago")
        try:
            yield
        except (MilvusException, RpcError) as error:
            now = self._clock()
            if now - began >= _IN_VAIN_S:
                self._rests_until = now + REST_S
            said = str(getattr(error, "message", "") or type(error).__name__).splitlines()[0]
            for secret in self._secrets:
                said = said.replace(secret, "***")
            raise self._error(said) from None  # a traceback would show what was sent

    def _error(self, found: str) -> ClinicSearchError:
        return self._kind(
            "The vectors' server cannot be asked.",
            where=self.shown,
            expected="a Milvus server that answers within seconds and knows this user",
            found=found,
            fix="start it, or correct vector_store in content/clinic.toml (docs/distributed.md)",
        )
