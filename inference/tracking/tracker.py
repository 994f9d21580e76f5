"""Tracks faces: each keeps its id, a smooth box and a stable verdict from frame to frame.

Twin of ``web/static/js/tracking/tracker.js``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inference.contract import DetectorSettings
from inference.tracking.appearance import ColorImage
from inference.tracking.association import Found, follow_detections, is_alone, match
from inference.tracking.filters import OneEuroOptions
from inference.tracking.gallery import Gallery, GalleryOptions
from inference.tracking.template import GrayImage, follow
from inference.tracking.track import Track, TrackedFace
from inference.tracking.verdict import StableVerdict, VerdictOptions
from inference.vision.detections import Detection, is_same_face
from inference.vision.geometry import Box, iou

_BOX = OneEuroOptions(min_cutoff=1.0, beta=5.0, speed_cutoff=1.0)


class DetectorPass(NamedTuple):
    """What one pass of the detector found."""

    detections: Sequence[Detection]
    """In pixels of the frame."""
    frames: Sequence[Sequence[GrayImage]]
    """The pyramids of the frame that was passed to the detector and of those since, the current one
    last."""
    min_face_px: float
    """Smaller faces, in pixels of the frame, are not counted as missed."""
    colors: ColorImage | None = None
    """The `thumbnail` of the frame that was passed to the detector; without it, a face that has left
    is not re-identified."""


@dataclass(frozen=True, kw_only=True)
class TrackerOptions(VerdictOptions, GalleryOptions):
    """When faces are tracked and reported."""

    start_score: float = 0.5
    """Minimum score of a detection that starts a track; a weaker one only continues it."""
    min_hits: int = 2
    """Detections required before a track is reported (suppresses flicker)."""
    max_misses: int = 3
    """Passes in a row that may miss a face before its track ends."""
    min_similarity: float = 0.6
    """Correlation with its template below which a face is lost: it has turned, or is hidden."""
    match_scale: float = 2.0
    """See `match_iou`."""
    match_iou: float = 0.4
    """Minimum IoU of the squares around two boxes that may be one face.

    The squares have `match_scale` times the longer side. They let a small face jump by most of its
    own size, where the boxes alone would no longer overlap.
    """
    max_coast_ms: float = 400.0
    """How long a lost face is reported without a new detection."""
    max_age_ms: float = 1000.0
    """How long a lost face is remembered, to get its id back where it was lost; later, and elsewhere,
    it does so by its appearance: see `GalleryOptions`."""
    crowd_scale: float = 1.5
    """The appearance is not taken from a detection whose square meets another one's; squares have
    `crowd_scale` times the longer side of the face."""
    appearance_kept: float = 0.7
    """Weight of the appearance so far, against that of a new detection."""
    box: OneEuroOptions = _BOX
    """Smoothing of boxes; its unit is the longer side of the face."""


TRACKER = TrackerOptions()


class Tracker:
    """Follows faces by their templates and corrects them by detections.

    Pure: callers pass timestamps in milliseconds, of any clock that does not go back. For each
    frame call `follow`, then `correct` if a pass of the detector has ended, then `due` and
    `classify`, then `report`.
    """

    def __init__(
        self,
        labels: Sequence[str],
        unsure_below: float,
        detector: DetectorSettings,
        options: TrackerOptions = TRACKER,
    ) -> None:
        """Start without any face; `labels`, `unsure_below`, `detector` are the contract's."""
        self._labels = labels
        self._unsure_below = unsure_below
        self._detector = detector
        self._options = options
        self._last_id = 0
        self._faces: list[TrackedFace] = []  # in order of their ids
        self._gallery = Gallery(options)
        self._slow = False

    def __len__(self) -> int:
        """How many faces are tracked, reported or not."""
        return len(self._faces)

    def smallest_unconfirmed_px(self) -> float | None:
        """Longer side of the smallest face that another detection would confirm or bring back."""
        sides = [
            max(face.box.width, face.box.height)
            for face in self._faces
            if not face.confirmed or self._is_lost(face)
        ]
        return min(sides, default=None)

    def follow(self, levels: Sequence[GrayImage], now_ms: float, slow: bool = False) -> None:
        """Move every face to where it is in a new frame.

        Args:
            levels: the pyramid of the frame.
            slow: whether frames are so far apart (`Pace.slow`) that one detection and one result
                of the classifier are enough.
        """
        self._slow = slow
        options = self._options
        for face in self._faces:
            expected = [face.predict(now_ms, options.max_coast_ms), face.box]
            box, face.similarity = follow(levels, face.template, expected)
            if not self._is_lost(face):
                face.move(box, now_ms)
        self._keep([face for face in self._distinct() if self._is_remembered(face, now_ms)])
        self._gallery.expire(now_ms)

    def correct(self, result: DetectorPass, now_ms: float) -> None:
        """Apply the detections of a pass.

        A detection was made on an earlier frame: it is followed through the frames since, and
        dropped if it is lost on the way.
        """
        colors = None if self._slow else result.colors
        options = self._options
        found = follow_detections(result.detections, result.frames, colors, options.min_similarity)
        matches = self._match(found, now_ms)
        known = list(self._faces)
        for index, one in enumerate(found):
            face = matches.get(index) or self._start(one, known, now_ms)
            if face:
                face.move(one.box, now_ms)
                face.template, face.similarity, face.score = one.template, 1.0, one.score
                face.hits += options.min_hits if self._slow else 1
                face.misses = 0
                if face.hits >= options.min_hits:
                    self._gallery.identify(face, one.appearance, now_ms)
                alone = is_alone(one, found, options.crowd_scale)
                face.see(one.box, one.appearance, options.appearance_kept if alone else 1, now_ms)
        self._faces.sort(key=lambda face: face.id)
        self._count_misses(set(known) - set(matches.values()), result.min_face_px)

    def due(self, now_ms: float, most: int) -> list[tuple[int, Box]]:
        """The faces to classify in this frame, those that have waited longest first.

        Args:
            most: faces at most, so that no frame takes long.

        Returns:
            Ids and boxes, not smoothed.
        """
        faces = [
            face
            for face in self._faces
            if face.seen_ms == now_ms and not face.verdict.stable(now_ms)
        ]
        chosen = sorted(faces, key=lambda face: face.classified_ms)[:most]
        for face in chosen:
            face.classified_ms = now_ms
        return [(face.id, face.box) for face in chosen]

    def classify(self, track_id: int, probabilities: Mapping[str, float], now_ms: float) -> None:
        """Apply the classifier's result for the face `track_id`; empty if it is too small."""
        for face in self._faces:
            if face.id == track_id:
                face.verdict.update(probabilities, now_ms, self._slow)

    def report(self, now_ms: float) -> list[Track]:
        """The faces that are confirmed and in view, in order of their ids."""
        options = self._options
        return [
            face.report(now_ms)
            for face in self._faces
            if face.confirmed and now_ms - face.seen_ms <= options.max_coast_ms
        ]

    def reset(self) -> None:
        """Forget all faces, as after a reconnect. Ids are not reused."""
        self._faces = []
        self._gallery.clear()

    def _start(self, one: Found, known: Sequence[TrackedFace], now_ms: float) -> TrackedFace | None:
        """A new face; None if the detection is weak, or part of a face that is known."""
        if one.score < self._options.start_score:
            return None
        if is_same_face(one.box, [face.box for face in known], self._detector):
            return None
        self._last_id += 1
        verdict = StableVerdict(self._labels, self._unsure_below, self._options)
        face = TrackedFace(self._last_id, verdict, self._options.box, now_ms)
        self._faces.append(face)
        return face

    def _count_misses(self, missed: set[TrackedFace], min_face_px: float) -> None:
        options = self._options
        for face in missed:
            if max(face.box.width, face.box.height) >= min_face_px:
                face.misses += 1
        self._keep(
            [
                face
                for face in self._faces
                if face.misses <= (options.max_misses if face.hits >= options.min_hits else 0)
            ]
        )

    def _keep(self, faces: list[TrackedFace]) -> None:
        """End the tracks of all other faces."""
        ended = set(self._faces) - set(faces)
        self._gallery.add(face for face in self._faces if face in ended and face.confirmed)
        self._faces = faces

    def _is_remembered(self, face: TrackedFace, now_ms: float) -> bool:
        options = self._options
        confirmed = face.hits >= options.min_hits
        limit = options.max_age_ms if confirmed else options.max_coast_ms
        return now_ms - face.seen_ms <= limit

    def _distinct(self) -> list[TrackedFace]:
        """The faces without those that overlap an older one; followed faces take priority over lost
        ones.
        """
        kept: list[TrackedFace] = []
        for face in sorted(self._faces, key=self._is_lost):
            if not any(iou(face.box, one.box) > self._detector.iou_threshold for one in kept):
                kept.append(face)
        return sorted(kept, key=lambda face: face.id)

    def _is_lost(self, face: TrackedFace) -> bool:
        return face.similarity < self._options.min_similarity

    def _match(self, found: Sequence[Found], now_ms: float) -> dict[int, TrackedFace]:
        """The known faces by the index of their detections.

        A lost face may have stopped, so its last box counts as much as the predicted one.
        """
        options = self._options
        expected = [
            (face, box)
            for face in self._faces
            for box in (face.predict(now_ms, options.max_coast_ms), face.box)
        ]
        return match(found, expected, options.match_scale, options.match_iou)
