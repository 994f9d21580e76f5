"""How many people were there, and how many of them wore a mask.

Twin of the totals of ``web/static/js/tracking/tally.js``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from inference.labels import DEFINITE_LABELS
from inference.tracking.track import Track


@dataclass(frozen=True)
class TallyOptions:
    """When a face counts."""

    least: float = 1000.0
    """Milliseconds that a face must be in view to count."""
    forget: float = 5000.0
    """Milliseconds after which an unseen face does not come back; the tracker keeps it shorter."""


TALLY = TallyOptions()


@dataclass
class _Counted:
    first: float
    last: float
    counted: bool = False
    label: str = ""


class Tally:
    """Counts each face once, under the last sure verdict on it. Pure: no clock.

    What it holds does not grow with the time it runs.
    """

    def __init__(self, options: TallyOptions = TALLY) -> None:
        self._options = options
        self._gone: Counter[str] = Counter()
        self._faces: dict[int, _Counted] = {}

    def update(self, tracks: Iterable[Track], now: float) -> None:
        """Take in the faces in view at `now`, in milliseconds."""
        for number, face in list(self._faces.items()):
            if now - face.last > self._options.forget:
                self._gone += _count(self._faces.pop(number))
        for track in tracks:
            face = self._faces.setdefault(track.id, _Counted(now, now))
            face.last = now
            face.counted |= now - face.first >= self._options.least
            if track.label in DEFINITE_LABELS:
                face.label = track.label

    @property
    def totals(self) -> dict[str, int]:
        """Distinct faces: all of them as ``faces``, and those of each sure verdict."""
        counted = sum(map(_count, self._faces.values()), self._gone)
        return {name: counted[name] for name in ("faces", *DEFINITE_LABELS)}


def _count(face: _Counted) -> Counter[str]:
    if not face.counted:
        return Counter()
    return Counter(name for name in ("faces", face.label) if name)
