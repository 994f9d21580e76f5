"""Faces that have left, for re-identification; twin of ``web/static/js/tracking/gallery.js``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from inference.tracking.appearance import Appearance, appearance_distance
from inference.tracking.track import TrackedFace


@dataclass(frozen=True, kw_only=True)
class GalleryOptions:
    """When a face is one that has left before."""

    max_absence_ms: float = 4000.0
    """How long a face is kept since its latest detection; shorter than `TallyOptions.max_gap_ms`."""
    reach: float = 1.0
    """How far away it may come back, in longer sides of the face."""
    reach_per_s: float = 1.5
    """What each second of absence adds to `reach`."""
    max_growth: float = 2.0
    """How many times as large, or as small, it may be."""
    max_distance: float = 0.25
    """Maximum `appearance_distance` of the same person."""
    doubt_distance: float = 0.45
    """A face that is nearer than this may be the same person, partly hidden still."""
    max_doubt_ms: float = 600.0
    """How long such a face is not reported, until its appearance decides; then it is a new one."""
    min_lead: float = 0.1
    """By how much a face in view must be more like one that has left than like its own track, to get
    the other identity: its track has jumped from one person to the other."""


class Gallery:
    """The faces whose tracks have ended. When in doubt, a face is not re-identified. Pure: no clock."""

    def __init__(self, options: GalleryOptions) -> None:
        self._options = options
        self._faces: list[TrackedFace] = []

    def add(self, faces: Iterable[TrackedFace]) -> None:
        """Keep faces whose tracks have ended; those of unknown appearance are not kept."""
        self._faces += [face for face in faces if face.appearance is not None]

    def expire(self, now_ms: float) -> None:
        """Forget the faces that left too long ago."""
        limit = now_ms - self._options.max_absence_ms
        self._faces = [face for face in self._faces if face.detected_ms >= limit]

    def clear(self) -> None:
        """Forget all faces."""
        self._faces = []

    def identify(self, face: TrackedFace, seen: Appearance | None, now_ms: float) -> None:
        """Decide who a face in view is. A new face is confirmed once that is certain.

        Args:
            seen: its appearance in the latest detection, if known.
        """
        if face.confirmed and seen is not None:
            self._correct(face, seen, now_ms)
        face.confirmed = face.confirmed or seen is None or self._recognize(face, seen, now_ms)

    def _recognize(self, face: TrackedFace, seen: Appearance, now_ms: float) -> bool:
        """Give a new face the identity of the one that has left and is most like it, if any.

        Returns:
            Whether its identity is final; otherwise it takes another detection.
        """
        distance, known = self._nearest(face, seen, now_ms)
        if known and distance <= self._options.max_distance:
            face.exchange_identity(known)
            self._faces.remove(known)
            return True
        doubtful = distance <= self._options.doubt_distance
        return not doubtful or now_ms - face.first_ms >= self._options.max_doubt_ms

    def _correct(self, face: TrackedFace, seen: Appearance, now_ms: float) -> None:
        """Exchange the identity of a face for that of one that has left, if its track has jumped.

        When two people cross, a track may go on with the one in front, so that the track of that
        one ends. The identity that the face had until now is kept as the one that has left.
        """
        distance, known = self._nearest(face, seen, now_ms)
        if known is None or face.appearance is None or distance > self._options.max_distance:
            return
        if appearance_distance(seen, face.appearance) - distance >= self._options.min_lead:
            face.exchange_identity(known)

    def _nearest(
        self, face: TrackedFace, seen: Appearance, now_ms: float
    ) -> tuple[float, TrackedFace | None]:
        """The kept face that is most like one in view, and their distance; infinite without any."""
        nearest, lowest = None, math.inf
        for known in self._faces:
            if known.appearance is None or not self._is_in_reach(face, known, now_ms):
                continue
            distance = appearance_distance(seen, known.appearance)
            if distance < lowest:
                nearest, lowest = known, distance
        return lowest, nearest

    def _is_in_reach(self, face: TrackedFace, known: TrackedFace, now_ms: float) -> bool:
        options = self._options
        here, there = face.box, known.detected
        sides = [max(box.width, box.height) for box in (here, there)]
        if max(sides) > options.max_growth * min(sides):
            return False
        dx = (here.left + here.right - there.left - there.right) / 2
        dy = (here.top + here.bottom - there.top - there.bottom) / 2
        absent_s = (now_ms - known.detected_ms) / 1000
        return math.hypot(dx, dy) <= (options.reach + options.reach_per_s * absent_s) * max(sides)
