"""Verdicts on the pictures of a video, camera or stream, steady from one to the next.

The same `Tracker` as the page's, ``web/static/js/live.js``. Here a look of BlazeFace is cheap, so
each picture gets one; faces are judged until their verdict has settled, from then on now and then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from inference.centerface import CenterFace
from inference.contract import Contract
from inference.detector import MaskDetector
from inference.faces import Face, FaceFinder
from inference.geometry import Box, Image
from inference.tracker import Sighting, Track, Tracker

FAR_EVERY = 100.0
"""Milliseconds from one look for far faces to the next; less than `TrackerOptions.coast`."""
_FAR_SIDE = 320
_FAR_SCORE = 0.4

Looks = list[tuple[Sequence[Face], float]]
"""Faces, each time with the scale to cut them with."""


class LiveDetector:
    """Finds, follows and judges the faces of one video, one picture at a time. For one thread."""

    def __init__(self, detector: MaskDetector | None = None, far: FaceFinder | None = None) -> None:
        """Begin without any face.

        Args:
            detector: finds and judges faces. None for what suits a camera: BlazeFace for near ones
                and, ten times a second, CenterFace for far ones.
            far: finds faces that the other does not see, ten times a second.

        Raises:
            ModelError: a file is missing, changed or gives wrong answers on this machine.
        """
        if detector is None:
            detector = MaskDetector("blazeface")
            far = far or far_finder(detector.contract)
        self._detector = detector
        self._far = far
        self._looked = -math.inf  # for far ones
        self._tracker = Tracker(detector.contract.labels, detector.contract.unsure_below)

    def track(self, image: Image, now: float) -> list[Track]:
        """The faces of the next picture, in order of their ids.

        Args:
            image: uint8, shape (height, width, 3), RGB.
            now: in milliseconds, of any clock that does not go back.

        Raises:
            PictureError: `image` is anything else.
            ModelError: a model answers with something that is not a number.
        """
        looks = self._look(image, now)
        found = [face for faces, _ in looks for face in faces]
        due = iter(self._tracker.due([face.box for face in found], now))
        answers = chain.from_iterable(
            self._judge(image, faces, scale, [next(due) for _ in faces]) for faces, scale in looks
        )
        sightings = [
            Sighting(face.box, face.score, answer)
            for face, answer in zip(found, answers, strict=True)
        ]
        return self._tracker.update(sightings, now)

    def reset(self) -> None:
        """Forget all faces, as when a stream was lost. Ids go on."""
        self._looked = -math.inf
        self._tracker.reset()

    def _look(self, image: Image, now: float) -> Looks:
        near, scale = self._detector.find(image)
        if self._far is None or now - self._looked < FAR_EVERY:
            return [(near, scale)]
        self._looked = now
        far = [face for face in self._far.find(image) if not _is_among(face.box, near)]
        return [(near, scale), (far, self._far.settings.crop_scale)]

    def _judge(
        self, image: Image, faces: Sequence[Face], scale: float, due: Sequence[bool]
    ) -> list[dict[str, float] | None]:
        """The probabilities for each face that is due, none for one too small, else None."""
        pairs = zip(faces, due, strict=True)
        wanted = [is_due or not self._detector.large_enough(face) for face, is_due in pairs]
        looked = [face for face, look in zip(faces, wanted, strict=True) if look]
        answers = iter(self._detector.classify(image, looked, scale))
        return [next(answers) if look else None for look in wanted]


def far_finder(contract: Contract) -> CenterFace:
    """For faces that BlazeFace does not see: narrower than about a tenth of the picture.

    Of the labelled faces in street scenes (16 of 512 pixels and more) BlazeFace finds 73 %, with
    this one's help 84 %. Alone it would overlook near faces with masks. As for photos CenterFace
    finds 97 %, takes seven times as long, and takes more for faces that is none. At this threshold
    84 % of what the two find in the training scenes are labelled faces; at 0.35 80 %.
    """
    settings = contract.finders["centerface"]
    return CenterFace(replace(settings, input_size=_FAR_SIDE, score_threshold=_FAR_SCORE))


def _is_among(box: Box, faces: Sequence[Face]) -> bool:
    """Whether the middle of a box lies in a face."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return any(
        face.box.left < x < face.box.right and face.box.top < y < face.box.bottom for face in faces
    )
