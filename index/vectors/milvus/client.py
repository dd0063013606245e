"""A connection to a Milvus server.

Its errors hold neither what was sent nor a user, a password or a token.
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
from core.places import install
from index.vectors.milvus.names import TOKEN_VARIABLE, Contents, is_name, secrets, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

ALIAS = "clinic_current"
CONNECT_S, READ_S, WRITE_S = 3.0, 5.0, 600.0
# After a request that failed only after this time, further requests fail at once for a while: they
# would wait as long, one after the other.
_SLOW_FAILURE_S, REST_S = 1.0, 5.0
_READ, _WRITE = {"timeout": READ_S}, {"timeout": WRITE_S}
_ROW, _VECTOR, _CONTENTS = "row", "vector", "clinic.contents"
_NOT_LOADED = 101


class Connection:
    """A connection whose every request ends within seconds; close it. Threads may share it.

    After a request that timed out, all requests in the next seconds fail at once.
    """

    def __init__(
        self,
        uri: str,
        kind: type[ClinicSearchError] = IndexUnavailableError,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect. Every method raises `kind` when the server refuses or does not answer."""
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
                fix=install("milvus"),
            ) from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it is raised as well
        token = os.environ.get(TOKEN_VARIABLE, "")
        with self._request():
            self._client = pymilvus.MilvusClient(uri, token=token, timeout=CONNECT_S)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def collections(self) -> list[str]:
        """Return the names of the collections of generations, in order."""
        with self._request():
            names = self._client.list_collections(**_READ)
        return sorted(filter(is_name, names))

    def has(self, collection: str) -> bool:
        """Say whether a collection exists, complete or not."""
        with self._request():
            return bool(self._client.has_collection(collection, **_READ))

    def current(self) -> str | None:
        """Return the collection that the alias names, None without an alias."""
        for collection in self.collections():
            with self._request():
                named = self._client.list_aliases(collection, **_READ)["aliases"]
            if ALIAS in named:
                return collection
        return None

    def set_alias(self, collection: str) -> None:
        """Point the alias to a collection, in a single step."""
        is_new = self.current() is None
        with self._request():
            change = self._client.create_alias if is_new else self._client.alter_alias
            change(collection, ALIAS, **_READ)

    def drop_alias(self) -> None:
        """Remove the alias."""
        with self._request():
            self._client.drop_alias(ALIAS, **_READ)

    def create(self, collection: str, contents: Contents) -> None:
        """Create an empty collection that describes its future contents."""
        from pymilvus import DataType

        # In both places: some servers forget the description, others may refuse the properties.
        described = json.dumps(asdict(contents))
        with self._request():
            schema = self._client.create_schema(
                auto_id=False, enable_dynamic_field=False, description=described
            )
            schema.add_field(_ROW, DataType.INT64, is_primary=True)
            schema.add_field(_VECTOR, DataType.FLOAT_VECTOR, dim=contents.dimension)
            index = self._client.prepare_index_params()
            index.add_index(_VECTOR, index_type=contents.index, metric_type="IP")
            # Once filled it never changes: no answer has to wait for the latest writes.
            self._client.create_collection(
                collection,
                schema=schema,
                index_params=index,
                properties={_CONTENTS: described},
                consistency_level="Bounded",
                **_WRITE,
            )

    def insert(self, collection: str, first: int, vectors: NDArray[np.float32]) -> None:
        """Add at most `batch(dimension)` vectors as the rows from `first` on."""
        rows = [{_ROW: row, _VECTOR: vector} for row, vector in enumerate(vectors, first)]
        with self._request():
            self._client.insert(collection, rows, **_WRITE)

    def flush(self, collection: str) -> None:
        """Write all inserted rows to the server's disk and load them for searches."""
        with self._request():
            self._client.flush(collection, **_WRITE)
            self.load(collection)

    def load(self, collection: str) -> None:
        """Load a collection for searches; do nothing when it is loaded."""
        with self._request():
            self._client.load_collection(collection, **_WRITE)

    def drop(self, collection: str) -> None:
        """Remove a collection that the alias does not name; some servers refuse the other."""
        with self._request():
            self._client.drop_collection(collection, **_WRITE)

    def contents(self, collection: str) -> Contents | None:
        """Return the contents that a collection describes, None without a valid description."""
        with self._request():
            found = self._client.describe_collection(collection, **_READ)
        try:
            text = found["properties"].get(_CONTENTS) or found["description"]
            return Contents(**json.loads(text))
        except (ValueError, TypeError, LookupError):
            return None

    def count(self, collection: str) -> int:
        """Return how many rows a collection holds, counting the latest writes."""
        with self._request():
            found = self._client.query(
                collection,
                filter="",
                output_fields=["count(*)"],
                consistency_level="Strong",
                **_READ,
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
        """Return the rows (int64) and inner products (float32) of the k nearest, best first.

        With `among`, only these rows are compared. `k` and its length are at most `MOST`.
        """
        with self._request():
            (hits,) = self._loaded(
                self._client.search,
                collection,
                data=[query],
                anns_field=_VECTOR,
                limit=k,
                filter="" if among is None else f"{_ROW} in {among.tolist()}",
                output_fields=[_ROW],  # without this, some servers send the vectors too
                search_params={"metric_type": "IP"},
                **_READ,
            )
        rows = np.array([hit[_ROW] for hit in hits], dtype=np.int64)
        return rows, np.array([hit["distance"] for hit in hits], dtype=np.float32)

    def vectors(self, collection: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of the rows that exist, in their order: float32.

        At most `batch(dimension)` rows.
        """
        with self._request():
            found = self._loaded(
                self._client.get,
                collection,
                ids=rows.tolist(),
                output_fields=[_ROW, _VECTOR],
                **_READ,
            )
        by_row = {int(entity[_ROW]): entity[_VECTOR] for entity in found}
        return np.array([by_row[row] for row in rows.tolist() if row in by_row], dtype=np.float32)

    def _loaded(self, request: Callable[..., Any], collection: str, **options: Any) -> Any:
        """Send a request; after a restart of the server load the collection and send it again."""
        from pymilvus.exceptions import MilvusException

        try:
            return request(collection, **options)
        except MilvusException as error:
            if error.code != _NOT_LOADED:
                raise
            self._client.load_collection(collection, **_READ)
            return request(collection, **options)

    @contextmanager
    def _request(self) -> Iterator[None]:
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        began = self._clock()
        if began < self._rests_until:
            raise self._error("no answer to a request a moment ago")
        try:
            yield
        except (MilvusException, RpcError) as error:
            now = self._clock()
            if now - began >= _SLOW_FAILURE_S:
                self._rests_until = now + REST_S
            message = str(getattr(error, "message", "") or type(error).__name__).splitlines()[0]
            for secret in self._secrets:
                message = message.replace(secret, "***")
            raise self._error(message) from None  # a traceback would show what was sent

    def _error(self, found: str) -> ClinicSearchError:
        return self._kind(
            "The server of vectors refused or did not answer.",
            where=self.shown,
            expected="a Milvus server that answers within seconds and knows this user",
            found=found,
            fix="start it, or correct vector_store in content/clinic.toml (docs/distributed.md)",
        )
