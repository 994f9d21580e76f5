"""What a visitor is told who speaks plain HTTP where HTTPS is expected."""

from __future__ import annotations

import re

_TARGET = re.compile(rb"(?:GET|HEAD) (/[!-~]*) HTTP/1\.[01]\r\n")
_HOST = re.compile(
    rb"\r\nhost:[ \t]*([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]+)?[ \t]*\r\n", re.IGNORECASE
)


def redirection(came: bytes) -> bytes:
    """The answer to the start of a plain request: the way to the same page over HTTPS.

    Not kept by browsers, since another time the address may serve plain HTTP.

    Returns:
        A whole response; nothing where what came is no HTTP/1 request.
    """
    if not re.match(rb"[A-Z]+ [!-~]+ HTTP/1\.[01]\r\n", came):
        return b""
    target, host = _TARGET.match(came), _HOST.search(came)
    if target and host:
        address = b"https://" + host[1] + (host[2] or b":80") + target[1]  # the port is the same
        return _response(b"307 Temporary Redirect", b"", b"Location: " + address + b"\r\n")
    return _response(b"400 Bad Request", b"Expected an https:// address, came http://.\n")


def _response(status: bytes, body: bytes, header: bytes = b"") -> bytes:
    head = (b"HTTP/1.1 %b\r\n%bContent-Type: text/plain\r\nContent-Length: %d\r\n"
            b"Cache-Control: no-store\r\nConnection: close\r\n\r\n")  # fmt: skip
    return head % (status, header, len(body)) + body
