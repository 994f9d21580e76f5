"""A connection of the production server, and how its requests are read."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from operator import itemgetter

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask
from waitress.utilities import Error

from serving.logs import log_refusal

MOST_HELD = 320 * 2**20
"""Bytes of bodies in memory at the same time; senders of more wait until some are answered. If all
of it are bodies that have not come to their end, the longest one goes on, so that one does."""


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
        """Bytes of its body in memory."""
        return len(self.body_rcv) if self.body_rcv is not None else 0


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
    """waitress's connection with our parser. Many senders can't fill the memory (`MOST_HELD`), and
    none may take for ever.
    """

    parser_class = Parser
    error_task_class = Refusal
    request: Parser | None
    _since: float | None = None
    """When the request that is being read began, or was let in."""

    @property
    def unfinished(self) -> bool:
        """Whether a request waits for its answer, in whole or in part."""
        return bool(self.request or self.requests or self.total_outbufs_len)

    def readable(self) -> bool:
        """Asked in every turn of the server's loop, of every connection."""
        waits = self._waits()
        if waits:
            self.last_activity = time.time()  # it is not silent: nobody listens
        if self.request is None or waits:
            self._since = None
        elif self._since is None:
            self._since = time.monotonic()
        elif time.monotonic() - self._since > self.server.upload_limit:
            self._give_up()
            return False
        ends = self.server.stopping and self.request is None
        return not waits and not ends and bool(super().readable())

    def _waits(self) -> bool:
        """Whether its body has no place in memory now; what has no body never waits."""
        if self.request is None or self.request.body_rcv is None:
            return False
        return self.server.held >= MOST_HELD and self is not self.server.longest

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


def count_bodies(channels: Sequence[Channel]) -> tuple[int, Channel | None]:
    """How many bytes of bodies are in memory; and of those that come in and fill it alone, if they
    do, the connection of the longest.
    """
    bodies = [body for one in channels for body in (one.request, *one.requests) if body is not None]
    coming = [
        (one.request.held, one)
        for one in channels
        if one.request is not None and not one.requests  # else it is not read on before an answer
    ]
    full = sum(size for size, _ in coming) >= MOST_HELD
    longest = max(coming, key=itemgetter(0))[1] if full else None
    return sum(body.held for body in bodies), longest
