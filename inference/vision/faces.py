"""The input and the output of the classifier for one face.

Twin of ``web/static/js/vision/faces.js``. Pure: needs no model.
"""

from __future__ import annotations

import numpy as np

from inference.labels import UNSURE
from inference.vision.geometry import Box, Floats, Image, sample, square_around


def crop(image: Image, box: Box, scale: float, shift: float, size: int) -> Floats:
    """The square crop of a face, the input of the classifier.

    Args:
        image: uint8, shape (height, width, 3), RGB.
        box: the detected face.
        scale: side of the square in longer sides of the box (`DetectorSettings.crop_scale`).
        shift: how far the square lies below the box, in its sides (`DetectorSettings.crop_shift`).
        size: side of the result in pixels.

    Returns:
        float32, shape (size, size, 3), RGB, 0 to 255.
    """
    return sample(image, square_around(box, scale, shift), size, size)


def decide(probabilities: Floats, labels: list[str], unsure_below: float) -> tuple[str, float]:
    """The top class and its probability; ``unsure`` if that is below the threshold."""
    best = int(np.argmax(probabilities))
    probability = float(probabilities[best])
    return (labels[best] if probability >= unsure_below else UNSURE), probability
