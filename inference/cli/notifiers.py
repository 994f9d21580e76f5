"""Tells others of alerts: runs a command, calls a web address. Never waits for them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from inference.cli.monitor import Event

COMMAND_TIMEOUT = 10.0
"""Seconds after which a command is ended."""
WEBHOOK_TIMEOUT = 5.0
"""Seconds that a web address may take."""
MOST = 32
"""Events that wait for their turn; later ones are dropped, and that is told."""


class NoticeError(RuntimeError):
    """Somebody could not be told; the text says why, as the end of a sentence."""


class Notifier:
    """Tells one receiver of events, one after the other, in a thread of its own."""

    def __init__(
        self,
        name: str,
        send: Callable[[Event], None],
        warn: Callable[[str], None],
        most: int = MOST,
    ) -> None:
        """Begin to wait for events.

        Args:
            name: of the receiver, the start of a sentence.
            send: tells it; raises NoticeError.
            warn: told in a sentence of each failure.
        """
        self._name = name
        self._send = send
        self._warn = warn
        self._queue: queue.Queue[Event | None] = queue.Queue(most)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def tell(self, event: Event) -> None:
        """Hand an event over; returns at once."""
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            self._warn(f"{self._name} is too slow: it was not told of an alert’s {event['type']}.")

    def close(self, patience: float = COMMAND_TIMEOUT) -> None:
        """Wait until all is told, for so many seconds at most."""
        end = time.monotonic() + patience
        with contextlib.suppress(queue.Full):
            self._queue.put(None, timeout=patience)
        self._thread.join(max(0.0, end - time.monotonic()))
        if self._thread.is_alive():
            self._warn(f"{self._name} is too slow: it was perhaps not told of all alerts.")

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            try:
                self._send(event)
            except Exception as error:  # whatever it is, the next alert must be told of
                reason = error if isinstance(error, NoticeError) else f"failed: {error}"
                self._warn(f"{self._name} {reason}.")


def run_command(command: list[str], event: Event, timeout: float = COMMAND_TIMEOUT) -> None:
    """Run a program with an event, as JSON on its standard input and as ``MASK_…`` variables.

    No shell is involved. What the program prints goes nowhere.

    Raises:
        NoticeError: it cannot be started, fails or takes longer than `timeout` seconds.
    """
    variables = {f"MASK_{name.upper()}": str(value) for name, value in event.items()}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | variables,
            start_new_session=True,  # its children end with it, and Ctrl-C is not theirs
        )
    except OSError as error:
        raise NoticeError(f"cannot be started: {error.strerror}") from None
    try:
        process.communicate(json.dumps(event).encode(), timeout)
    except subprocess.TimeoutExpired:
        _end(process)
        raise NoticeError(f"took longer than {timeout:g} s and was ended") from None
    if process.returncode:
        raise NoticeError(f"failed with exit code {process.returncode}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and, where that is possible, what it began."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects would turn the POST into a GET, and nobody would be told."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def is_web_address(address: str) -> bool:
    """Whether a webhook can be called there: with a host, a port that can be, and no password."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(good) and "@" not in parts.netloc and address.isprintable() and " " not in address


def call_webhook(address: str, event: Event, timeout: float = WEBHOOK_TIMEOUT) -> None:
    """POST an event as JSON.

    Args:
        address: see `is_web_address`.

    Raises:
        NoticeError: nobody answers within `timeout` seconds, or the answer is not 2xx.
    """
    body = json.dumps(event).encode()
    request = urllib.request.Request(  # noqa: S310  http or https, the command line sees to it
        address, body, {"Content-Type": "application/json"}
    )
    try:
        with _OPENER.open(request, timeout=timeout):
            pass
    except urllib.error.HTTPError as error:
        with error:
            raise NoticeError(f"answered {error.code}") from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise NoticeError(f"did not answer within {timeout:g} s") from None
        raise NoticeError(f"cannot be reached: {reason}") from None
