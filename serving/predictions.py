"""A fixed number of predictions at once and a short queue; requests beyond it get a 503."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from werkzeug.exceptions import ServiceUnavailable

from inference.vision.pictures import DecodedPicture
from serving import Refusal
from serving.decoder import DecoderPool

T = TypeVar("T")
RETRY_AFTER_S = 5
"""Value of the header Retry-After."""
NO_MEMORY = "mask.no_memory"
"""Key of the WSGI environment: whether the body was discarded for lack of memory."""


class Busy(Refusal, ServiceUnavailable):
    """The queue or the memory for uploads is full."""

    description = "Too many photos at once. Try again in a few seconds."

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER_S)


class PredictionTimeout(Refusal, ServiceUnavailable):
    """The request was not processed in time."""

    def __init__(self, timeout_s: float) -> None:
        sentence = f"The photo was not processed within {timeout_s:g} seconds. Try again later."
        super().__init__(sentence, retry_after=RETRY_AFTER_S)


class PredictionPool:
    """Runs predictions in a few threads, so that few interpreters and buffers are needed."""

    def __init__(
        self, predictions: int, queue: int, timeout_s: float, decoder: DecoderPool
    ) -> None:
        """Create an idle pool.

        Args:
            predictions: number of threads.
            queue: number of requests that may wait for a thread.
            timeout_s: for all predictions of one request, waiting included.
            decoder: closed with the pool.
        """
        self.decoder = decoder
        self._executor = ThreadPoolExecutor(predictions, thread_name_prefix="prediction")
        self._free_slots = threading.BoundedSemaphore(predictions + queue)
        self._timeout_s = timeout_s
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
            yield Slot(self._executor, self.decoder, self._timeout_s)
        finally:
            self._count(-1)
            self._free_slots.release()

    def close(self) -> None:
        """Stop decoding."""
        self.decoder.close()

    def _count(self, change: int) -> None:
        with self._lock:
            self._busy += change


class Slot:
    """Runs the predictions of one request until its time is over."""

    def __init__(
        self, executor: ThreadPoolExecutor, decoder: DecoderPool, timeout_s: float
    ) -> None:
        self._executor = executor
        self._decoder = decoder
        self._timeout_s = timeout_s
        self._deadline_s = time.monotonic() + timeout_s

    def decode(self, content: bytes) -> DecodedPicture:
        """Decode a photo; see `DecoderPool.decode`.

        Raises:
            Busy: there is no process for it.
            PredictionTimeout: the time is over.
        """
        try:
            return self._decoder.decode(content, self._remaining_s())
        except TimeoutError:
            raise PredictionTimeout(self._timeout_s) from None
        except RuntimeError:
            raise Busy from None

    def run(self, work: Callable[[], T]) -> T:
        """Run `work` as soon as a thread is free, and return its result.

        Raises:
            Busy: no thread can be started.
            PredictionTimeout: the time is over. Work that has begun continues and occupies its
                thread.
        """
        remaining_s = self._remaining_s()
        try:
            future = self._executor.submit(work)
        except RuntimeError:  # the system has no more threads
            raise Busy from None
        try:
            return future.result(timeout=remaining_s)
        except TimeoutError:
            if not future.cancel() and future.done():
                return future.result()
            raise PredictionTimeout(self._timeout_s) from None

    def _remaining_s(self) -> float:
        remaining_s = self._deadline_s - time.monotonic()
        if remaining_s <= 0:
            raise PredictionTimeout(self._timeout_s)
        return remaining_s
