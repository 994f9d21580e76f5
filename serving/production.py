"""The production server, waitress: bodies stay in memory, and too large ones are heard out."""

from __future__ import annotations

import logging
import socket

from flask import Flask
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from serving import SetupError

THREADS = 4
MOST_BODIES = 16  # in memory at the same time, each of up to MAX_CONTENT_LENGTH bytes
MOST_CONNECTIONS = 500  # a browser keeps up to six, mostly idle
SILENT = 30  # seconds that a connection may say nothing
MOST_DISCARDED = 1000 * 2**20  # bytes of a body that are read at most


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Keeps a request's body in memory and hears out a sender who is over the limit.

    waitress alone would close the connection while the sender writes, who then never reads why.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = CappedBuffer(self.adj.inbuf_overflow)


class CappedBuffer(OverflowableBuffer):  # type: ignore[misc]
    """Discards what would make it go to disk."""

    def append(self, data: bytes) -> None:
        super().append(data[: self.overflow - 1 - len(self)])


class Channel(HTTPChannel):  # type: ignore[misc]
    """waitress's connection with our parser. Slow senders can't fill the memory: while as many
    bodies lie there as may, no other is read, so that its sender waits.
    """

    parser_class = Parser
    admitted = False  # whether its body may come

    def readable(self) -> bool:
        """Asked in every turn of the server's loop, of every connection."""
        body = any(one and one.body_rcv is not None for one in (self.request, *self.requests))
        self.admitted = body and (self.admitted or self._room())
        return self.admitted == body and bool(super().readable())

    def _room(self) -> bool:
        connections = self.server.active_channels.values()
        return sum(one.admitted for one in connections) < MOST_BODIES


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address; port 0 takes a free one.

    Raises:
        SetupError: that is not possible.
    """
    if not 0 <= port <= 65535:
        raise SetupError(f"Expected a port of 0 to 65535, came {port}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror or error).split(" (")[0]
        raise SetupError(
            f"Cannot listen on {host}, port {port}: {reason}. Choose another with --port."
        ) from None


def serve(app: Flask, listener: socket.socket) -> None:
    """Answer requests until SystemExit or KeyboardInterrupt."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no fault
    most = app.config["MAX_CONTENT_LENGTH"]
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=SILENT,
        asyncore_use_poll=True,  # select() fails at 1024 open files
        inbuf_overflow=most + 2,  # one byte too many is kept, so that Flask sees it and refuses
        outbuf_overflow=2 * most,  # an annotated photo stays in memory too
        max_request_body_size=MOST_DISCARDED,
    )
    server.channel_class = Channel
    server.run()
