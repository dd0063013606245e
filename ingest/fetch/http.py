"""One request to a web server, bounded in time and size; the project's only user of a network.

urllib3, because it is pinned already (Streamlit brings it) and takes its timeouts, proxies and
certificates seriously. Requests are made by `python -m ingest fetch` alone, when a person runs it.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3 import exceptions

from core.errors import ContentError

# A webmaster finds this in the server's log; robots.txt can name the part before the slash.
USER_AGENT = "clinic-search-fetch/1.0 (saves a clinic's own pages for its own search)"
_BLOCK_BYTES = 1 << 16

# Returns the limit in bytes for a content type; raises NotFetchedError for a type that is refused.
Limit = Callable[[str], int]


class NotFetchedError(ContentError):
    """An address that cannot be fetched; the message says why in a few words."""


@dataclass(frozen=True, slots=True)
class Response:
    """The response of a server; header names in lower case, `body` is b"" unless 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """The type alone, in lower case: "text/html"."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Http:
    """Makes requests that end after `seconds`, whatever the server does."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._pools: dict[str, urllib3.PoolManager] = {}

    def get(self, address: str, *, headers: Mapping[str, str], limit: Limit) -> Response:
        """Request an address without following redirects; read the body if the status is 200.

        Raises NotFetchedError when no complete response comes in time, or it is over `limit`.
        """
        answers: SimpleQueue[Response | BaseException] = SimpleQueue()

        def work() -> None:
            try:
                answers.put(self._get(address, headers, limit))
            except BaseException as error:  # noqa: BLE001 - raised again by the waiting thread
                answers.put(error)

        # No timeout of a socket ends a server that sends its headers letter by letter, or a lookup
        # of a name that never ends. A thread can be left behind.
        threading.Thread(target=work, daemon=True).start()
        try:
            answer = answers.get(timeout=self._seconds)
        except Empty as error:
            raise self._too_slow(address) from error
        if isinstance(answer, (exceptions.HTTPError, OSError)):
            raise self._reason(answer, address) from answer
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.clear()

    def _get(self, address: str, headers: Mapping[str, str], limit: Limit) -> Response:
        ends = time.monotonic() + self._seconds
        response = self._pool(address).urlopen(
            "GET",
            address,
            headers={"user-agent": USER_AGENT, "accept-encoding": "gzip", **headers},
            timeout=urllib3.Timeout(total=self._seconds),
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            reply = Response(response.status, {k.lower(): v for k, v in response.headers.items()})
            if reply.status != 200:
                return reply
            most = limit(reply.content_type)
            body = bytearray()
            while piece := response.read1(_BLOCK_BYTES):  # never waits for a full block
                body += piece
                if len(body) > most:
                    raise too_large(address, most)
                if time.monotonic() > ends:
                    raise self._too_slow(address)
        finally:
            response.close()  # the connection of an unread body cannot be reused
        packing = reply.headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip", "x-gzip"):
            raise NotFetchedError(f"compressed in an unexpected way: {packing}")
        unpacked = bytes(body) if packing == "identity" else gunzip(bytes(body), most, address)
        return Response(reply.status, reply.headers, unpacked)

    def _pool(self, address: str) -> urllib3.PoolManager:
        parts = urlsplit(address)
        proxy = "" if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme, "")
        if proxy not in self._pools:
            self._pools[proxy] = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()
        return self._pools[proxy]

    def _too_slow(self, address: str) -> NotFetchedError:
        return NotFetchedError(
            f"no complete answer within {self._seconds:g} seconds", where=address
        )

    def _reason(self, error: Exception, address: str) -> NotFetchedError:
        if isinstance(error, exceptions.NewConnectionError):  # also an unknown host name
            return NotFetchedError("no connection to the server", where=address)
        if isinstance(error, exceptions.TimeoutError):
            return self._too_slow(address)
        if isinstance(error, exceptions.SSLError):
            return NotFetchedError("the server's certificate is not valid", where=address)
        return NotFetchedError(f"the connection broke ({type(error).__name__})", where=address)


def gunzip(packed: bytes, most: int, address: str) -> bytes:
    """Unpack gzip; raises NotFetchedError when it is damaged or over `most` bytes."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(packed, most + 1)
    except zlib.error as error:
        raise NotFetchedError("damaged in transit (gzip)", where=address) from error
    if len(body) > most:
        raise too_large(address, most)
    if not unpacker.eof:
        raise NotFetchedError("cut off in transit (gzip)", where=address)
    return body


def too_large(address: str, most: int) -> NotFetchedError:
    """Return the error for a body over the limit."""
    return NotFetchedError(f"larger than the limit of {most / 1_000_000:g} MB", where=address)
