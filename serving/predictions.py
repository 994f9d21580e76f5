"""A fixed number of predictions at once, and a short queue: past it a request is told to come back."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from werkzeug.exceptions import ServiceUnavailable

T = TypeVar("T")
IDLE_S = 5.0
"""Seconds without a prediction after which memory is returned to the system."""
RETRY_AFTER_S = 5
"""Seconds after which one that was sent away may try again."""
NO_MEMORY = "mask.no_memory"
"""True in the WSGI environment of a request whose body was discarded for lack of memory."""


class Busy(ServiceUnavailable):
    """As many requests wait as may."""

    description = "Too many photos at once. Try again in a few seconds."

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER_S)


class TooSlow(ServiceUnavailable):
    """The time of a request is over."""

    def __init__(self, seconds: float) -> None:
        sentence = f"The photo was not judged within {seconds:g} seconds. Try again later."
        super().__init__(sentence, retry_after=RETRY_AFTER_S)


def trim_memory() -> None:
    """Return freed memory to the system: glibc would keep some 150 MB after large photos."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries lack it
    if trim:
        trim(0)


class PredictionPool:
    """Runs predictions in a few threads of its own, which alone hold interpreters and buffers."""

    def __init__(self, predictions: int, queue: int, seconds: float) -> None:
        """Make room.

        Args:
            predictions: at the same time.
            queue: requests that may wait besides.
            seconds: for all that one request asks for, waiting included.
        """
        self._pool = ThreadPoolExecutor(predictions, thread_name_prefix="prediction")
        self._places = threading.BoundedSemaphore(predictions + queue)
        self._seconds = seconds
        self._timer: threading.Timer | None = None
        self._busy = 0
        self._lock = threading.Lock()

    @property
    def busy(self) -> int:
        """How many requests hold a place."""
        return self._busy

    @contextmanager
    def place(self) -> Iterator[Slot]:
        """A request's place among those that run or wait.

        Raises:
            Busy: there is none.
        """
        if not self._places.acquire(blocking=False):
            raise Busy
        self._count(1)
        try:
            yield Slot(self._pool, self._seconds)
        finally:
            self._count(-1)
            self._places.release()

    def _count(self, change: int) -> None:
        """Count the requests that hold a place; when none is left, start the idle timer."""
        with self._lock:
            self._busy += change
            if self._timer:
                self._timer.cancel()
            if self._busy == 0:
                self._timer = threading.Timer(IDLE_S, trim_memory)
                self._timer.daemon = True
                self._timer.start()


class Slot:
    """What one request may do until its time is over."""

    def __init__(self, pool: ThreadPoolExecutor, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def run(self, work: Callable[[], T]) -> T:
        """The result of some work, done as soon as it is its turn.

        Raises:
            TooSlow: the time is over; work that has begun goes on and keeps its thread busy.
        """
        left = self._end - time.monotonic()
        if left <= 0:  # nothing is begun that nobody waits for
            raise TooSlow(self._seconds)
        future = self._pool.submit(work)
        try:
            return future.result(timeout=left)
        except TimeoutError:
            if not future.cancel() and future.done():
                return future.result()
            raise TooSlow(self._seconds) from None
