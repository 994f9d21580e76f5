"""The production server: uvicorn before Flask, which answers what has begun when it is stopped."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import logging
import socket
from functools import partial
from pathlib import Path

import uvicorn
from flask import Flask

from serving import SetupError
from serving.gate import Connection, Gate
from serving.settings import Settings

EXTRA_THREADS = 4  # for what needs no prediction, such as the page, /healthz and refusals
IDLE_S = 60  # after which a silent connection is closed


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address; port 0 takes a free one, host "::" means IPv4 as well.

    Raises:
        SetupError: that is not possible.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, dualstack_ipv6=both)
    except OSError as error:
        reason = str(error.strerror or error).split(" (")[0]
        taken = error.errno == errno.EADDRINUSE
        advice = " Choose another with --port, or make serve PORT=5001." if taken else ""
        raise SetupError(f"Cannot listen on {host}, port {port}: {reason}.{advice}") from None


def addresses() -> list[str]:
    """The addresses of this computer in its networks, the one that others reach first."""
    found: list[str] = []
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with probe, contextlib.suppress(OSError):  # there may be no network
        probe.connect(("10.255.255.255", 9))  # sends nothing: it asks for the route
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):  # the own name may be unknown
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [one for one in dict.fromkeys(found) if not ipaddress.ip_address(one).is_loopback]


def serve(
    app: Flask, listener: socket.socket, settings: Settings, certificate: Path | None = None
) -> None:
    """Answer requests until SIGINT or SIGTERM, then those that have begun.

    Args:
        certificate: a PEM file with its key, for HTTPS.
    """
    limits = {"upload_limit": settings.upload_limit, "numbers": app.config["NUMBERS"]}
    config = uvicorn.Config(
        Gate(app, settings.predictions + settings.queue + EXTRA_THREADS),
        http=partial(Connection, **limits),  # type: ignore[arg-type]  # called like the class
        ws="none",
        lifespan="off",
        interface="asgi3",
        loop="asyncio",
        log_config=None,
        log_level=logging.ERROR,  # bad requests are in the access log
        access_log=False,  # ours names no address
        proxy_headers=False,  # /metrics must see them; nothing else trusts them
        server_header=False,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=settings.stop_limit,  # type: ignore[arg-type]  # seconds
        ssl_certfile=certificate,
    )
    uvicorn.Server(config).run(sockets=[listener])
