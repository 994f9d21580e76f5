"""The way of a video's pictures, one after the other."""

from __future__ import annotations

import time

from inference.capture import Frame
from inference.drawing import annotate
from inference.events import Events
from inference.live import LiveDetector
from inference.recorder import Recorder
from inference.stream import Change
from inference.watch import Watch
from inference.window import Window


class Run:
    """The way of one source's pictures: judged, watched, annotated, recorded, shown."""

    def __init__(
        self,
        detector: LiveDetector,
        watch: Watch,
        events: Events,
        recorder: Recorder | None = None,
        window: Window | None = None,
    ) -> None:
        """Begin; what is None is left out."""
        self._detector = detector
        self._watch = watch
        self._events = events
        self._recorder = recorder
        self._window = window
        self._frames = 0
        self._at = 0.0  # of the last picture or change
        self._begun = self._first = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begun

    @property
    def ended(self) -> bool:
        """Whether the user closed the window."""
        return self._window is not None and self._window.closed

    def take(self, item: Frame | Change | None) -> None:
        """See to a picture, to a change of the source, or, where none came, to the window."""
        if isinstance(item, Frame):
            self._at = item.at
            self._judge(item)
        elif isinstance(item, Change):
            self._at = item.at
            self._detector.reset()
            self._watch.pause(item.at)
            self._events.emit({"type": item.type, "at": round(item.at)})
        elif self._window:
            self._window.refresh()

    def _judge(self, frame: Frame) -> None:
        image = frame.image
        if self._frames == 0:
            self._first = time.monotonic()
            size = {"width": image.shape[1], "height": image.shape[0]}
            self._events.emit({"type": "start", "at": round(frame.at), **size})
        self._frames += 1
        tracks = self._detector.track(image, frame.at)
        self._watch.see(tracks, frame.at)
        if not (self._recorder or self._window):
            return
        drawn = annotate(image, tracks, [track.id for track in tracks])
        if self._recorder:
            self._recorder.write(drawn, frame.at)
        if self._window:
            self._window.show(drawn)

    def stop(self, dropped: int) -> None:
        """Nothing comes any more: end an alert, tell how it went."""
        self._watch.pause(self._at)
        self._events.emit({
            "type": "stop",
            "at": round(self._at),
            "frames": self._frames,
            "dropped": dropped,
            "rate": round(self._frames / max(time.monotonic() - self._first, 1e-3), 1),
            "totals": self._watch.totals,
        })  # fmt: skip
