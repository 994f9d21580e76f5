"""What follows from what is seen in a video: alerts, counts, events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from inference.labels import UNSURE
from inference.tracking.alerts import ALERT_OPTIONS, AlertEvent, AlertOptions, AlertRule
from inference.tracking.tally import TALLY, Tally
from inference.tracking.track import Track

Event = dict[str, Any]
"""What happens, as it is written to ``*.events.jsonl``.

Its ``type`` is ``start``, ``verdict`` (of a ``face``, when it is told or changes), ``begin`` or
``end`` (of an alert), ``lost`` (also where it is not there yet) or ``back`` (of a live source), or
``stop``. ``at`` are whole
milliseconds since the source's beginning.
"""


class Monitor:
    """Takes in what is told of each picture and tells of events. Pure: no clock, no files."""

    def __init__(
        self, emit: Callable[[Event], None], options: AlertOptions = ALERT_OPTIONS
    ) -> None:
        """`emit` is told of each event."""
        self._emit = emit
        self._rule = AlertRule(options)
        self._tally = Tally()
        self._told: dict[int, tuple[str, float]] = {}  # label and last sight of a face, by its id

    @property
    def totals(self) -> dict[str, int]:
        """How many faces there were, see `Tally`."""
        return self._tally.totals

    def see(self, tracks: Sequence[Track], now: float) -> None:
        """A picture shows these faces.

        Args:
            now: in milliseconds.
        """
        for track in tracks:
            self._notice(track, now)
        forgotten = [n for n, (_, last) in self._told.items() if now - last > TALLY.max_gap_ms]
        for number in forgotten:
            del self._told[number]
        self._tally.update(tracks, now)
        self._alert(self._rule.update(tracks, now))

    def pause(self, now: float) -> None:
        """Nothing is seen for now, or any more: an alert ends."""
        self._alert(self._rule.stop(now))

    def _notice(self, track: Track, now: float) -> None:
        """Tell of a verdict that is new."""
        label, _ = self._told.get(track.id, (UNSURE, 0.0))
        self._told[track.id] = track.label, now
        if track.label != label:
            self._emit(
                {
                    "type": "verdict",
                    "at_ms": round(now),
                    "face": track.id,
                    "label": track.label,
                    "probability": round(track.probability, 4),
                    "box": {edge: round(value, 1) for edge, value in track.box._asdict().items()},
                }
            )

    def _alert(self, events: list[AlertEvent]) -> None:
        for event in events:
            self._emit(asdict(event))
