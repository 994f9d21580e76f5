"""The production server, waitress: bodies stay in memory, too large ones are heard out, too slow
ones are not, and what runs when it is told to stop is answered.
"""

from __future__ import annotations

import errno
import logging
import selectors
import signal
import socket
import time
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from serving import SetupError
from serving.channel import Channel, count_bodies
from serving.settings import Settings

SPARE = 4  # threads for what needs no prediction, such as the page, /healthz and refusals
MOST_CONNECTIONS = 500  # a browser keeps up to six, mostly idle
SILENT = 30  # seconds that a connection may say nothing
MOST_DISCARDED = 1000 * 2**20  # bytes of a body that are read at most
WAKE = 0.05  # seconds between two looks at what is left to answer


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


def serve(app: Flask, listener: socket.socket, settings: Settings) -> None:
    """Answer requests until SIGINT or SIGTERM, then those that have begun; a second one ends it."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no fault
    server = _create(app, listener, settings)

    def stop(*_: Any) -> None:
        if server.stopping:
            raise SystemExit(1)
        server.stopping = True
        server.pull_trigger()  # wakes the loop

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while not server.stopping:
        _turn(server, 1)
    _accept_last(server)
    end = time.monotonic() + settings.stop_limit
    while any(one.unfinished for one in server.active_channels.values()):
        if time.monotonic() > end:
            logging.getLogger(__name__).warning("Stopped before every request was answered.")
            break
        _turn(server, WAKE)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(server._map)


def _accept_last(server: Any) -> None:
    """Let those in who are at the door already, and close it."""
    with selectors.DefaultSelector() as door:
        door.register(server.socket, selectors.EVENT_READ)
        while door.select(0):
            server.handle_accept()
    wasyncore.dispatcher.close(server)  # its socket alone


def _turn(server: Any, seconds: float) -> None:
    server.held, server.longest = count_bodies(list(server.active_channels.values()))
    wasyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)


def _create(app: Flask, listener: socket.socket, settings: Settings) -> Any:
    most = app.config["MAX_CONTENT_LENGTH"]
    server = create_server(
        app,
        sockets=[listener],
        threads=settings.predictions + settings.queue + SPARE,
        ident=None,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=SILENT,
        inbuf_overflow=most + 2,  # one byte too many is kept, so that Flask sees it and refuses
        outbuf_overflow=4 * most,  # annotated photos stay in memory too,
        outbuf_high_watermark=4 * most,  # and who does not take them holds no thread
        max_request_body_size=MOST_DISCARDED,
        clear_untrusted_proxy_headers=False,  # /metrics must see them; nothing else trusts them
    )
    server.channel_class = Channel
    server.numbers = app.config["NUMBERS"]
    server.upload_limit = settings.upload_limit
    server.stopping = False
    server.held, server.longest = 0, None
    app.config["NUMBERS"].held.set_function(lambda: server.held)
    return server
