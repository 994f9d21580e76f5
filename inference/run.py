"""The way of a video's pictures, one after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass

from inference.capture import Frame
from inference.drawing import annotate
from inference.events import Events
from inference.live import LiveDetector
from inference.recorder import Recorder
from inference.stream import Change
from inference.watch import Watch
from inference.window import Window


@dataclass
class Outputs:
    """Where the pictures of a video go."""

    events: Events
    recorder: Recorder | None = None
    window: Window | None = None

    @property
    def wants_pictures(self) -> bool:
        """Whether anybody looks at annotated pictures."""
        return self.recorder is not None or self.window is not None


class Run:
    """The way of one source's pictures: judged, watched, annotated, shown."""

    def __init__(self, detector: LiveDetector, watch: Watch, outputs: Outputs) -> None:
        self._detector = detector
        self._watch = watch
        self._outputs = outputs
        self._frames = 0
        self._at = 0.0  # of the last picture or change
        self._begun = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begun

    def take(self, item: Frame | Change | None) -> None:
        """See to a picture, to a change of the source, or, where none came, to the window."""
        if isinstance(item, Frame):
            self._at = item.at
            self._judge(item)
        elif isinstance(item, Change):
            self._at = item.at
            self._detector.reset()
            self._watch.pause(item.at)
            self._outputs.events.emit({"type": item.type, "at": round(item.at)})
        elif self._outputs.window:
            self._outputs.window.refresh()

    def _judge(self, frame: Frame) -> None:
        image, outputs = frame.image, self._outputs
        if self._frames == 0:
            height, width = image.shape[:2]
            outputs.events.emit(
                {"type": "start", "at": round(frame.at), "width": width, "height": height}
            )
        self._frames += 1
        tracks = self._detector.track(image, frame.at)
        self._watch.see(tracks, frame.at)
        if not outputs.wants_pictures:
            return
        drawn = annotate(image, tracks, [track.id for track in tracks])
        if outputs.recorder:
            outputs.recorder.write(drawn, frame.at)
        if outputs.window:
            outputs.window.show(drawn)

    def stop(self, dropped: int) -> None:
        """Nothing comes any more: end an alert, tell how it went."""
        self._watch.pause(self._at)
        rate = self._frames / max(self.elapsed, 1e-3)
        self._outputs.events.emit({
            "type": "stop",
            "at": round(self._at),
            "frames": self._frames,
            "dropped": dropped,
            "rate": round(rate, 1),
            "totals": self._watch.totals,
        })  # fmt: skip
