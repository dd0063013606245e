"""Serves the application with uvicorn on our own listening socket."""

from __future__ import annotations

import os
import socket
from contextlib import closing, suppress
from ipaddress import ip_network
from typing import TYPE_CHECKING

import streamlit  # noqa: F401  before uvicorn.Config, or Streamlit turns the request log on again
import uvicorn

from core.errors import UsageError
from ui.server import door
from ui.server.listener import (
    CONNECTIONS_PER_NETWORK,
    HEAD_S,
    Connections,
    most_connections,
    protocols,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_BACKLOG = 512


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind and listen; port 0 is any free port.

    The protocol is explicit (IPPROTO_TCP) because asyncio sets TCP_NODELAY only on such sockets.
    Streamlit's own listener lacks it, which costs about 35 ms between two quick interactions.
    Raises UsageError when the address is not available.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name != "nt":  # on Windows two processes would share the port
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
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def trusted(proxies: Sequence[str]) -> list[str]:
    """Check the addresses or networks of proxies whose X-Forwarded-For is believed.

    Raises UsageError for anything else: uvicorn would read a typo as a name that never connects,
    and with `*` every visitor could invent addresses and escape the limits.
    """
    for proxy in proxies:
        with suppress(ValueError):
            if ip_network(proxy).prefixlen:
                continue
        raise UsageError(
            "This cannot be the address of a trusted proxy.",
            where="--proxy or CLINIC_PROXIES",
            expected="an address such as 127.0.0.1, or a network such as 10.0.0.0/28",
            found=proxy,
            fix="name the machine that nginx runs on: python -m ui --proxy 127.0.0.1",
        )
    return list(proxies)


def _as_ipv6(proxies: Sequence[str]) -> list[str]:
    """Return the IPv4 proxies as a dual-stack socket (`--host ::`) sees them."""
    networks = [network for proxy in proxies if (network := ip_network(proxy)).version == 4]
    return [f"::ffff:{net.network_address}/{96 + net.prefixlen}" for net in networks]


def serve(host: str, port: int, *, proxies: Sequence[str], head_s: float = HEAD_S) -> None:
    """Serve until interrupted; print where the page is.

    `head_s` is the time limit for the head of a request.
    """
    believed = trusted(proxies)
    connections = Connections(
        each=CONNECTIONS_PER_NETWORK, altogether=most_connections(), proxies=believed
    )
    http, websocket = protocols(connections, head_s=head_s)
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
            # Always set, or uvicorn would read FORWARDED_ALLOW_IPS.
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
