"""The newest picture of a camera or stream.

A thread connects and reads on while the last picture is judged, so that nobody ever sees an old
one, and connects anew when the source is lost.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from inference.cli.capture import Capture, Frame, read_next
from inference.errors import VideoError


@dataclass(frozen=True)
class Change:
    """A live source was lost, or not there at the beginning; or it is back."""

    type: Literal["lost", "back"]
    at: float
    """Milliseconds, as `Frame.at`."""


@dataclass(frozen=True)
class Backoff:
    """How long to wait before connecting anew: twice as long each time."""

    first: float = 1.0
    """Seconds."""
    longest: float = 30.0
    """Seconds."""
    good: float = 10.0
    """Seconds of pictures after which the waiting begins anew at `first`."""

    def after(self, waited: float, lasted: float) -> float:
        """Seconds to wait now.

        Args:
            waited: seconds before the last attempt; 0 before the first.
            lasted: seconds of pictures that it brought.
        """
        return self.first if not waited or lasted >= self.good else min(2 * waited, self.longest)


class LiveSource:
    """The newest picture of a camera or stream."""

    def __init__(
        self,
        open_source: Callable[[], Capture | None],
        backoff: Backoff | None = None,
    ) -> None:
        """Begin to connect and to read; returns at once.

        Args:
            open_source: connects, as `connect` does; called again when the source is lost or not
                there yet.
            backoff: None to end where the source does.
        """
        self.pictures = 0
        """Pictures that came."""
        self.dropped = 0
        """Those of them that were not given to anybody, since a newer one had come."""
        self._open = open_source
        self._backoff = backoff
        self._begun = time.monotonic()
        self._lost = False
        self._items: deque[Frame | Change | Exception] = deque()  # an exception ends them
        self._filled = threading.Condition()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def items(self, patience: float = 0.1) -> Iterator[Frame | Change | None]:
        """Pictures, and what happens to the source, as they come; ends with the source.

        Args:
            patience: seconds after which None is given where nothing came, so that the caller can
                see to other things.

        Raises:
            VideoError: there was no picture at all, and there is no back-off.
        """
        while True:
            with self._filled:
                self._filled.wait_for(lambda: self._items, patience)
                item = self._items.popleft() if self._items else None
            if isinstance(item, StopIteration):
                return
            if isinstance(item, Exception):
                raise item
            yield item

    def close(self) -> None:
        """Read no more. A read that waits for a silent stream ends by itself, soon."""
        self._closed.set()
        self._thread.join(timeout=1)

    def _now(self) -> float:
        """Milliseconds since the beginning."""
        return (time.monotonic() - self._begun) * 1000

    def _run(self) -> None:
        try:
            self._read_on()
            self._put(StopIteration())
        except Exception as error:  # whatever it is, `items` raises it
            self._put(error)

    def _read_on(self) -> None:
        wait = 0.0
        while not self._closed.wait(wait):
            lasted = self._read()
            if self._backoff is None:
                break
            if not self._lost and not self._closed.is_set():
                self._lost = True
                self._put(Change("lost", self._now()))
            wait = self._backoff.after(wait, lasted)
        if not (self.pictures or self._backoff):
            raise VideoError("There is no picture: the address is wrong, or nothing is sent there.")

    def _read(self) -> float:
        """Connect and read until there is nothing more; for how many seconds pictures came."""
        capture = self._open()
        if capture is None:
            return 0.0
        begun = last = time.monotonic()
        try:
            while not self._closed.is_set() and (image := read_next(capture)) is not None:
                if self._lost:
                    self._lost = False
                    self._put(Change("back", self._now()))
                self._put(Frame(image, self._now()))
                last = time.monotonic()
        finally:
            capture.release()
        return last - begun

    def _put(self, item: Frame | Change | Exception) -> None:
        with self._filled:
            if isinstance(item, Frame):
                self.pictures += 1
                if self._items and isinstance(self._items[-1], Frame):
                    self._items.pop()
                    self.dropped += 1
            self._items.append(item)
            self._filled.notify()
