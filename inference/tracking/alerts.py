"""The alert rule: each person who stays unmasked, or wears the mask incorrectly, raises an alert.

Twin of ``web/static/js/tracking/alerts.js``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
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

    after_ms: float = 500.0
    """How long the face must violate the rule, above 0."""
    cooldown_ms: float = 10_000.0
    """Minimum time between two ``notify`` events."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: `after_ms` is not above 0.
        """
        if not self.after_ms > 0:
            raise ValueError(f"Expected after_ms above 0, got {self.after_ms}.")


ALERT_OPTIONS = AlertOptions()

_MIN_FRAMES = 3
"""Fewest frames that raise an alert: on a slow machine, one wrong verdict must not."""
_WINDOW = 1.5
"""Length of the window as a multiple of `after_ms`: a verdict may flicker for a third of the time."""
_MAX_SLICES = 30
"""Most slices per `after_ms`, which bounds the memory of a face."""


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
class Slice:
    """Consecutive frames: how long the face violated the rule in them, and how long it did not."""

    violating_ms: float = 0.0
    clear_ms: float = 0.0

    @property
    def length_ms(self) -> float:
        """Both together."""
        return self.violating_ms + self.clear_ms


@dataclass
class Violator:
    """A face that violated the rule lately."""

    slices: list[Slice] = field(default_factory=list)
    """Of the window, or since the alert began; latest last."""
    alert: ActiveAlert | None = None

    @property
    def total(self) -> Slice:
        """All slices together."""
        violating_ms = clear_ms = 0.0
        for one in self.slices:
            violating_ms += one.violating_ms
            clear_ms += one.clear_ms
        return Slice(violating_ms, clear_ms)

    def trim(self, window_ms: float) -> None:
        """Remove what is older than a window."""
        excess_ms = self.total.length_ms - window_ms
        while excess_ms > 0:
            oldest = self.slices[0]
            oldest_ms = oldest.length_ms
            if oldest_ms > excess_ms:
                oldest.violating_ms *= 1 - excess_ms / oldest_ms
                oldest.clear_ms *= 1 - excess_ms / oldest_ms
                return
            del self.slices[0]
            excess_ms -= oldest_ms


class AlertRule:
    """Raises an alert for each face that violates the rule. Pure: no clock.

    An alert begins when its face has had an alert label for `after_ms` of the last 1.5 × `after_ms`,
    and ends when the face has had none, or was out of view, for as long since. A frame counts for
    the time since the previous one, but for no more than a third of `after_ms`: so an alert needs
    three frames also on a slow machine, and a gap is little evidence.

    A ``notify`` event covers all alerts in progress and has the most severe one that is new. Alerts
    that begin during the cooldown get one when it ends, unless they are over by then.
    """

    def __init__(self, options: AlertOptions = ALERT_OPTIONS) -> None:
        """Start without an alert."""
        self._options = options
        self._id = 0
        self._updated_ms: float | None = None
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
        frame_ms = self._frame_ms(now_ms)
        for face_id in violations:
            self._faces.setdefault(face_id, Violator())
        events = []
        for face_id, face in list(self._faces.items()):
            label = violations.get(face_id)
            self._add_frame(face, label is not None, frame_ms)
            events += (
                self._continue(face, face.alert, label, now_ms)
                if face.alert
                else self._begin(face_id, face, label, now_ms)
            )
        return events + self._notify(now_ms)

    def stop(self, now_ms: float) -> list[AlertEvent]:
        """End all alerts because the video stopped or the stream was lost."""
        ended = [_to_event("end", alert, now_ms) for alert in self.active]
        self._faces.clear()
        self._updated_ms = None
        return ended

    def _frame_ms(self, now_ms: float) -> float:
        """How long a frame counts."""
        since_ms = 0.0 if self._updated_ms is None else now_ms - self._updated_ms
        self._updated_ms = now_ms
        return min(since_ms, self._options.after_ms / _MIN_FRAMES)

    def _add_frame(self, face: Violator, violating: bool, frame_ms: float) -> None:
        """Add a frame to the window of a face."""
        slices, after_ms = face.slices, self._options.after_ms
        if not slices or slices[-1].length_ms >= after_ms / _MAX_SLICES:
            slices.append(Slice())
        if violating:
            slices[-1].violating_ms += frame_ms
        else:
            slices[-1].clear_ms += frame_ms
        face.trim(_WINDOW * after_ms)

    def _begin(
        self, face_id: int, face: Violator, label: str | None, now_ms: float
    ) -> list[AlertEvent]:
        """Begin the alert of a face that violates the rule persistently."""
        violating_ms = face.total.violating_ms
        if not label and violating_ms == 0:
            del self._faces[face_id]
        if not label or violating_ms < self._options.after_ms:
            return []
        self._id += 1
        face.alert = ActiveAlert(self._id, face_id, label, round_half_up(now_ms))
        face.slices.clear()  # earlier frames do not count towards the end
        return [_to_event("begin", face.alert, now_ms)]

    def _continue(
        self, face: Violator, alert: ActiveAlert, label: str | None, now_ms: float
    ) -> list[AlertEvent]:
        """End the alert of a face, or raise its label."""
        total, after_ms = face.total, self._options.after_ms
        if total.clear_ms >= after_ms:
            del self._faces[alert.face]
            return [_to_event("end", alert, now_ms)]
        if label == ALERT_LABELS[0] and total.violating_ms >= after_ms:
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
