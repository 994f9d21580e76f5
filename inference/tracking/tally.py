"""Counts people, and how many of them wore a mask.

Twin of ``web/static/js/tracking/tally.js``, which reports changes instead of totals.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from inference.labels import DEFINITE_LABELS
from inference.tracking.track import Track


@dataclass(frozen=True)
class TallyOptions:
    """When a face counts."""

    min_visible_ms: float = 1000.0
    """How long a face must be tracked to count; a frame stands for the time since the one before."""
    max_gap_ms: float = 5000.0
    """How long a track may be missing before it is forgotten; longer than the tracker keeps it."""


TALLY = TallyOptions()


@dataclass
class _Counted:
    first_ms: float
    last_ms: float
    counted: bool = False
    label: str = ""


class Tally:
    """Counts each face once, under its latest definite label. Pure: no clock; memory is bounded."""

    def __init__(self, options: TallyOptions = TALLY) -> None:
        self._options = options
        self._gone: Counter[str] = Counter()
        self._faces: dict[int, _Counted] = {}
        self._updated_ms = math.nan
        self._interval_ms = 0.0

    def update(self, tracks: Iterable[Track], now_ms: float) -> None:
        """Process the tracks of a frame."""
        interval_ms = 0.0 if math.isnan(self._updated_ms) else now_ms - self._updated_ms
        since_ms = now_ms - min(interval_ms, self._interval_ms)  # a gap counts for nothing
        self._updated_ms, self._interval_ms = now_ms, interval_ms
        for track in tracks:
            face = self._faces.setdefault(track.id, _Counted(since_ms, now_ms))
            face.last_ms = now_ms
            face.counted |= now_ms - face.first_ms >= self._options.min_visible_ms
            if track.label in DEFINITE_LABELS:
                face.label = track.label
        for track_id, face in list(self._faces.items()):
            if now_ms - face.last_ms > self._options.max_gap_ms:
                self._gone += _count(self._faces.pop(track_id))

    @property
    def totals(self) -> dict[str, int]:
        """Number of distinct faces: in total as ``faces``, and by definite label."""
        counted = sum(map(_count, self._faces.values()), self._gone)
        return {name: counted[name] for name in ("faces", *DEFINITE_LABELS)}


def _count(face: _Counted) -> Counter[str]:
    if not face.counted:
        return Counter()
    return Counter(name for name in ("faces", face.label) if name)
