"""The alert rule: a face that stays unmasked, or wears its mask incorrectly, raises an alert.

Twin of ``web/static/js/tracking/alerts.js``.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from inference.labels import ALERT_LABELS
from inference.tracking.track import Track
from inference.vision.geometry import round_half_up


@dataclass(frozen=True)
class AlertEvent:
    """The beginning or the end of an alert."""

    type: Literal["begin", "end"]
    id: int
    """Of the alert, from 1."""
    label: str
    """The most severe label so far."""
    at_ms: int
    """On the clock of `AlertRule.update`."""
    duration_ms: int
    """Since the alert began; 0 at its begin, unless the cooldown delayed that event."""


@dataclass(frozen=True)
class AlertOptions:
    """When an alert begins and ends."""

    min_frames: int = 8
    """Frames, of the last `window`, in which one face must violate the rule; 1 to `window`."""
    window: int = 12
    """Number of frames considered, at least 1."""
    cooldown_ms: float = 10_000.0
    """Time after the end of an alert in which no other is reported."""


ALERT_OPTIONS = AlertOptions()


@dataclass
class ActiveAlert:
    """The alert in progress."""

    label: str
    since_ms: int


class AlertRule:
    """Raises one alert at a time, however many faces violate the rule. Pure: no clock.

    An alert begins when one face has an alert label in `min_frames` of the last `window` frames,
    and ends when no face has one in as many frames since. Frames are counted, not milliseconds, so that
    a slow machine, which classifies fewer frames, does not alert on less evidence.

    `active` is the alert to display. Events are for logs, sounds and webhooks: an alert that begins
    during the cooldown is reported when the cooldown ends, unless it is over by then.
    """

    def __init__(self, options: AlertOptions = ALERT_OPTIONS) -> None:
        """Start without an alert; a `min_frames` above `window` counts as `window`."""
        self.active: ActiveAlert | None = None
        self._options = options
        self._min_frames = min(options.min_frames, options.window)
        self._id = 0
        self._reported = False  # whether the begin of the active alert was
        self._cooldown_until_ms = -math.inf
        # the alert labels of each frame by track id, latest frame last
        self._violations: deque[dict[int, str]] = deque(maxlen=options.window)

    def update(self, tracks: Iterable[Track], now_ms: float) -> list[AlertEvent]:
        """Process the tracks of a frame and return the events to report.

        Args:
            tracks: the faces of one frame.
            now_ms: on any clock that does not go back.
        """
        self._violations.append(
            {track.id: track.label for track in tracks if track.label in ALERT_LABELS}
        )
        if not self.active:
            self._begin(now_ms)
        elif sum(not frame for frame in self._violations) >= self._min_frames:
            return self._end(now_ms)
        elif self._persistent_label() == ALERT_LABELS[0]:
            self.active.label = ALERT_LABELS[0]
        return self._report(now_ms)

    def stop(self, now_ms: float) -> list[AlertEvent]:
        """End the active alert because the video stopped or the stream was lost.

        No cooldown follows, since no mask was put on.
        """
        self._violations.clear()
        ended, reported = self.active, self._reported
        self.active, self._reported = None, False
        return [self._event("end", ended, now_ms)] if ended and reported else []

    def _begin(self, now_ms: float) -> None:
        if label := self._persistent_label():
            self._violations.clear()  # earlier frames do not count towards the end
            self.active = ActiveAlert(label, round_half_up(now_ms))

    def _end(self, now_ms: float) -> list[AlertEvent]:
        events = self.stop(now_ms)
        if events:
            self._cooldown_until_ms = now_ms + self._options.cooldown_ms
        return events

    def _report(self, now_ms: float) -> list[AlertEvent]:
        """The begin of the active alert, once, and not during the cooldown."""
        if not self.active or self._reported or now_ms < self._cooldown_until_ms:
            return []
        self._reported = True
        self._id += 1
        return [self._event("begin", self.active, now_ms)]

    def _event(
        self, kind: Literal["begin", "end"], alert: ActiveAlert, now_ms: float
    ) -> AlertEvent:
        at_ms = round_half_up(now_ms)
        return AlertEvent(kind, self._id, alert.label, at_ms, at_ms - alert.since_ms)

    def _persistent_label(self) -> str | None:
        """The most severe label of the faces in the latest frame that violate the rule."""
        latest = self._violations[-1] if self._violations else {}
        frames = Counter(track_id for frame in self._violations for track_id in frame)
        labels = {
            label for track_id, label in latest.items() if frames[track_id] >= self._min_frames
        }
        return next((label for label in ALERT_LABELS if label in labels), None)
