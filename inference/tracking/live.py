"""Verdicts on the frames of a video, camera or stream, stable from one to the next.

Twin of ``web/static/js/tracking/live.js``, with one difference: there, passes of the detector run
in parallel and end some frames later; here, a frame waits for its pass.
"""

from __future__ import annotations

import time

from inference.tracking.appearance import thumbnail
from inference.tracking.pace import Pace
from inference.tracking.schedule import Pass, Schedule
from inference.tracking.template import GrayImage, pyramid
from inference.tracking.track import Track
from inference.tracking.tracker import DetectorPass, Tracker
from inference.vision.detector import MaskDetector, check_image
from inference.vision.geometry import Image

MAX_CLASSIFIED = 2
"""Faces classified per frame, so that no frame takes long; in a crowd they take turns."""
MAX_CLASSIFIED_SLOW = 32
"""The same where frames are far apart."""


class LiveDetector:
    """Detects, tracks and classifies the faces of one video, frame by frame. For one thread."""

    def __init__(self, detector: MaskDetector | None = None, limit_load: bool = False) -> None:
        """Start without any face.

        Args:
            detector: None for the project's own.
            limit_load: whether a slow machine runs fewer passes of the detector, so that it keeps
                up with a live source. Without it the same video always gives the same result.

        Raises:
            ModelError: a file is missing, changed or gives wrong results on this machine.
        """
        self._detector = detector or MaskDetector()
        contract = self._detector.contract
        self._settings = contract.detector
        self._tracker = Tracker(contract.labels, contract.unsure_below, contract.detector)
        self._schedule = Schedule()
        self._pace = Pace()
        self._limit_load = limit_load
        self._size = (0, 0)

    def track(self, image: Image, now_ms: float) -> list[Track]:
        """The faces of the next frame, in order of their ids.

        Args:
            image: uint8, shape (height, width, 3), RGB.
            now_ms: of any clock that does not go back.

        Raises:
            PictureError: `image` is anything else.
            ModelError: an output of a model is not finite.
        """
        check_image(image)
        if image.shape[:2] != self._size:  # another scene, as when a phone is rotated
            self.reset()
            self._size = image.shape[:2]
        self._pace.tick(now_ms)
        track_ms, slow = self._pace.now_ms, self._pace.slow
        levels = pyramid(image, self._settings.near_side)
        self._tracker.follow(levels, track_ms, slow)
        longest = max(self._size)
        smallest = self._tracker.smallest_unconfirmed_px()
        unconfirmed = None if smallest is None else smallest / longest
        faces = len(self._tracker)
        if kind := self._schedule.next(levels[-1], faces, unconfirmed, now_ms, slow):
            self._tracker.correct(self._detect(image, kind, levels), track_ms)
        self._classify(image, track_ms)
        return self._tracker.report(track_ms)

    def reset(self) -> None:
        """Forget all faces, as when a stream was lost. Ids are not reused."""
        self._schedule.reset()
        self._tracker.reset()

    def _detect(self, image: Image, kind: Pass, levels: list[GrayImage]) -> DetectorPass:
        settings = self._settings
        side = settings.near_side if kind == "near" else settings.far_side
        started = time.perf_counter()
        found = self._detector.face_detector.detect_once(image, side, settings.live_score_threshold)
        if self._limit_load:
            self._schedule.ended(kind, (time.perf_counter() - started) * 1000)
        smallest = self._schedule.min_face_px(kind, max(self._size))
        return DetectorPass(found, [levels], smallest, thumbnail(image, settings.near_side))

    def _classify(self, image: Image, now_ms: float) -> None:
        due = self._tracker.due(now_ms, MAX_CLASSIFIED_SLOW if self._pace.slow else MAX_CLASSIFIED)
        results = self._detector.classify(image, [box for _, box in due])
        for (track_id, _), probabilities in zip(due, results, strict=True):
            self._tracker.classify(track_id, probabilities, now_ms)
