"""A connection of the production server, and how its requests are read."""

from __future__ import annotations

import json
import time

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask
from waitress.utilities import Error

from serving.logs import log_refusal

MOST_HELD = 320 * 2**20
"""Bytes of bodies in memory at the same time; senders of more wait."""


class TooSlow(Error):  # type: ignore[misc]
    """A request that does not come to its end."""

    code = 408
    reason = "Request Timeout"


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Keeps a request's body in memory and hears out a sender who is over the limit.

    waitress alone would close the connection while the sender writes, who then never reads why.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = CappedBuffer(self.adj.inbuf_overflow)

    @property
    def held(self) -> int:
        """Bytes that its body takes at most."""
        if self.body_rcv is None:
            return 0
        return int(min(self.content_length or self.adj.inbuf_overflow, self.adj.inbuf_overflow))


class CappedBuffer(OverflowableBuffer):  # type: ignore[misc]
    """Discards what would make it go to disk."""

    def append(self, data: bytes) -> None:
        super().append(data[: self.overflow - 1 - len(self)])


class Refusal(ErrorTask):  # type: ignore[misc]
    """Answers what never reaches the application, in one sentence, and logs it."""

    def execute(self) -> None:
        error = self.request.error
        told = {"type": "about:blank", "title": error.reason, "status": error.code,
                "detail": f"{str(error.body).rstrip('.')}."}  # fmt: skip
        content = json.dumps(told).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/problem+json"))
        self.set_close_on_finish()
        self.content_length = len(content)
        self.write(content)
        log_refusal(error.code)
        self.channel.server.numbers.refused(error.code)


class Channel(HTTPChannel):  # type: ignore[misc]
    """waitress's connection with our parser. Slow senders can't fill the memory: while as much lies
    there as may, no other body is read, so that its sender waits; nor may one take for ever.
    """

    parser_class = Parser
    error_task_class = Refusal
    request: Parser | None
    admitted = 0
    """Bytes that its bodies may take."""
    _since: float | None = None
    """When the request that is being read began, or was let in."""

    @property
    def unfinished(self) -> bool:
        """Whether a request waits for its answer, in whole or in part."""
        return bool(self.request or self.requests or self.total_outbufs_len)

    def readable(self) -> bool:
        """Asked in every turn of the server's loop, of every connection."""
        waits = not self._admit()
        if self.request is None or waits:
            self._since = None
        elif self._since is None:
            self._since = time.monotonic()
        elif time.monotonic() - self._since > self.server.upload_limit:
            self._give_up()
            return False
        ends = self.server.stopping and self.request is None
        return not waits and not ends and bool(super().readable())

    def _admit(self) -> bool:
        """Whether the connection's bodies may be in memory."""
        bodies = sum(one.held for one in (self.request, *self.requests) if one is not None)
        if bodies > self.admitted:
            others = self.server.active_channels.values()
            held = sum(one.admitted for one in others) - self.admitted
            if held and held + bodies > MOST_HELD:
                return False
        self.admitted = bodies
        return True

    def _give_up(self) -> None:
        """Answer a request that is too slow, as waitress does one that it cannot read."""
        with self.requests_lock:
            request, self.request = self.request, None
            assert request is not None  # noqa: S101  only called while one is read
            seconds = f"{self.server.upload_limit:g}"
            request.error = TooSlow(f"Expected the whole request within {seconds} seconds.")
            request.completed = True
            self.requests.append(request)
            if len(self.requests) == 1:
                self.server.add_task(self)
