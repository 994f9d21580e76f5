"""HTTPS for the production server, which speaks HTTP alone: a relay in the same process."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import ssl
import threading
from typing import Any

HANDSHAKE = 10  # seconds that a visitor may take to agree on a key
LIMIT = 200  # visitors at once: each takes three open files, and many systems allow 1024
IDLE = 60  # seconds without a byte either way, after which a connection is given up
GRACE = 5  # seconds to take the rest of an answer, once a connection ends
BREATH = 0.5  # seconds until the next try, where no visitor can be taken in
CHUNK = 2**16  # bytes

LOG = logging.getLogger(__name__)

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


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


def relay(listener: socket.socket, inner: tuple[str, int], tls: ssl.SSLContext) -> None:
    """Pass what comes over TLS to the plain server at `inner`, as long as the process lives."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(_report)
    listener.setblocking(False)
    work = _accept(listener, inner, tls)
    threading.Thread(target=loop.run_until_complete, args=(work,), daemon=True).start()


def _report(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what is no visitor's doing: those who break off are no fault."""
    error = context.get("exception")
    if error and not isinstance(error, OSError):
        LOG.error("A connection over TLS failed.", exc_info=error)


async def _accept(listener: socket.socket, inner: tuple[str, int], tls: ssl.SSLContext) -> None:
    """Take visitors in while there are places; the others wait in the system's queue."""
    loop = asyncio.get_running_loop()
    places = asyncio.Semaphore(LIMIT)
    visits: set[asyncio.Task[None]] = set()  # the loop alone does not keep them alive

    def leave(visit: asyncio.Task[None]) -> None:
        visits.discard(visit)
        places.release()

    while True:
        await places.acquire()
        try:
            visitor, _ = await loop.sock_accept(listener)
        except OSError:  # the visitor has gone, or the process may open no more files
            places.release()
            await asyncio.sleep(BREATH)
            continue
        visit = loop.create_task(_visit(visitor, inner, tls))
        visits.add(visit)
        visit.add_done_callback(leave)


async def _visit(visitor: socket.socket, inner: tuple[str, int], tls: ssl.SSLContext) -> None:
    """One visitor's connection, from the handshake until either side ends it or falls silent."""
    writers: list[asyncio.StreamWriter] = []
    try:
        reader, writer = await _greet(visitor, tls)
        writers.append(writer)
        async with asyncio.timeout(IDLE) as limit:
            inner_reader, inner_writer = await asyncio.open_connection(*inner)
            writers.append(inner_writer)
            await _both_ways((reader, writer), (inner_reader, inner_writer), limit)
    except OSError:
        pass  # also a TimeoutError: who breaks off or falls silent is no fault
    finally:
        visitor.close()  # where the handshake failed; else the transport owns a copy
        await asyncio.gather(*map(_close, writers))


async def _greet(visitor: socket.socket, tls: ssl.SSLContext) -> Stream:
    """The handshake."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol,
        visitor,
        ssl=tls,
        ssl_handshake_timeout=HANDSHAKE,
        ssl_shutdown_timeout=GRACE,
    )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _both_ways(outer: Stream, inner: Stream, limit: asyncio.Timeout) -> None:
    """Copy until the answers end, or a while after the questions do."""
    loop = asyncio.get_running_loop()
    questions = loop.create_task(_copy(outer[0], inner[1], limit))
    answers = loop.create_task(_copy(inner[0], outer[1], limit))
    try:
        await asyncio.wait([questions, answers], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait([answers], timeout=GRACE)
    finally:
        questions.cancel()
        answers.cancel()
        await asyncio.gather(questions, answers, return_exceptions=True)


async def _copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: asyncio.Timeout
) -> None:
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()  # the sender waits for the reader
            limit.reschedule(loop.time() + IDLE)
        if writer.can_write_eof():
            writer.write_eof()  # the answer may still be on its way


async def _close(writer: asyncio.StreamWriter) -> None:
    """Send what is left to send, to those who take it soon."""
    writer.close()
    try:
        async with asyncio.timeout(GRACE):
            await writer.wait_closed()
    except OSError:
        writer.transport.abort()
