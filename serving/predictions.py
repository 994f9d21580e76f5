"""A fixed number of predictions at once and a short queue; requests beyond it get a 503."""

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
"""Time without a request after which freed memory is returned to the system."""
RETRY_AFTER_S = 5
"""Value of the header Retry-After."""
NO_MEMORY = "mask.no_memory"
"""Key of the WSGI environment: whether the body was discarded for lack of memory."""


class Busy(ServiceUnavailable):
    """The queue or the memory for uploads is full."""

    description = "Too many photos at once. Try again in a few seconds."

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER_S)


class PredictionTimeout(ServiceUnavailable):
    """The request was not processed in time."""

    def __init__(self, timeout_s: float) -> None:
        sentence = f"The photo was not processed within {timeout_s:g} seconds. Try again later."
        super().__init__(sentence, retry_after=RETRY_AFTER_S)


def trim_memory() -> None:
    """Return freed memory to the system: glibc would keep some 150 MB after large photos."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries lack it
    if trim:
        trim(0)


class PredictionPool:
    """Runs predictions in a few threads, so that few interpreters and buffers are needed."""

    def __init__(self, predictions: int, queue: int, timeout_s: float) -> None:
        """Create an idle pool.

        Args:
            predictions: number of threads.
            queue: number of requests that may wait for a thread.
            timeout_s: for all predictions of one request, waiting included.
        """
        self._executor = ThreadPoolExecutor(predictions, thread_name_prefix="prediction")
        self._free_slots = threading.BoundedSemaphore(predictions + queue)
        self._timeout_s = timeout_s
        self._idle_timer: threading.Timer | None = None
        self._busy = 0
        self._lock = threading.Lock()

    @property
    def busy(self) -> int:
        """The number of requests that hold a slot."""
        return self._busy

    @contextmanager
    def acquire(self) -> Iterator[Slot]:
        """A slot among the requests that run or wait.

        Raises:
            Busy: all are taken.
        """
        if not self._free_slots.acquire(blocking=False):
            raise Busy
        self._count(1)
        try:
            yield Slot(self._executor, self._timeout_s)
        finally:
            self._count(-1)
            self._free_slots.release()

    def _count(self, change: int) -> None:
        """Count the requests that hold a slot, and start the idle timer after the last one."""
        with self._lock:
            self._busy += change
            if self._idle_timer:
                self._idle_timer.cancel()
            if self._busy == 0:
                self._idle_timer = threading.Timer(IDLE_S, trim_memory)
                self._idle_timer.daemon = True
                self._idle_timer.start()


class Slot:
    """Runs the predictions of one request until its time is over."""

    def __init__(self, executor: ThreadPoolExecutor, timeout_s: float) -> None:
        self._executor = executor
        self._timeout_s = timeout_s
        self._deadline_s = time.monotonic() + timeout_s

    def run(self, work: Callable[[], T]) -> T:
        """Run `work` as soon as a thread is free, and return its result.

        Raises:
            PredictionTimeout: the time is over. Work that has begun continues and occupies its
                thread.
        """
        remaining_s = self._deadline_s - time.monotonic()
        if remaining_s <= 0:
            raise PredictionTimeout(self._timeout_s)
        future = self._executor.submit(work)
        try:
            return future.result(timeout=remaining_s)
        except TimeoutError:
            if not future.cancel() and future.done():
                return future.result()
            raise PredictionTimeout(self._timeout_s) from None
