"""What stands between the network and the application: limits on time, size and memory.

uvicorn parses the requests. A body is read to its end before a thread is taken, so slow clients hold
none.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import h11
from a2wsgi import WSGIMiddleware
from flask import Flask
from uvicorn.protocols.http.h11_impl import H11Protocol

from serving.metrics import Numbers
from serving.predictions import NO_MEMORY
from serving.problems import MEDIA_TYPE, problem
from serving.request_log import log_refusal
from serving.texts import SENTENCES

MAX_CONNECTIONS = 500  # a browser keeps up to six, mostly idle
MAX_HELD_BYTES = 320 * 2**20  # bodies in memory at the same time; a request beyond gets a 503
SEND_LIMIT_S = 120  # in which a client must read an answer


class Connection(H11Protocol):
    """A connection of uvicorn that also closes on silence, slow requests and unread answers."""

    def __init__(self, *args: Any, upload_limit: float, numbers: Numbers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._upload_limit_s = upload_limit
        self._numbers = numbers
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, as uvicorn does for further ones."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=1, low=0)  # writing pauses until all is sent
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers."""
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self._stop_timer("request")
        self._stop_timer("send")

    def data_received(self, data: bytes) -> None:
        """Time a request from its first byte to its last."""
        if "request" not in self._timers:
            self._timers["request"] = self.loop.call_later(self._upload_limit_s, self._time_out)
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._stop_timer("request")

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whether to answer a client that has closed its sending side; TLS always closes both."""
        waits = self.cycle and not self.cycle.more_body and not self.cycle.response_complete
        if not waits or self.scheme == "https":
            return False
        self.cycle.keep_alive = False
        return True

    def pause_writing(self) -> None:
        """The client is slower than the answer: it has some time to read it."""
        super().pause_writing()
        self._timers["send"] = self.loop.call_later(SEND_LIMIT_S, self.transport.abort)

    def resume_writing(self) -> None:
        """The answer is sent."""
        super().resume_writing()
        self._stop_timer("send")

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's own words
        """Answer what is not HTTP; called by uvicorn."""
        self._refuse(400, SENTENCES[400])

    def _time_out(self) -> None:
        self._refuse(408, f"Expected the whole request within {self._upload_limit_s:g} seconds.")

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer what never reaches the application, count and log it, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            refusal = problem(status, sentence)
            content = json.dumps(refusal.as_dict()).encode()
            headers = [
                ("Content-Type", MEDIA_TYPE),
                ("Content-Length", str(len(content))),
                ("Cache-Control", "no-store"),
                ("Connection", "close"),
            ]
            head = h11.Response(status_code=status, headers=headers, reason=refusal.title)
            for event in (head, h11.Data(data=content), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
            log_refusal(status)
            self._numbers.refused(status)
        self.transport.close()

    def _stop_timer(self, name: str) -> None:
        if name in self._timers:
            self._timers.pop(name).cancel()


@dataclass
class Body:
    """A request's body, as far as it has come."""

    content: io.BytesIO = field(default_factory=io.BytesIO)
    held_bytes: int = 0
    refused: bool = False
    """Whether there was no memory for it."""


class Gate:
    """The ASGI application that holds bodies in memory and calls Flask in threads."""

    def __init__(self, app: Flask, threads: int) -> None:
        self._flask = WSGIMiddleware(_with_body(app), workers=threads)
        # One byte too many is kept, by which Flask sees that there are too many.
        self._max_body_bytes = app.config["MAX_CONTENT_LENGTH"] + 1
        self.held_bytes = 0
        app.config["NUMBERS"].held.set_function(lambda: self.held_bytes)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request once its body is there, or nothing if the client is gone."""
        body = Body()
        scope["body"] = body
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                self._hold(body, message["body"])
                more = message["more_body"]
            body.content.seek(0)
            await self._flask(scope, receive, send)
        finally:
            self.held_bytes -= body.held_bytes

    def _hold(self, body: Body, part: bytes) -> None:
        """Keep a part of a body. What is over a limit is read and discarded, since a client that is
        cut off while it sends does not read why.
        """
        if body.refused:
            return
        kept = body.content.write(part[: self._max_body_bytes - body.held_bytes])
        body.held_bytes += kept
        self.held_bytes += kept
        if self.held_bytes > MAX_HELD_BYTES:
            self.held_bytes -= body.held_bytes
            body.content, body.held_bytes, body.refused = io.BytesIO(), 0, True


def _with_body(app: Flask) -> Any:
    """The WSGI application, which reads the body that the gate has read."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body: Body = environ["asgi.scope"]["body"]
        environ["wsgi.input"], environ["wsgi.input_terminated"] = body.content, True
        environ[NO_MEMORY] = body.refused
        return app(environ, start_response)

    return call
