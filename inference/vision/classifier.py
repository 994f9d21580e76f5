"""Judging faces: is a mask worn? Twin of ``web/static/js/vision/classifier.js``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inference.contract import ROOT, Contract, read_export
from inference.errors import ModelError
from inference.labels import UNSURE
from inference.vision.geometry import Box, Floats, Image, sample, square_around
from inference.vision.litert import LiteRtModel


def crop(image: Image, box: Box, scale: float, size: int) -> Floats:
    """The square that the classifier sees of a face.

    Args:
        image: uint8, height × width × 3, RGB.
        box: the face, as detected.
        scale: side of the square in longer sides of the box (`DetectorSettings.crop_scale`).
        size: side of the result in pixels.

    Returns:
        float32, shape (size, size, 3), RGB, 0 to 255.
    """
    return sample(image, square_around(box, scale), size, size)


def decide(probabilities: Floats, labels: list[str], unsure_below: float) -> tuple[str, float]:
    """The likeliest label and its probability; ``unsure`` where that is below the threshold."""
    best = int(np.argmax(probabilities))
    probability = float(probabilities[best])
    return (labels[best] if probability >= unsure_below else UNSURE), probability


class MaskClassifier:
    """The trained classifier on LiteRT. Any number of threads may use one."""

    def __init__(self, contract: Contract, project: Path = ROOT) -> None:
        """Load the model and check it against the contract's golden result.

        Args:
            project: the folder that the contract's file names start from.

        Raises:
            ModelError: the file is missing or changed, or it answers wrongly on this machine.
        """
        self._model = LiteRtModel(read_export(project, contract.exports["tflite_float32"]))
        self._check(contract)

    def _check(self, contract: Contract) -> None:
        expected = np.array(contract.golden.probabilities)
        found = self.classify(contract.golden_image().astype(np.float32))
        worst = float(np.abs(found - expected).max())
        if not worst <= contract.golden.tolerance:
            raise ModelError(
                f"The model answers wrongly on this machine: off by {worst:.4f} on the golden "
                f"input, at most {contract.golden.tolerance} expected."
            )

    def classify(self, face: Floats) -> Floats:
        """Probabilities of the labels.

        Args:
            face: of `crop`; float32, shape (size, size, 3), RGB, 0 to 255.

        Returns:
            float32, shape (labels,); they sum to 1.

        Raises:
            ModelError: an output of the model is not finite.
        """
        return self._model.run(face[None])[0][0]
