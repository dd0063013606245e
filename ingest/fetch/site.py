"""Requests pages of a clinic's own site politely: robots.txt, pauses, redirects, own hosts only."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from protego import Protego

from core.errors import UsageError
from ingest.fetch.addresses import host_of, read_address
from ingest.fetch.http import USER_AGENT, Http, Limit, NotFetchedError, Response

# In one run: five hundred pages with their pictures have less.
TOTAL_BYTES = 1_000_000_000
PAGE_SECONDS = 30.0
# The longest crawl delay of robots.txt that is respected.
LONGEST_PAUSE_S = 30.0
_REDIRECTS = 5
_REDIRECT = frozenset((301, 302, 303, 307, 308))
# The minimum that RFC 9309 requires.
_ROBOTS_BYTES = 512_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """The response at the end of an address's redirects, and its address."""

    address: str
    reply: Response


class Site:
    """Fetches pages that robots.txt allows, from the clinic's own hosts only."""

    def __init__(
        self,
        hosts: frozenset[str],
        *,
        delay_s: float = 1.0,
        page_seconds: float = PAGE_SECONDS,
        total_bytes: int = TOTAL_BYTES,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._hosts = hosts
        self._delay_s = delay_s
        self._bytes_left = self._total = total_bytes
        self._wait = wait
        self._http = Http(seconds=page_seconds)
        self._robots: dict[str, Protego | NotFetchedError] = {}
        self._has_asked = False

    def get(self, address: str, limit: Limit, headers: Mapping[str, str] | None = None) -> Fetched:
        """Fetch a page of the site and follow its redirects; return whatever the final status.

        Raises NotFetchedError when robots.txt forbids the page, when a redirect leads away from
        the site or in circles, and as `Http.get` does.
        """
        return self._follow(address, limit, headers or {}, check=self._check_robots)

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def _follow(
        self,
        address: str,
        limit: Limit,
        headers: Mapping[str, str],
        *,
        check: Callable[[str], None],
    ) -> Fetched:
        for _ in range(_REDIRECTS + 1):
            if host_of(address) not in self._hosts:
                raise NotFetchedError(f"on another host, {host_of(address)}", where=address)
            check(address)
            reply = self._ask(address, limit, headers)
            if reply.status not in _REDIRECT:
                return Fetched(address, reply)
            address = self._target(address, reply)
        raise NotFetchedError(f"more than {_REDIRECTS} redirects", where=address)

    def _ask(self, address: str, limit: Limit, headers: Mapping[str, str]) -> Response:
        if self._bytes_left <= 0:
            raise NotFetchedError(
                f"the limit of {self._total / 1_000_000:g} MB for a run is reached"
            )
        if self._has_asked:
            self._wait(self._pause(address))
        self._has_asked = True
        reply = self._http.get(
            address,
            headers=headers,
            limit=lambda content_type: min(limit(content_type), self._bytes_left),
        )
        self._bytes_left -= len(reply.body)
        return reply

    def _target(self, address: str, reply: Response) -> str:
        try:
            target = read_address(urljoin(address, reply.headers.get("location", "")))
        except (UsageError, ValueError) as error:
            raise NotFetchedError(
                "redirects to something that is not a page", where=address
            ) from error
        if host_of(target) not in self._hosts:
            raise NotFetchedError(f"redirects to another host, {host_of(target)}", where=address)
        if address.startswith("https:") and target.startswith("http:"):
            raise NotFetchedError("redirects to an address without https", where=address)
        return target

    def _pause(self, address: str) -> float:
        rules = self._robots.get(_origin(address))
        asked = rules.crawl_delay(USER_AGENT) if isinstance(rules, Protego) else None
        return max(self._delay_s, min(asked or 0.0, LONGEST_PAUSE_S))

    def _check_robots(self, address: str) -> None:
        """Raise NotFetchedError when robots.txt forbids a page or cannot be read (RFC 9309)."""
        origin = _origin(address)
        if origin not in self._robots:
            try:
                self._robots[origin] = self._read_robots(f"{origin}/robots.txt")
            except NotFetchedError as error:
                self._robots[origin] = error
        rules = self._robots[origin]
        if isinstance(rules, NotFetchedError):
            raise NotFetchedError(f"robots.txt cannot be read: {rules.problem}", where=address)
        if not rules.can_fetch(address, USER_AGENT):
            raise NotFetchedError("forbidden by the site's robots.txt", where=address)

    def _read_robots(self, address: str) -> Protego:
        # Redirects of robots.txt itself are not checked against it.
        found = self._follow(address, lambda _: _ROBOTS_BYTES, {}, check=lambda _: None)
        status = found.reply.status
        if status != 200 and not 400 <= status < 500:  # a missing robots.txt allows everything
            raise NotFetchedError(f"the server answered {status}", where=address)
        return Protego.parse(found.reply.body.decode("utf-8", "replace"))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
