"""Notifiers of alerts: run a command or call a webhook, in a thread of their own."""

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

COMMAND_TIMEOUT_S = 10.0
WEBHOOK_TIMEOUT_S = 5.0
MAX_QUEUED = 32
"""Events that wait to be sent; later ones are dropped with a warning."""


class NotifierError(RuntimeError):
    """An event could not be sent; the text is the end of a sentence."""


class Notifier:
    """Sends events to one receiver, one after the other, in a thread of its own."""

    def __init__(
        self,
        name: str,
        send: Callable[[Event], None],
        warn: Callable[[str], None],
        max_queued: int = MAX_QUEUED,
    ) -> None:
        """Start the thread.

        Args:
            name: of the receiver, the start of a sentence.
            send: sends one event; raises NotifierError.
            warn: called with a sentence about each failure.
        """
        self._name = name
        self._send = send
        self._warn = warn
        self._queue: queue.Queue[Event | None] = queue.Queue(max_queued)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def notify(self, event: Event) -> None:
        """Queue an event; never blocks."""
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            self._warn(f"{self._name} is too slow: an alert’s {event['type']} was not sent.")

    def close(self, timeout_s: float = COMMAND_TIMEOUT_S) -> None:
        """Wait until all events are sent, at most `timeout_s`."""
        end = time.monotonic() + timeout_s
        with contextlib.suppress(queue.Full):
            self._queue.put(None, timeout=timeout_s)
        self._thread.join(max(0.0, end - time.monotonic()))
        if self._thread.is_alive():
            self._warn(f"{self._name} is too slow: some alerts may not have been sent.")

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            try:
                self._send(event)
            except Exception as error:  # one failure must not stop later alerts
                reason = error if isinstance(error, NotifierError) else f"failed: {error}"
                self._warn(f"{self._name} {reason}.")


def run_command(command: list[str], event: Event, timeout_s: float = COMMAND_TIMEOUT_S) -> None:
    """Run a program with an event, as JSON on its standard input and as ``MASK_…`` variables.

    No shell is involved, and the program's output is discarded.

    Raises:
        NotifierError: it cannot be started, fails or takes longer than `timeout_s`.
    """
    variables = {f"MASK_{name.upper()}": str(value) for name, value in event.items()}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | variables,
            start_new_session=True,  # its children are killed with it; Ctrl-C does not reach it
        )
    except OSError as error:
        raise NotifierError(f"cannot be started: {error.strerror}") from None
    try:
        process.communicate(json.dumps(event).encode(), timeout_s)
    except subprocess.TimeoutExpired:
        _end(process)
        raise NotifierError(f"took longer than {timeout_s:g} s and was killed") from None
    if process.returncode:
        raise NotifierError(f"failed with exit code {process.returncode}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and, where possible, its children."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects, which would turn the POST into a GET."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def is_web_address(address: str) -> bool:
    """Whether this is the address of a webhook: with a host, a valid port and no password."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(good) and "@" not in parts.netloc and address.isprintable() and " " not in address


def call_webhook(address: str, event: Event, timeout_s: float = WEBHOOK_TIMEOUT_S) -> None:
    """POST an event as JSON.

    Args:
        address: see `is_web_address`.

    Raises:
        NotifierError: there is no answer within `timeout_s`, or it is not 2xx.
    """
    body = json.dumps(event).encode()
    request = urllib.request.Request(  # noqa: S310  http or https: see `is_web_address`
        address, body, {"Content-Type": "application/json"}
    )
    try:
        with _OPENER.open(request, timeout=timeout_s):
            pass
    except urllib.error.HTTPError as error:
        with error:
            raise NotifierError(f"answered {error.code}") from None
    except OSError as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise NotifierError(f"did not answer within {timeout_s:g} s") from None
        raise NotifierError(f"cannot be reached: {reason}") from None
