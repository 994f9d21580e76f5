"""The newest picture of a camera or stream.

A thread reads on while the last picture is judged, so that nobody ever sees an old one, and
connects anew when the source is lost.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from inference.capture import Capture, Frame, read_next, to_rgb
from inference.errors import VideoError


@dataclass(frozen=True)
class Change:
    """A live source was lost, or is back."""

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


class LiveSource:
    """The newest picture of a camera or stream."""

    def __init__(
        self,
        open_source: Callable[[], Capture | None],
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect, and begin to read.

        Args:
            open_source: connects, as `connect` does; called again when the source is lost.
            backoff: None to end where the source does.
            clock: in seconds.

        Raises:
            VideoError: there is nothing to connect to, or it gives no picture.
        """
        self.dropped = 0
        """Pictures that were not given to anybody, since a newer one had come."""
        self._open = open_source
        self._backoff = backoff
        self._clock = clock
        self._begun = clock()
        self._items: deque[Frame | Change | None] = deque()  # None is the end
        self._filled = threading.Condition()
        self._closed = threading.Event()
        capture = self._connect()
        if capture is None:
            raise VideoError("There is no picture: the address is wrong, or nothing is sent there.")
        self._thread = threading.Thread(target=self._run, args=(capture,), daemon=True)
        self._thread.start()

    def items(self, patience: float = 0.1) -> Iterator[Frame | Change | None]:
        """Pictures, and what happens to the source, as they come; ends with the source.

        Args:
            patience: seconds after which None is given where nothing came, so that the caller can
                see to other things.
        """
        while True:
            with self._filled:
                if not self._items and not self._filled.wait_for(lambda: self._items, patience):
                    item = None
                elif (item := self._items.popleft()) is None:
                    return
            yield item

    def close(self) -> None:
        """Read no more. A read that waits for a silent stream ends by itself, soon."""
        self._closed.set()
        self._thread.join(timeout=1)

    @property
    def now(self) -> float:
        """Milliseconds since the beginning."""
        return (self._clock() - self._begun) * 1000

    def _run(self, capture: Capture) -> None:
        try:
            self._read_on(capture)
        finally:
            self._put(None)

    def _read_on(self, capture: Capture | None) -> None:
        wait = self._backoff.first if self._backoff else 0.0
        while capture is not None:
            lasted = self._drain(capture)
            if self._closed.is_set() or self._backoff is None:
                return
            self._put(Change("lost", self.now))
            if lasted >= self._backoff.good:
                wait = self._backoff.first
            capture, wait = self._reconnect(wait)

    def _drain(self, capture: Capture) -> float:
        """Read until there is nothing more; how many seconds that took."""
        begun = self._clock()
        try:
            while not self._closed.is_set() and (image := read_next(capture)) is not None:
                self._put(Frame(to_rgb(image), self.now))
        finally:
            capture.release()
        return self._clock() - begun

    def _reconnect(self, wait: float) -> tuple[Capture | None, float]:
        """The source, once it is back, and the next wait; None when closed meanwhile."""
        longest = self._backoff.longest if self._backoff else wait
        while not self._closed.wait(wait):
            wait = min(2 * wait, longest)
            if capture := self._connect(back=True):
                return capture, wait
        return None, wait

    def _connect(self, back: bool = False) -> Capture | None:
        """The source, if it gives a picture, which is put down."""
        capture = self._open()
        if capture is None:
            return None
        image = read_next(capture)
        if image is None:
            capture.release()
            return None
        if back:
            self._put(Change("back", self.now))
        self._put(Frame(to_rgb(image), self.now))
        return capture

    def _put(self, item: Frame | Change | None) -> None:
        with self._filled:
            if isinstance(item, Frame) and self._items and isinstance(self._items[-1], Frame):
                self._items.pop()
                self.dropped += 1
            self._items.append(item)
            self._filled.notify()
