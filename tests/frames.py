"""Webcam frames without a camera: uint8, shape (480, 640, 3), RGB, the same at every call.

They are cut from scikit-image's own pictures (`astronaut` is NASA's, in the public domain), so that
the tests need neither network nor photos in the project.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import skimage.data

from inference.vision.detections import Point
from inference.vision.geometry import Box, Floats, Image, sample

Spots = Sequence[Point] | np.ndarray

WIDTH, HEIGHT = 640, 480
EYES: tuple[Point, Point] = ((290.1, 180.6), (367.0, 185.4))
"""The eyes of `astronaut`, the picture's left one first, so that no weights are needed."""

# A surgical mask in eye distances: from the middle between the eyes, x to the right, y down.
_HALF = [
    (0, 0.32),
    (0.24, 0.4),
    (0.42, 0.56),
    (0.74, 0.66),
    (1.0, 0.72),
    (0.97, 1.1),
    (0.86, 1.4),
    (0.62, 1.68),
    (0.3, 1.84),
    (0, 1.87),
]
_OUTLINE = np.array(_HALF + [(-x, y) for x, y in _HALF[-2:0:-1]])
_PLEATS = [0.86, 1.1, 1.34]  # where they meet the middle
_LOOPS = [((0.97, 0.76), (1.1, 0.42)), ((0.93, 1.2), (1.12, 0.7))]  # of the right side
_BLUE = np.array((166, 199, 218), np.float32)
_WHITE = np.array((214, 216, 216), np.float32)
_SUBPIXEL = 4  # bits of a pixel's fraction in cv2's coordinates


def astronaut() -> Image:
    """One near face without a mask."""
    return _frame(skimage.data.astronaut(), Box(40, 0, 400, 270))


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


def put_on_mask(image: Image, eyes: tuple[Point, Point]) -> Image:
    """A copy of `image` whose face wears one; `eyes` are its eyes, the picture's left one first."""
    face = _Face(image, eyes)
    inside = face.area(_rounded(_OUTLINE))
    result = image * (1 - 0.45 * face.blurred(inside, 0.07) * (1 - inside))
    for (x, y), (x2, y2) in _LOOPS:
        for side in (1, -1):
            result += (_WHITE - result) * face.line([(x * side, y), (x2 * side, y2)], 0.028)
    result += (_cloth(face) - result) * inside
    return np.clip(np.round(result), 0, 255).astype(np.uint8)


def _cloth(face: _Face) -> Floats:
    """Blue cloth with pleats that takes its light from the face beneath."""
    light = face.blurred(face.image.mean(axis=2, dtype=np.float32)[..., None], 0.3)
    across = np.linspace(-1.1, 1.1, 23)
    shade = 0.45 + 0.55 * light / 165
    for pleat in _PLEATS:
        for shift, strength in ((0.0, -0.16), (0.05, 0.1)):  # a dark fold and its bright lip
            fold = np.stack([across, pleat + shift - 0.12 * across**2], axis=1)
            shade += strength * face.blurred(face.line(fold, 0.04), 0.02)
    return _BLUE * shade


class _Face:
    """Draws in eye distances; what it returns has shape (height, width, 1)."""

    def __init__(self, image: Image, eyes: tuple[Point, Point]) -> None:
        first, second = np.array(eyes)
        across = second - first
        self.image = image
        self._middle = (first + second) / 2
        self._axes = np.array([across, (-across[1], across[0])])
        self._unit = float(np.hypot(*across))

    def area(self, outline: Spots) -> Floats:
        """How much of each pixel lies within, 0 to 1, its edge a little soft."""
        covered = np.zeros(self.image.shape[:2], np.uint8)
        cv2.fillPoly(covered, [self._place(outline)], 255, cv2.LINE_AA, _SUBPIXEL)
        return self.blurred(covered[..., None] / np.float32(255), 0.015)

    def line(self, spots: Spots, width: float) -> Floats:
        """How much of each pixel the line covers, 0 to 1."""
        covered = np.zeros(self.image.shape[:2], np.uint8)
        pixels = max(1, round(width * self._unit))
        cv2.polylines(covered, [self._place(spots)], False, 255, pixels, cv2.LINE_AA, _SUBPIXEL)
        return covered[..., None] / np.float32(255)

    def blurred(self, values: Floats, sigma: float) -> Floats:
        """`values` under a Gaussian of that width."""
        blurred = cv2.GaussianBlur(values, (0, 0), sigma * self._unit)
        return np.asarray(blurred, np.float32)[..., None]

    def _place(self, spots: Spots) -> np.ndarray:
        pixels = np.asarray(spots) @ self._axes + self._middle
        return np.round(pixels * 2**_SUBPIXEL).astype(np.int32)


def _rounded(outline: np.ndarray) -> np.ndarray:
    """The closed outline with its corners cut three times (Chaikin's curve)."""
    for _ in range(3):
        following = np.roll(outline, -1, axis=0)
        cut = np.stack([0.75 * outline + 0.25 * following, 0.25 * outline + 0.75 * following], 1)
        outline = cut.reshape(-1, 2)
    return outline


def _frame(picture: Image, box: Box) -> Image:
    return np.round(sample(picture, box, WIDTH, HEIGHT)).astype(np.uint8)
