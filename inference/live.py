"""Verdicts on the pictures of a video, camera or stream, steady from one to the next.

The same `Tracker` as the page's, ``web/static/js/live.js``. Here a look of the finder is cheap, so
each picture gets one; faces are judged until their verdict has settled, from then on now and then.
"""

from __future__ import annotations

from inference.detector import MaskDetector
from inference.geometry import Image
from inference.tracker import Sighting, Track, Tracker


class LiveDetector:
    """Finds, follows and judges the faces of one video, one picture at a time."""

    def __init__(self, detector: MaskDetector) -> None:
        """Begin without any face; `detector` finds and judges them."""
        self._detector = detector
        contract = detector.contract
        self._tracker = Tracker(contract.labels, contract.unsure_below)

    def track(self, image: Image, now: float) -> list[Track]:
        """The faces of the next picture, in order of their ids.

        Args:
            image: uint8, shape (height, width, 3), RGB.
            now: in milliseconds, of any clock that does not go back.

        Raises:
            ModelError: a model answers with something that is not a number.
        """
        faces, scale = self._detector.find(image)
        due = self._tracker.due([face.box for face in faces], now)
        wanted = [
            look or not self._detector.large_enough(face)
            for face, look in zip(faces, due, strict=True)
        ]
        looked = [face for face, look in zip(faces, wanted, strict=True) if look]
        answers = iter(self._detector.classify(image, looked, scale))
        sightings = [
            Sighting(face.box, face.score, next(answers) if look else None)
            for face, look in zip(faces, wanted, strict=True)
        ]
        return self._tracker.update(sightings, now)

    def reset(self) -> None:
        """Forget all faces, as when a stream was lost. Ids go on."""
        self._tracker.reset()
