"""Serves the application with uvicorn on a listening socket of our own."""

from __future__ import annotations

import socket
from contextlib import closing
from ipaddress import ip_network
from typing import TYPE_CHECKING

import streamlit  # noqa: F401  before uvicorn.Config, or Streamlit undoes the quiet request log
import uvicorn

from core.errors import UsageError
from ui.server import door
from ui.server import listener as listening

if TYPE_CHECKING:
    from collections.abc import Sequence

WAITING = 512


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind and listen; port 0 takes any free one.

    The protocol is named (IPPROTO_TCP) because asyncio switches delayed sending off only for such
    sockets, and Streamlit's own listener costs about 35 ms for each of two quick interactions.
    Raises UsageError when the address cannot be taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise UsageError(
            f"The page cannot be served on port {port} of {host}.",
            found=getattr(error, "strerror", None) or str(error),
            fix=f"choose another port: make run PORT={port + 1}, or python -m ui --port {port + 1}"
            if 0 < port < 65535
            else "choose a port from 1 to 65535: make run PORT=8501",
        ) from error
    listener.listen(WAITING)
    listener.setblocking(False)
    return listener


def trusted(proxies: Sequence[str]) -> list[str]:
    """Check the addresses or networks of proxies whose word about the visitor's address counts.

    Raises UsageError for what is neither: uvicorn would take a slip for a name that never
    connects, and `*` would let every visitor invent an address and so be without limits.
    """
    for proxy in proxies:
        try:
            network = ip_network(proxy)
        except ValueError as error:
            raise _untrustworthy(proxy) from error
        if network.prefixlen == 0:
            raise _untrustworthy(proxy)
    return list(proxies)


def _as_ipv6(proxies: Sequence[str]) -> list[str]:
    """Return how the IPv4 addresses among proxies arrive on a socket for both (`--host ::`)."""
    known = [ip_network(proxy) for proxy in proxies]
    return [
        f"::ffff:{one.network_address}/{96 + one.prefixlen}" for one in known if one.version == 4
    ]


def _untrustworthy(proxy: str) -> UsageError:
    return UsageError(
        "This cannot be the address of a trusted proxy.",
        where="--proxy or CLINIC_PROXIES",
        expected="an address such as 127.0.0.1, or a network such as 10.0.0.0/28",
        found=proxy,
        fix="name the machine that nginx runs on: python -m ui --proxy 127.0.0.1",
    )


def serve(
    host: str, port: int, *, proxies: Sequence[str], head_s: float = listening.HEAD_S
) -> None:
    """Serve until interrupted; says in one line where the page is.

    `head_s` is how long the head of a request may take.
    """
    believed = trusted(proxies)
    http, websocket = listening.protocols(
        listening.Connections(
            each=listening.CONNECTIONS_PER_NETWORK,
            altogether=listening.most_connections(),
            proxies=believed,
        ),
        head_s=head_s,
    )
    if (staff := door.current()) is not None:
        door.check_address(staff, host)
    with closing(listening_socket(host, port)) as listener:
        port = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        print(f"The page is at http://{shown}:{port}/  (Ctrl+C stops it)", flush=True)
        door.print_link(host, port)
        config = uvicorn.Config(
            "app:app",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=True,  # the limits of ui/server/guard.py are per visitor, not per proxy
            # Said in any case, or uvicorn would read FORWARDED_ALLOW_IPS.
            forwarded_allow_ips=[*believed, *_as_ipv6(believed)],
            http=http,
            ws=websocket,
            ws_max_size=1_000_000,
            ws_ping_interval=30,
            ws_ping_timeout=30,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=5,
        )
        uvicorn.Server(config).run(sockets=[listener])
