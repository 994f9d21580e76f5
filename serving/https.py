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

from serving.redirect import redirection

HANDSHAKE = 10  # seconds that a visitor may take to agree on a key
LIMIT = 200  # visitors at once: each takes three open files, and many systems allow 1024
IDLE = 60  # seconds without a byte either way, after which a connection is given up
GRACE = 5  # seconds to take the rest of an answer, once a connection ends
BREATH = 0.5  # seconds until the next try, where no visitor can be taken in
CHUNK = 2**16  # bytes
HELLO = 0x16  # the first byte of TLS (RFC 8446, section 5.1)

LOG = logging.getLogger(__name__)


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
    ends: list[End] = []
    try:
        outer = TlsEnd(*await asyncio.open_connection(sock=visitor), tls)
        ends.append(outer)
        async with asyncio.timeout(HANDSHAKE):
            await outer.greet()
        async with asyncio.timeout(IDLE) as limit:
            plain = End(*await asyncio.open_connection(*inner))
            ends.append(plain)
            await _both_ways(outer, plain, limit)
    except OSError:
        pass  # also a TimeoutError: who breaks off or falls silent is no fault
    finally:
        await asyncio.gather(*(end.close() for end in ends))
        visitor.close()  # where not even an end was made of it


class End:
    """One end of a connection, as the relay uses it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        """What comes next; nothing once the other side has said all."""
        return await self._reader.read(CHUNK)

    async def write(self, content: bytes) -> None:
        """Send; who sends faster than the other side reads waits here."""
        self._writer.write(content)
        await self._writer.drain()

    def finish(self) -> None:
        """Tell that all is said. What the other side says may still come."""
        with contextlib.suppress(OSError):
            self._writer.write_eof()

    async def close(self) -> None:
        """Send what is left to send, to those who take it soon."""
        self._writer.close()
        try:
            async with asyncio.timeout(GRACE):
                await self._writer.wait_closed()
        except OSError:
            self._writer.transport.abort()


class TlsEnd(End):
    """The visitor's. asyncio's own TLS ends both ways as soon as the visitor has asked all, and
    would drop the answer.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext
    ) -> None:
        super().__init__(reader, writer)
        self._coming, self._going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._coming, self._going, server_side=True)

    async def greet(self) -> None:
        """The handshake. Who speaks plain HTTP is sent to https.

        Raises:
            OSError: it does not come about.
        """
        came = await self._reader.read(CHUNK)
        if came and came[0] != HELLO:
            await super().write(redirection(came))
            raise ConnectionAbortedError
        self._coming.write(came)
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                if not await self._more():
                    raise ConnectionResetError from None
            else:
                return await self._flush()

    async def read(self) -> bytes:
        """What comes next; nothing once the visitor has said all, with TLS's word or without."""
        while True:
            try:
                return self._tls.read(CHUNK)
            except ssl.SSLWantReadError:
                if not await self._more():
                    return b""

    async def write(self, content: bytes) -> None:
        """Send; a fast sender waits here for the visitor."""
        rest = memoryview(content)
        while rest:
            rest = rest[self._tls.write(rest) :]
        await self._flush()

    async def close(self) -> None:
        """Say goodbye, as TLS wants it, so that the visitor knows that the answer was all."""
        with contextlib.suppress(OSError):
            self._tls.unwrap()
        self._writer.write(self._going.read())
        await super().close()

    async def _more(self) -> bool:
        """Whether the visitor sent more."""
        await self._flush()
        came = await self._reader.read(CHUNK)
        self._coming.write(came)
        return bool(came)

    async def _flush(self) -> None:
        await super().write(self._going.read())


async def _both_ways(outer: End, inner: End, limit: asyncio.Timeout) -> None:
    """Pass on until the answers end; they may come after the last question."""

    async def ask() -> None:
        with contextlib.suppress(OSError):
            await _pass_on(outer, inner, limit)
        inner.finish()

    questions = asyncio.create_task(ask())
    try:
        await _pass_on(inner, outer, limit)
    finally:
        questions.cancel()
        await asyncio.gather(questions, return_exceptions=True)


async def _pass_on(source: End, target: End, limit: asyncio.Timeout) -> None:
    loop = asyncio.get_running_loop()
    while chunk := await source.read():
        await target.write(chunk)
        limit.reschedule(loop.time() + IDLE)
