"""The production server: uvicorn in front of Flask; it finishes running requests on shutdown."""

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
from serving.services import services

EXTRA_THREADS = 4  # for requests without predictions, such as the page, /healthz and refusals
IDLE_TIMEOUT_S = 60


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Port 0 selects a free one; host "::" includes IPv4.

    Raises:
        SetupError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    dual_stack = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, dualstack_ipv6=dual_stack)
    except OSError as error:
        reason = str(error.strerror or error).split(" (")[0]
        in_use = error.errno == errno.EADDRINUSE
        advice = " Choose another with --port, or make serve PORT=5001." if in_use else ""
        raise SetupError(f"Cannot listen on {host}, port {port}: {reason}.{advice}") from None


def addresses() -> list[str]:
    """The addresses of this computer in its networks, that of the default route first."""
    found: list[str] = []
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with probe, contextlib.suppress(OSError):  # there may be no network
        probe.connect(("10.255.255.255", 9))  # selects a route without sending anything
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):  # the host name may not resolve
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [one for one in dict.fromkeys(found) if not ipaddress.ip_address(one).is_loopback]


def serve(app: Flask, listener: socket.socket, certificate: Path | None = None) -> None:
    """Serve until SIGINT or SIGTERM, then finish the running requests.

    Args:
        certificate: a PEM file with its key, for HTTPS.
    """
    settings, metrics = services(app).settings, services(app).metrics
    options = {"upload_timeout_s": settings.upload_timeout_s, "metrics": metrics}
    config = uvicorn.Config(
        Gate(app, settings.predictions + settings.queue + EXTRA_THREADS),
        http=partial(Connection, **options),  # type: ignore[arg-type]  # called like the class
        ws="none",
        lifespan="off",
        interface="asgi3",
        loop="asyncio",
        log_config=None,
        log_level=logging.ERROR,  # malformed requests are in the request log
        access_log=False,  # the request log has no addresses
        proxy_headers=False,  # /metrics checks them; nothing trusts them
        server_header=False,
        timeout_keep_alive=IDLE_TIMEOUT_S,
        timeout_graceful_shutdown=settings.shutdown_timeout_s,  # type: ignore[arg-type]  # seconds
        ssl_certfile=certificate,
    )
    uvicorn.Server(config).run(sockets=[listener])
