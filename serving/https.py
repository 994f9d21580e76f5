"""HTTPS for the production server, which speaks HTTP alone: a relay in the same process."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading

HANDSHAKE = 10  # seconds that a visitor may take to agree on a key
CHUNK = 2**16  # bytes


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
    loop.set_exception_handler(lambda *_: None)  # visitors who break off are no fault

    async def listen() -> None:
        await asyncio.start_server(
            lambda reader, writer: _join(reader, writer, inner),
            sock=listener,
            ssl=tls,
            ssl_handshake_timeout=HANDSHAKE,
        )

    loop.run_until_complete(listen())
    threading.Thread(target=loop.run_forever, daemon=True).start()


async def _join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, inner: tuple[str, int]
) -> None:
    """One visitor's connection, both ways, until either side ends it."""
    inner_reader, inner_writer = await asyncio.open_connection(*inner)
    await asyncio.gather(
        _copy(reader, inner_writer), _copy(inner_reader, writer), return_exceptions=True
    )


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()  # the sender waits for the reader
    finally:
        writer.close()
