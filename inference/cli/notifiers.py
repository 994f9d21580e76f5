"""Notifiers of alerts: run a command or call a webhook, in a thread of their own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import signal
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from inference.cli.monitor import Event

COMMAND_TIMEOUT_S = 10.0
WEBHOOK_TIMEOUT_S = 5.0
RETRY_AFTER_S = (1.0, 2.0, 4.0, 8.0)
"""Waits between the attempts to send an event."""
MAX_QUEUED = 32
"""Events that wait to be sent; later ones are dropped with a warning."""


class NotifierError(RuntimeError):
    """An event could not be sent; the text is the end of a sentence."""


class TemporaryError(NotifierError):
    """An event could not be sent; another attempt may succeed."""


class Notifier:
    """Sends events to one receiver, one after the other, in a thread of its own.

    An event that fails with a `TemporaryError` is sent again after each of the waits.
    """

    def __init__(
        self,
        name: str,
        send: Callable[[Event], None],
        warn: Callable[[str], None],
        max_queued: int = MAX_QUEUED,
        retry_after_s: Sequence[float] = RETRY_AFTER_S,
        cancel: Callable[[], None] = lambda: None,
    ) -> None:
        """Start the thread.

        Args:
            name: of the receiver, the start of a sentence.
            send: sends one event; raises NotifierError.
            warn: called with a sentence about each failure.
            max_queued: number of events that may wait.
            retry_after_s: waits before the second and later attempts.
            cancel: aborts a running `send`, from another thread.
        """
        self._name = name
        self._send = send
        self._warn = warn
        self._retry_after_s = retry_after_s
        self._cancel = cancel
        self._closing = threading.Event()  # later attempts do not wait
        self._cancelled = threading.Event()  # nothing more is sent
        self._queue: queue.Queue[Event | None] = queue.Queue(max_queued)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def notify(self, event: Event) -> None:
        """Queue an event; never blocks."""
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            self._warn(
                f"{self._name} is too slow or away: an alert’s {event['type']} was not sent."
            )

    def close(self, timeout_s: float = COMMAND_TIMEOUT_S) -> None:
        """Wait until all events are sent, at most `timeout_s`; then abort."""
        end = time.monotonic() + timeout_s
        self._closing.set()
        with contextlib.suppress(queue.Full):
            self._queue.put(None, timeout=timeout_s)
        self._thread.join(max(0.0, end - time.monotonic()))
        if self._thread.is_alive():
            self._cancelled.set()
            self._cancel()
            self._warn(f"{self._name} is too slow: some alerts may not have been sent.")

    def _run(self) -> None:
        while (event := self._queue.get()) is not None and not self._cancelled.is_set():
            try:
                self._deliver(event)
            except Exception as error:  # one failure must not stop later alerts
                reason = error if isinstance(error, NotifierError) else f"failed: {error}"
                if not self._cancelled.is_set():
                    self._warn(f"{self._name} {reason}.")

    def _deliver(self, event: Event) -> None:
        """Send an event; retries after temporary errors."""
        for wait_s in self._retry_after_s:
            try:
                self._send(event)
                return
            except TemporaryError:
                if self._closing.wait(wait_s):
                    break
        if not self._cancelled.is_set():
            self._send(event)


class AlertCommand:
    """Runs a program for each event. No shell is involved, and its output is discarded."""

    def __init__(self, command: list[str], timeout_s: float = COMMAND_TIMEOUT_S) -> None:
        """`command` is the program and its arguments."""
        self._command = command
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False

    def run(self, event: Event) -> None:
        """Run it with an event, as JSON on its standard input and as ``MASK_…`` variables.

        Raises:
            NotifierError: it cannot be started, fails or exceeds the timeout.
        """
        process = self._start(event)
        try:
            process.communicate(json.dumps(event).encode(), self._timeout_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            process.wait()
            raise NotifierError(f"took longer than {self._timeout_s:g} s and was killed") from None
        if process.returncode:
            raise NotifierError(f"failed with exit code {process.returncode}")

    def _start(self, event: Event) -> subprocess.Popen[bytes]:
        variables = {f"MASK_{name.upper()}": str(value) for name, value in event.items()}
        with self._lock:
            if self._cancelled:
                raise NotifierError("was cancelled")
            try:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=os.environ | variables,
                    start_new_session=True,  # its children end with it; Ctrl-C does not reach it
                )
            except OSError as error:
                raise NotifierError(f"cannot be started: {error.strerror}") from None
            return self._process

    def cancel(self) -> None:
        """Kill the running program, and start none any more."""
        with self._lock:
            self._cancelled = True
            if self._process:
                _kill(self._process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, unless it has ended, and where possible its children."""
    if process.poll() is not None:
        return
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def is_web_address(address: str) -> bool:
    """Whether this is the address of a webhook: with a host, a valid port and no password."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(good) and "@" not in parts.netloc and address.isprintable() and " " not in address


def call_webhook(address: str, event: Event, timeout_s: float = WEBHOOK_TIMEOUT_S) -> None:
    """POST an event as JSON. Redirects are not followed.

    Args:
        address: see `is_web_address`.
        timeout_s: of the whole call.

    Raises:
        NotifierError: the answer is not 2xx; a `TemporaryError` if there is no answer in time or
            it is 408, 429 or 5xx.
    """
    import httpx  # here: most runs have no webhook

    loop = asyncio.new_event_loop()  # asyncio.run would wait for a slow name server
    try:
        status = loop.run_until_complete(_post(address, event, timeout_s))
    except (TimeoutError, httpx.TimeoutException):
        raise TemporaryError(f"did not answer within {timeout_s:g} s") from None
    except (httpx.HTTPError, OSError) as error:
        raise TemporaryError(f"cannot be reached: {error or type(error).__name__}") from None
    except (httpx.InvalidURL, ValueError, ImportError) as error:  # also of a proxy
        raise NotifierError(f"cannot be called: {error}") from None
    finally:
        loop.close()
    if status in (408, 429) or status >= 500:
        raise TemporaryError(f"answered {status}")
    if not 200 <= status < 300:
        raise NotifierError(f"answered {status}")


async def _post(address: str, event: Event, timeout_s: float) -> int:
    """POST an event and return the status of the answer."""
    import httpx

    verify = ssl.create_default_context()  # the certificates of this computer
    async with (
        asyncio.timeout(timeout_s),
        httpx.AsyncClient(timeout=timeout_s, verify=verify) as client,
        client.stream("POST", address, json=event) as response,
    ):
        return response.status_code
