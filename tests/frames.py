"""Webcam frames without a camera: uint8, shape (480, 640, 3), RGB, the same at every call.

They are cut from scikit-image's own pictures (`astronaut` is NASA's, in the public domain), so that
the tests need neither network nor photos in the project.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import skimage.data

from inference.vision.geometry import Box, Image, sample
from scripts.sample_photos import EYES, HEIGHT, WIDTH, crop_astronaut, put_on_mask

__all__ = ["EYES", "HEIGHT", "WIDTH", "put_on_mask"]  # of `sample_photos`, for other tests


def astronaut() -> Image:
    """One near face without a mask."""
    return crop_astronaut(skimage.data.astronaut())


def astronaut_masked() -> Image:
    """The same face with a surgical mask drawn over nose, mouth and chin."""
    return put_on_mask(astronaut(), EYES)


def two_faces() -> Image:
    """To the left a mirrored face with a mask, to the right one without."""
    middle = slice(WIDTH // 4, -WIDTH // 4)
    return np.hstack([astronaut_masked()[:, middle][:, ::-1], astronaut()[:, middle]])


def empty() -> Image:
    """A cup of coffee and no face."""
    return _frame(skimage.data.coffee(), Box(30, 0, 563, 400))


FRAMES: dict[str, Callable[[], Image]] = {
    "astronaut": astronaut,
    "astronaut_masked": astronaut_masked,
    "two_faces": two_faces,
    "empty": empty,
}


def _frame(picture: Image, box: Box) -> Image:
    return np.round(sample(picture, box, WIDTH, HEIGHT)).astype(np.uint8)
