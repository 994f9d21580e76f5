"""From a picture to verdicts; twin of ``web/static/js/vision/detector.js``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inference.contract import MODELS, Contract
from inference.errors import PictureError
from inference.labels import TOO_SMALL
from inference.vision.centerface import CenterFace
from inference.vision.classifier import MaskClassifier
from inference.vision.detections import Detection
from inference.vision.faces import crop, decide
from inference.vision.geometry import Box, Image


@dataclass(frozen=True)
class Verdict:
    """The result for one face."""

    box: Box
    """Where the face is, in pixels of the picture; it may reach beyond."""
    score: float
    """The detector's confidence that it is a face, 0 to 1."""
    label: str
    """One of the contract's labels, ``unsure`` or ``too_small``."""
    probability: float
    """Probability of the top class, 0 to 1; 0 when too small."""
    probabilities: dict[str, float]
    """Probability of every label; empty when too small."""

    def as_dict(self) -> dict[str, Any]:
        """The verdict for JSON, rounded to what is meaningful."""
        return {
            "label": self.label,
            "probability": round(self.probability, 4),
            "probabilities": {name: round(p, 4) for name, p in self.probabilities.items()},
            "box": {edge: round(value, 1) for edge, value in self.box._asdict().items()},
            "score": round(self.score, 4),
        }


class MaskDetector:
    """Detects the faces of a picture and classifies each. Any number of threads may use one.

    >>> MaskDetector().detect(read_picture(Path("photo.jpg")))  # doctest: +SKIP
    [Verdict(box=Box(left=210.3, ...), score=0.93, label='with_mask', ...)]
    """

    def __init__(self, models: Path = MODELS, threads: int = 0) -> None:
        """Load the model of a folder.

        Args:
            models: the folder with ``contract.json``.
            threads: for detecting the faces of one picture; 0 for one per core.

        Raises:
            ModelError: a file is missing, changed or gives wrong results on this machine.
        """
        self.contract = Contract.load(models / "contract.json")
        self.face_detector = CenterFace(self.contract.detector, threads=threads)
        self._classifier = MaskClassifier(self.contract, models.parent)

    def self_test(self) -> None:
        """Run both models on tiny pictures.

        Raises:
            ModelError: an output is not finite, or differs from the contract's golden output.
        """
        self.face_detector.detect(np.zeros((64, 64, 3), np.uint8))
        self._classifier.self_test(self.contract)

    def detect(self, image: Image) -> list[Verdict]:
        """Detect and classify every face of a photo.

        Args:
            image: uint8, shape (height, width, 3), RGB.

        Returns:
            A verdict for each face, best detection score first.

        Raises:
            PictureError: `image` is anything else.
            ModelError: an output of a model is not finite.
        """
        check_image(image)
        faces = self.face_detector.detect(image)
        probabilities = self.classify(image, [face.box for face in faces])
        return [self._verdict(*pair) for pair in zip(faces, probabilities, strict=True)]

    def classify(self, image: Image, boxes: Sequence[Box]) -> list[dict[str, float]]:
        """Classify faces.

        Args:
            image: uint8, shape (height, width, 3), RGB.
            boxes: in pixels of the image.

        Returns:
            The probability of each label for each box; empty where the face is too small.

        Raises:
            ModelError: an output of the model is not finite.
        """
        return [self._classify(image, box) for box in boxes]

    def _classify(self, image: Image, box: Box) -> dict[str, float]:
        contract = self.contract
        if max(box.width, box.height) < contract.smallest_face:
            return {}
        settings = contract.detector
        face = crop(image, box, settings.crop_scale, settings.crop_shift, contract.input_size)
        return dict(zip(contract.labels, self._classifier.classify(face).tolist(), strict=True))

    def _verdict(self, face: Detection, probabilities: dict[str, float]) -> Verdict:
        if not probabilities:
            return Verdict(face.box, face.score, TOO_SMALL, 0.0, {})
        values = np.array(list(probabilities.values()))
        label, probability = decide(values, list(probabilities), self.contract.unsure_below)
        return Verdict(face.box, face.score, label, probability, probabilities)


def check_image(image: Image) -> None:
    """Raise PictureError unless `image` is uint8 RGB of shape (height, width, 3)."""
    if (
        not isinstance(image, np.ndarray)
        or image.dtype != np.uint8
        or image.ndim != 3
        or image.shape[2] != 3
        or image.size == 0
    ):
        got = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image)
        raise PictureError(f"Expected uint8 RGB of shape (height, width, 3), got {got}.")
