"""Turns the tracks of a video into events: verdicts, alerts and counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from inference.labels import UNSURE
from inference.tracking.alerts import ALERT_OPTIONS, AlertEvent, AlertOptions, AlertRule
from inference.tracking.tally import TALLY, Tally
from inference.tracking.track import Track

Event = dict[str, Any]
"""One line of ``*.events.jsonl``.

Its ``type`` is ``start``, ``verdict`` (of a ``face``: its first label other than ``unsure``, and
each change), ``begin`` or ``end`` (of the alert of a ``face``), ``lost`` or ``back`` (of a live
source; ``lost`` also if it is not available yet, and again when its ``reason`` changes), or
``stop``.
``at_ms`` counts from the beginning of the source.
"""


class Monitor:
    """Reports new verdicts and alerts, and counts faces. Pure: no clock, no files."""

    def __init__(
        self,
        emit: Callable[[Event], None],
        notify: Callable[[Event], None] = lambda _: None,
        options: AlertOptions = ALERT_OPTIONS,
    ) -> None:
        """Start without faces.

        Args:
            emit: called with each event.
            notify: called with the ``begin`` and ``end`` of alerts as the cooldown allows, with the
                number of alerts in progress as ``active``; a delayed ``begin`` has the time since
                the alert began as ``duration_ms``.
        """
        self._emit = emit
        self._notify = notify
        self._rule = AlertRule(options)
        self._tally = Tally()
        self._reported: dict[int, tuple[str, float]] = {}  # label and last time by track id

    @property
    def totals(self) -> dict[str, int]:
        """Number of faces, see `Tally.totals`."""
        return self._tally.totals

    def update(self, tracks: Sequence[Track], now_ms: float) -> None:
        """Process the tracks of a frame."""
        for track in tracks:
            self._report_verdict(track, now_ms)
        forgotten = [
            track_id
            for track_id, (_, last_ms) in self._reported.items()
            if now_ms - last_ms > TALLY.max_gap_ms
        ]
        for track_id in forgotten:
            del self._reported[track_id]
        self._tally.update(tracks, now_ms)
        self._emit_all(self._rule.update(tracks, now_ms))

    def stop(self, now_ms: float) -> None:
        """End all alerts because the source stopped or was lost."""
        self._emit_all(self._rule.stop(now_ms))

    def _report_verdict(self, track: Track, now_ms: float) -> None:
        """Emit a verdict that is new or has changed."""
        label, _ = self._reported.get(track.id, (UNSURE, 0.0))
        self._reported[track.id] = track.label, now_ms
        if track.label != label:
            self._emit(
                {
                    "type": "verdict",
                    "at_ms": round(now_ms),
                    "face": track.id,
                    "label": track.label,
                    "probability": round(track.probability, 4),
                    "box": {edge: round(value, 1) for edge, value in track.box._asdict().items()},
                }
            )

    def _emit_all(self, events: list[AlertEvent]) -> None:
        for event in events:
            fields = asdict(event)
            notified = fields.pop("notified")
            active = {"active": len(self._rule.active)}
            if event.type == "notify":
                self._notify(fields | {"type": "begin"} | active)
                continue
            self._emit(fields)
            if notified:
                self._notify(fields | active)
