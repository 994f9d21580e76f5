"""The newest frame of a camera or stream.

A thread reads on while a frame is processed, so that the next one is never old, and reconnects when
the source is lost.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from inference.cli.capture import VideoFrame
from inference.cli.connection import Capture, SourceRefused, SourceUnavailable
from inference.errors import VideoError

_STALL_INTERVALS = 3  # between frames, without a frame, that make a slow source frozen


@dataclass(frozen=True)
class Change:
    """A live source was lost, is not available yet, or is back."""

    type: Literal["lost", "back"]
    """``lost`` comes again when its reason changes."""
    at_ms: float
    """As `VideoFrame.at_ms`."""
    reason: str = ""
    """Why it is lost, if that is known."""


@dataclass(frozen=True)
class Backoff:
    """Exponential back-off between attempts to connect."""

    first_s: float = 1.0
    max_s: float = 30.0
    reset_after_s: float = 10.0
    """A connection that lasted this long resets the wait to `first_s`."""

    def next_s(self, waited_s: float, lasted_s: float) -> float:
        """Seconds to wait before the next attempt.

        Args:
            waited_s: the wait before the latest attempt; 0 before the first.
            lasted_s: how long it delivered frames.
        """
        reset = not waited_s or lasted_s >= self.reset_after_s
        return self.first_s if reset else min(2 * waited_s, self.max_s)


class FrameReader:
    """The newest frame of a camera or stream."""

    def __init__(
        self,
        open_source: Callable[[], Capture],
        backoff: Backoff | None = None,
        stall_s: float = 5.0,
    ) -> None:
        """Start to connect and read in the background.

        Args:
            open_source: connects, as `connect` does; called again when the source is lost or not
                available yet.
            backoff: None to end with the source.
            stall_s: a source without a frame for this time is lost, unless it is slow.
        """
        self.frames = 0
        """Number of frames read."""
        self.dropped = 0
        """Number of frames replaced by a newer one before they were processed."""
        self._open = open_source
        self._stall_s = stall_s
        self._backoff = backoff
        self._begun = time.monotonic()
        self._received_s = self._begun  # when the last frame was read
        self._interval_s = 0.0  # before it
        self._lost = False
        self._refused = False  # whether the last attempt was
        self._reason = ""  # why the last attempt to connect failed
        self._reported: set[str] = set()  # the reasons since the source was lost
        self._items: deque[VideoFrame | Change | Exception] = deque()  # an exception ends them
        self._filled = threading.Condition()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def items(self, poll_s: float = 0.1) -> Iterator[VideoFrame | Change | None]:
        """Frames and changes of the source as they arrive; ends with the source.

        Args:
            poll_s: yields None after this time without a frame, so that the caller can do other
                work.

        Raises:
            VideoError: the source refuses access; or there was no frame at all, and there is no
                back-off.
        """
        while True:
            with self._filled:
                self._filled.wait_for(lambda: self._items, poll_s)
                item: VideoFrame | Change | Exception | None = None
                if self._items:
                    item = self._items.popleft()
                elif self._stalls():
                    item = Change("lost", self._now_ms())
            if isinstance(item, StopIteration):
                return
            if isinstance(item, Exception):
                raise item
            yield item

    def _stalls(self) -> bool:
        """Whether the source has just turned out to be frozen: it is open but sends nothing."""
        silent_s = time.monotonic() - self._received_s
        usual_s = max(self._stall_s, _STALL_INTERVALS * self._interval_s)
        if self._lost or not self.frames or silent_s < usual_s:
            return False
        self._lost = True
        return True

    def close(self) -> None:
        """Stop reading. A read that waits for a silent stream times out by itself."""
        self._closed.set()
        self._thread.join(timeout=1)

    def _now_ms(self) -> float:
        return (time.monotonic() - self._begun) * 1000

    def _run(self) -> None:
        try:
            self._read_all()
            self._put(StopIteration())
        except Exception as error:  # whatever it is, `items` raises it
            self._put(error)

    def _read_all(self) -> None:
        wait_s = 0.0
        while not self._closed.wait(wait_s):
            lasted_s = self._read()
            if self._backoff is None:
                break
            if not self._closed.is_set():
                self._report_lost()
            wait_s = self._backoff.next_s(wait_s, lasted_s)
            if self._refused:  # attempts could lock the account
                wait_s = self._backoff.max_s
        if not (self.frames or self._backoff):
            raise VideoError(f"Expected a video stream, got none: {self._reason or 'no frames'}.")

    def _report_lost(self) -> None:
        """Report a lost source once, and once for each reason that is found."""
        if not self._lost or self._reason not in self._reported | {""}:
            self._put(Change("lost", self._now_ms(), self._reason))
            self._reported.add(self._reason)
        self._lost = True

    def _read(self) -> float:
        """Connect and read until the source ends; returns for how many seconds it had frames."""
        try:
            capture = self._open()
        except SourceUnavailable as error:
            self._refused = isinstance(error, SourceRefused)
            if self._refused and not self.frames:
                raise  # later, a camera may refuse for a moment
            self._reason = str(error)
            return 0.0
        self._reason, self._refused = "", False
        begun = last = time.monotonic()
        try:
            while not self._closed.is_set() and (image := capture.read()) is not None:
                self._put(VideoFrame(image, self._now_ms()))
                last = time.monotonic()
        finally:
            capture.release()
        return last - begun

    def _put(self, item: VideoFrame | Change | Exception) -> None:
        with self._filled:
            if isinstance(item, VideoFrame):
                self.frames += 1
                now_s = time.monotonic()
                self._interval_s = now_s - self._received_s
                self._received_s = now_s
                if self._lost:
                    self._lost = False
                    self._reported.clear()
                    self._items.append(Change("back", item.at_ms))
                if self._items and isinstance(self._items[-1], VideoFrame):
                    self._items.pop()
                    self.dropped += 1
            self._items.append(item)
            self._filled.notify()
