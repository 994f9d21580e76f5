"""When to alert: an unmasked or wrongly masked face that persists, and not too often.

Twin of ``web/static/js/alarm.js``.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

GRAVE = ("without_mask", "incorrect_mask")
"""What is alerted of, the gravest first."""


class Seen(Protocol):
    """What is needed of a `Track`."""

    @property
    def id(self) -> int:
        """Of the face."""

    @property
    def label(self) -> str:
        """Its steady verdict."""


@dataclass(frozen=True)
class AlarmEvent:
    """An alert begins or ends."""

    type: Literal["begin", "end"]
    id: int
    """Of the alert, from 1."""
    label: str
    """The gravest that persisted, until now."""
    at: int
    """Whole milliseconds, of the clock of `Alarm.update`."""
    duration: int
    """Milliseconds since the alert began; 0 when it begins."""


@dataclass(frozen=True)
class AlarmOptions:
    """When an alert begins and ends."""

    frames: int = 8
    """Updates, of the last `of`, in which one face must show it; 1 to `of`."""
    of: int = 12
    """Updates that are looked back on, at least 1."""
    cool_down: float = 10_000.0
    """Milliseconds after an alert's end in which none begins."""


ALARM = AlarmOptions()


@dataclass
class Active:
    """The alert that is on."""

    label: str
    since: int
    """Milliseconds."""


class Alarm:
    """One alert at a time, however many faces it is about. Pure: no clock.

    It begins when one face was wrong in `frames` of the last `of` updates, and ends when nobody was
    wrong in as many since then. ``unsure`` and ``too_small`` are not wrong. Updates are counted,
    not milliseconds: what a slow machine cannot see often enough does not raise an alert sooner.
    """

    def __init__(self, options: AlarmOptions = ALARM) -> None:
        self.active: Active | None = None
        self._options = options
        self._needed = min(options.frames, options.of)
        self._id = 0
        self._quiet_until = -math.inf
        # the wrong faces of each update, by their ids, the latest last
        self._wrong: deque[dict[int, str]] = deque(maxlen=options.of)

    def update(self, tracks: Iterable[Seen], now: float) -> list[AlarmEvent]:
        """Take in what is seen now; what changed.

        Args:
            now: in milliseconds.
        """
        self._wrong.append({track.id: track.label for track in tracks if track.label in GRAVE})
        if self.active:
            if sum(not wrong for wrong in self._wrong) >= self._needed:
                return self.stop(now)
            if self._persisting() == GRAVE[0]:
                self.active.label = GRAVE[0]
            return []
        label = self._persisting() if now >= self._quiet_until else None
        return [self._begin(label, _whole(now))] if label else []

    def stop(self, now: float) -> list[AlarmEvent]:
        """Nothing is seen any more, as when a stream is lost: forget, and end the alert.

        Args:
            now: in milliseconds.
        """
        self._wrong.clear()
        if not self.active:
            return []
        ended, at = self.active, _whole(now)
        self.active = None
        self._quiet_until = at + self._options.cool_down
        return [AlarmEvent("end", self._id, ended.label, at, at - ended.since)]

    def _begin(self, label: str, at: int) -> AlarmEvent:
        self._id += 1
        self._wrong.clear()  # what came before says nothing about its end
        self.active = Active(label, at)
        return AlarmEvent("begin", self._id, label, at, 0)

    def _persisting(self) -> str | None:
        """The gravest that the faces of the latest update persist in; None if none does."""
        latest = self._wrong[-1] if self._wrong else {}
        updates = Counter(number for wrong in self._wrong for number in wrong)
        lasting = {label for number, label in latest.items() if updates[number] >= self._needed}
        return next((grave for grave in GRAVE if grave in lasting), None)


def _whole(milliseconds: float) -> int:
    """Rounded, halves upwards, as JavaScript does."""
    return math.floor(milliseconds + 0.5)
