"""The alert rule: each person who stays unmasked, or wears the mask incorrectly, raises an alert.

Twin of ``web/static/js/tracking/alerts.js``.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from inference.labels import ALERT_LABELS
from inference.tracking.track import Track
from inference.vision.geometry import round_half_up

AlertEventType = Literal["begin", "notify", "end"]


@dataclass(frozen=True)
class AlertEvent:
    """``begin`` and ``end`` of an alert are for logs; ``notify`` is due for a message."""

    type: AlertEventType
    id: int
    """Of the alert, from 1."""
    face: int
    """Id of the track."""
    label: str
    """The most severe label so far."""
    at_ms: int
    """On the clock of `AlertRule.update`."""
    duration_ms: int
    """Since the alert began."""
    notified: bool
    """Whether a ``notify`` of this alert was reported."""


@dataclass(frozen=True)
class AlertOptions:
    """When an alert begins and ends."""

    min_frames: int = 8
    """Frames, of the last `window`, in which the face must violate the rule; 1 to `window`."""
    window: int = 12
    """Number of frames considered, at least 1."""
    cooldown_ms: float = 10_000.0
    """Minimum time between two ``notify`` events."""


ALERT_OPTIONS = AlertOptions()


@dataclass
class ActiveAlert:
    """An alert in progress."""

    id: int
    face: int
    label: str
    since_ms: int
    covered: bool = False
    """Whether it was in progress at a ``notify`` event."""
    notified: bool = False
    """Whether that event was its own."""


@dataclass
class Violator:
    """A face that violated the rule lately."""

    frames: deque[str | None]
    """Its alert label in each frame, latest last."""
    alert: ActiveAlert | None = None

    @property
    def violating(self) -> int:
        """Number of frames in which it violates the rule."""
        return sum(label is not None for label in self.frames)


class AlertRule:
    """Raises an alert for each face that violates the rule. Pure: no clock.

    An alert begins when its face has an alert label in `min_frames` of the last `window` frames,
    and ends when the face has none, or is out of view, in as many frames since. Frames are counted,
    not milliseconds, so that a slow machine, which classifies fewer frames, does not alert on less
    evidence.

    A ``notify`` event covers all alerts in progress and has the most severe one that is new. Alerts
    that begin during the cooldown get one when it ends, unless they are over by then.
    """

    def __init__(self, options: AlertOptions = ALERT_OPTIONS) -> None:
        """Start without an alert; a `min_frames` above `window` counts as `window`."""
        self._options = options
        self._min_frames = min(options.min_frames, options.window)
        self._id = 0
        self._notified_ms = -math.inf
        self._faces: dict[int, Violator] = {}  # by track id

    @property
    def active(self) -> list[ActiveAlert]:
        """The alerts in progress, oldest first."""
        alerts = [face.alert for face in self._faces.values() if face.alert]
        return sorted(alerts, key=lambda alert: alert.id)

    def update(self, tracks: Iterable[Track], now_ms: float) -> list[AlertEvent]:
        """Process the tracks of a frame and return the events to report.

        Args:
            tracks: the faces of one frame.
            now_ms: on any clock that does not go back.
        """
        violations = {track.id: track.label for track in tracks if track.label in ALERT_LABELS}
        for face_id in violations:
            self._faces.setdefault(face_id, Violator(deque(maxlen=self._options.window)))
        events = []
        for face_id, face in list(self._faces.items()):
            face.frames.append(violations.get(face_id))
            events += (
                self._continue(face, face.alert, now_ms)
                if face.alert
                else self._begin(face_id, face, now_ms)
            )
        return events + self._notify(now_ms)

    def stop(self, now_ms: float) -> list[AlertEvent]:
        """End all alerts because the video stopped or the stream was lost."""
        ended = [_to_event("end", alert, now_ms) for alert in self.active]
        self._faces.clear()
        return ended

    def _begin(self, face_id: int, face: Violator, now_ms: float) -> list[AlertEvent]:
        """Begin the alert of a face that violates the rule persistently."""
        label = face.frames[-1]
        if not face.violating:
            del self._faces[face_id]
        if not label or face.violating < self._min_frames:
            return []
        self._id += 1
        face.alert = ActiveAlert(self._id, face_id, label, round_half_up(now_ms))
        face.frames.clear()  # earlier frames do not count towards the end
        return [_to_event("begin", face.alert, now_ms)]

    def _continue(self, face: Violator, alert: ActiveAlert, now_ms: float) -> list[AlertEvent]:
        """End the alert of a face, or raise its label."""
        if len(face.frames) - face.violating >= self._min_frames:
            del self._faces[alert.face]
            return [_to_event("end", alert, now_ms)]
        if face.frames[-1] == ALERT_LABELS[0] and face.violating >= self._min_frames:
            alert.label = ALERT_LABELS[0]
        return []

    def _notify(self, now_ms: float) -> list[AlertEvent]:
        fresh = [alert for alert in self.active if not alert.covered]
        if not fresh or now_ms < self._notified_ms + self._options.cooldown_ms:
            return []
        self._notified_ms = now_ms
        for alert in fresh:
            alert.covered = True
        first = min(fresh, key=lambda alert: ALERT_LABELS.index(alert.label))
        first.notified = True
        return [_to_event("notify", first, now_ms)]


def _to_event(kind: AlertEventType, alert: ActiveAlert, now_ms: float) -> AlertEvent:
    at_ms = round_half_up(now_ms)
    duration_ms = at_ms - alert.since_ms
    return AlertEvent(kind, alert.id, alert.face, alert.label, at_ms, duration_ms, alert.notified)
