"""The golden input: a picture with which runtimes verify their outputs."""

from __future__ import annotations

import cv2
import keras
import numpy as np

from inference.vision.geometry import Image

_CANDIDATES = 256
_MAX_PROBABILITY = 0.6


def draw_golden(model: keras.Model, size: int, seed: int = 1) -> Image:
    """Draw a face, not a photo, on which the model is uncertain and each label's probability differs.

    A saturated softmax would hide a wrong scale, color order or weight; equal probabilities would
    hide labels in another order.

    Returns:
        uint8, shape (size, size, 3), RGB.
    """
    rng = np.random.default_rng(seed)
    faces = np.stack([_draw_face(rng, size) for _ in range(_CANDIDATES)])
    probabilities = model.predict(faces.astype(np.float32), verbose=0)
    gaps = np.diff(np.sort(probabilities, axis=1), axis=1).min(axis=1)
    saturation = np.maximum(0, probabilities.max(axis=1) - _MAX_PROBABILITY)
    return faces[int(np.argmax(gaps - saturation))]


def _draw_face(rng: np.random.Generator, size: int) -> Image:
    side = 128
    image = np.full((side, side, 3), rng.integers(0, 256, 3), np.uint8)
    skin, mask, hair = rng.integers(40, 240, (3, 3)).tolist()
    cv2.ellipse(image, (64, 58), (50, 62), 0, 0, 360, hair, -1)
    cv2.ellipse(image, (64, 66), (42, 54), 0, 0, 360, skin, -1)
    for x in (47, 81):
        cv2.ellipse(image, (x, 56), (8, 4), 0, 0, 360, (240, 240, 240), -1)
        cv2.circle(image, (x, 56), 4, (40, 30, 20), -1)
    top = int(rng.integers(60, 125))
    outline = np.array([[26, top], [64, top - 8], [102, top], [92, 112], [64, 122], [36, 112]])
    cv2.fillPoly(image, [outline.astype(np.int32)], mask)
    blurred = cv2.GaussianBlur(image, (0, 0), 1.5)
    return np.asarray(cv2.resize(blurred, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
