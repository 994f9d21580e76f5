"""When to alert: an unmasked or wrongly masked face that persists, and not too often.

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
    """An alert is told to begin or end."""

    type: Literal["begin", "end"]
    id: int
    """Of the alert, from 1."""
    label: str
    """The gravest that persisted, until now."""
    at: int
    """Whole milliseconds, of the clock of `AlertRule.update`."""
    duration: int
    """Milliseconds since the alert began.

    0 when it begins, unless the cool-down held that back.
    """


@dataclass(frozen=True)
class AlertOptions:
    """When an alert begins and ends."""

    frames: int = 8
    """Updates, of the last `of`, in which one face must show it; 1 to `of`."""
    of: int = 12
    """Updates that are looked back on, at least 1."""
    cool_down: float = 10_000.0
    """Milliseconds after an alert's end in which no other is told."""


ALERT_OPTIONS = AlertOptions()


@dataclass
class Active:
    """The alert that is on."""

    label: str
    since: int
    """Milliseconds."""


class AlertRule:
    """One alert at a time, however many faces it is about. Pure: no clock.

    It begins when one face was wrong in `frames` of the last `of` updates, and ends when nobody was
    wrong in as many since then. ``unsure`` and ``too_small`` are not wrong. Updates are counted,
    not milliseconds: what a slow machine cannot see often enough does not raise an alert sooner.

    `active` is what to show, always. Events are what to tell others: those the cool-down holds
    back. An alert that outlasts it is told then; one that does not is never told.
    """

    def __init__(self, options: AlertOptions = ALERT_OPTIONS) -> None:
        """Begin without an alert; `frames` beyond `of` count as `of`."""
        self.active: Active | None = None
        self._options = options
        self._needed = min(options.frames, options.of)
        self._id = 0
        self._told = False  # whether the alert that is on was
        self._quiet_until = -math.inf
        # the wrong faces of each update, by their ids, the latest last
        self._wrong: deque[dict[int, str]] = deque(maxlen=options.of)

    def update(self, tracks: Iterable[Track], now: float) -> list[AlertEvent]:
        """Take in what is seen now; what is to be told.

        Args:
            tracks: one update's faces.
            now: in milliseconds, of any clock that does not go back.
        """
        self._wrong.append(
            {track.id: track.label for track in tracks if track.label in ALERT_LABELS}
        )
        if not self.active:
            self._begin(now)
        elif sum(not wrong for wrong in self._wrong) >= self._needed:
            return self._end(now)
        elif self._persisting() == ALERT_LABELS[0]:
            self.active.label = ALERT_LABELS[0]
        return self._tell(now)

    def stop(self, now: float) -> list[AlertEvent]:
        """Nothing is seen any more, as when a stream is lost: forget, and end the alert.

        Nobody put a mask on, so no cool-down follows.

        Args:
            now: in milliseconds.
        """
        self._wrong.clear()
        ended, told = self.active, self._told
        self.active, self._told = None, False
        return [self._event("end", ended, now)] if ended and told else []

    def _begin(self, now: float) -> None:
        if label := self._persisting():
            self._wrong.clear()  # what came before says nothing about its end
            self.active = Active(label, round_half_up(now))

    def _end(self, now: float) -> list[AlertEvent]:
        events = self.stop(now)
        if events:
            self._quiet_until = now + self._options.cool_down
        return events

    def _tell(self, now: float) -> list[AlertEvent]:
        """The beginning of the alert that is on, once, and not within the cool-down."""
        if not self.active or self._told or now < self._quiet_until:
            return []
        self._told = True
        self._id += 1
        return [self._event("begin", self.active, now)]

    def _event(self, kind: Literal["begin", "end"], alert: Active, now: float) -> AlertEvent:
        at = round_half_up(now)
        return AlertEvent(kind, self._id, alert.label, at, at - alert.since)

    def _persisting(self) -> str | None:
        """The gravest that the faces of the latest update persist in; None if none does."""
        latest = self._wrong[-1] if self._wrong else {}
        updates = Counter(number for wrong in self._wrong for number in wrong)
        lasting = {label for number, label in latest.items() if updates[number] >= self._needed}
        return next((label for label in ALERT_LABELS if label in lasting), None)
