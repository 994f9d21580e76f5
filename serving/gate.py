"""Limits on time, size and memory between the network and the application.

uvicorn parses the requests. A body is read completely before it takes a thread, so that slow
clients occupy none.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import h11
from a2wsgi import WSGIMiddleware
from flask import Flask
from uvicorn.protocols.http.h11_impl import H11Protocol

from serving.metrics import Metrics
from serving.predictions import NO_MEMORY
from serving.problems import MEDIA_TYPE, problem
from serving.request_log import log_refusal
from serving.security import security_headers
from serving.services import services
from serving.texts import SENTENCES

MAX_CONNECTIONS = 500  # a browser keeps up to six, mostly idle
MAX_UPLOAD_BYTES = 320 * 2**20  # of all bodies in memory; requests beyond it get a 503
SEND_TIMEOUT_S = 120  # for a client to receive an answer


class Connection(H11Protocol):
    """A connection of uvicorn with timeouts for idling, slow requests and unread answers."""

    def __init__(
        self, *args: Any, upload_timeout_s: float, metrics: Metrics, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._upload_timeout_s = upload_timeout_s
        self._metrics = metrics
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Apply the idle timeout to the first request, as uvicorn does to later ones."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=1, low=0)  # writing pauses until all is sent
        self._idle_since_s = self.loop.time()
        if len(self.connections) > MAX_CONNECTIONS:
            self._make_room()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _make_room(self) -> None:
        """Close the connection that has idled longest, else this one."""
        idle = [
            one
            for one in self.connections
            if isinstance(one, Connection) and one is not self and one.is_idle
            if not one.transport.is_closing()
        ]
        oldest = min(idle, key=lambda one: one._idle_since_s, default=self)
        oldest.transport.abort()

    @property
    def is_idle(self) -> bool:
        """Whether no request has begun since the last answer."""
        return "request" not in self._timers and (not self.cycle or self.cycle.response_complete)

    def on_response_complete(self) -> None:
        """Note when the connection became idle."""
        super().on_response_complete()
        self._idle_since_s = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers."""
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self._stop_timer("request")
        self._stop_timer("send")

    def data_received(self, data: bytes) -> None:
        """Time a request from its first byte to its last."""
        if "request" not in self._timers:
            self._timers["request"] = self.loop.call_later(self._upload_timeout_s, self._time_out)
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._stop_timer("request")

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep a half-closed connection open while its request is answered; TLS has none."""
        cycle = self.cycle
        unanswered = cycle and not cycle.more_body and not cycle.response_complete
        if not unanswered or self.scheme == "https":
            return False
        cycle.keep_alive = False
        return True

    def pause_writing(self) -> None:
        """Start the send timeout: the client is slower than the answer."""
        super().pause_writing()
        self._timers["send"] = self.loop.call_later(SEND_TIMEOUT_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the send timeout: the answer is sent."""
        super().resume_writing()
        self._stop_timer("send")

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's own message
        """Refuse malformed HTTP; called by uvicorn."""
        self._refuse(400, SENTENCES[400])

    def _time_out(self) -> None:
        self._refuse(408, f"Expected the whole request within {self._upload_timeout_s:g} seconds.")

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer, count and log a request that never reaches the application, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers, content = _refusal(status, sentence)
            reason = HTTPStatus(status).phrase
            head = h11.Response(status_code=status, headers=headers, reason=reason)
            for event in (head, h11.Data(data=content), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
            log_refusal(status)
            self._metrics.count_refusal(status)
        self.transport.close()

    def _stop_timer(self, name: str) -> None:
        if name in self._timers:
            self._timers.pop(name).cancel()


@dataclass
class Body:
    """The received part of a request's body."""

    content: io.BytesIO = field(default_factory=io.BytesIO)
    held_bytes: int = 0
    discarded: bool = False
    """Whether there was no memory for it."""


class Gate:
    """The ASGI application that holds bodies in memory and calls Flask in threads."""

    def __init__(self, app: Flask, threads: int) -> None:
        self._flask = WSGIMiddleware(_with_body(app), workers=threads)
        # One more byte than the limit, by which Flask recognizes bodies that are too large.
        self._max_body_bytes = services(app).settings.max_request_bytes + 1
        self.held_bytes = 0
        services(app).metrics.upload_bytes.set_function(lambda: self.held_bytes)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request once its body is complete; ignore it if the client disconnects."""
        body = Body()
        scope["body"] = body
        try:
            more = True
            while more:
                try:
                    message = await receive()
                except asyncio.CancelledError:  # the server stops and has waited long enough
                    await _refuse_incomplete(send)
                    return
                if message["type"] == "http.disconnect":
                    return
                self._hold(body, message["body"])
                more = message["more_body"]
            body.content.seek(0)
            await self._flask(scope, receive, send)
        finally:
            self.held_bytes -= body.held_bytes

    def _hold(self, body: Body, part: bytes) -> None:
        """Keep a part of a body.

        What exceeds a limit is read and discarded: a client whose connection is closed while it
        sends cannot read the answer.
        """
        if body.discarded:
            return
        kept_bytes = body.content.write(part[: self._max_body_bytes - body.held_bytes])
        body.held_bytes += kept_bytes
        self.held_bytes += kept_bytes
        if self.held_bytes > MAX_UPLOAD_BYTES:
            self.held_bytes -= body.held_bytes
            body.content, body.held_bytes, body.discarded = io.BytesIO(), 0, True


def _refusal(status: int, sentence: str) -> tuple[list[tuple[str, str]], bytes]:
    """The headers and the body of an answer that closes the connection."""
    content = json.dumps(problem(status, sentence)).encode()
    headers = [
        *security_headers("").items(),
        ("Content-Type", MEDIA_TYPE),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
    ]
    return headers, content


async def _refuse_incomplete(send: Any) -> None:
    headers, content = _refusal(503, "The server has stopped before the request was complete.")
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": 503, "headers": encoded})
    await send({"type": "http.response.body", "body": content})


def _with_body(app: Flask) -> Any:
    """The WSGI application, which gets the body from the gate."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body: Body = environ["asgi.scope"]["body"]
        environ["wsgi.input"], environ["wsgi.input_terminated"] = body.content, True
        environ[NO_MEMORY] = body.discarded
        return app(environ, start_response)

    return call
