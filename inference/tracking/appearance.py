"""What a person looks like, in a few colors; twin of ``web/static/js/tracking/appearance.js``.

The template of a face follows it from frame to frame, but fits many other faces. The colors of
hair, skin, mask and clothes distinguish a person from the few others who were there lately.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.tracking.template import resized
from inference.vision.geometry import Box, Floats, Image

_REDUCTION = 4  # blocks of so many pixels are averaged
_COLUMNS = 4  # of samples across the face, and across the clothes
_FACE = (0.0, 1.0, 5)  # top and bottom, in heights of the face from its top, and rows of samples
_CLOTHES = (1.2, 2.0, 3)
_DARKEST = 20.0  # added to grey values, so that noise in the dark does not count

Appearance = NDArray[np.float64]
"""Shape (96,): logarithms of colors, with mean 0, so that brighter light changes nothing."""


class ColorImage(NamedTuple):
    """A much reduced color frame."""

    pixels: Floats
    """float32, shape (height, width, 3), RGB, 0 to 255."""
    scale: float
    """Pixels of this image for each pixel of the frame."""


def thumbnail(frame: Image, side: int) -> ColorImage:
    """The frame in color, with a longer side of about a quarter of `side` pixels.

    Args:
        frame: uint8, shape (height, width, 3), RGB.
    """
    small, scale = resized(frame, side)
    rows, columns = (max(1, pixels // _REDUCTION) for pixels in small.shape[:2])
    blocks = small[: rows * _REDUCTION, : columns * _REDUCTION].astype(np.float32)
    pixels = cv2.resize(blocks, (columns, rows), interpolation=cv2.INTER_AREA)
    return ColorImage(np.asarray(pixels, np.float32), scale / _REDUCTION)


def extract_appearance(image: ColorImage, box: Box) -> Appearance:
    """The appearance of the person whose face is in a box.

    Args:
        image: of `thumbnail`.
        box: in pixels of the frame; samples beyond the frame repeat its edge.
    """
    colors = np.concatenate([_samples(image, box, *_FACE), _samples(image, box, *_CLOTHES)])
    values = np.log(colors + _DARKEST).ravel()
    return np.asarray(values - values.mean())


def appearance_distance(a: Appearance, b: Appearance) -> float:
    """Mean difference of two appearances: 0 if they are equal, about 0.1 for the same person some
    seconds later, 0.45 for another one.
    """
    return float(np.abs(a - b).mean())


def _samples(
    image: ColorImage, box: Box, top: float, bottom: float, rows: int
) -> NDArray[np.float64]:
    """Bilinear samples, row by row; shape (rows * columns, 3)."""
    height, width = image.pixels.shape[:2]
    first, last = box.top + top * box.height, box.top + bottom * box.height
    y, down = _axis(first, last, rows, image.scale, height)
    x, across = _axis(box.left, box.right, _COLUMNS, image.scale, width)
    weights = across[None, :, None], down[:, None, None]
    below, right = np.minimum(y + 1, height - 1), np.minimum(x + 1, width - 1)
    lines = image.pixels[y] * (1 - weights[1]) + image.pixels[below] * weights[1]
    return (lines[:, x] * (1 - weights[0]) + lines[:, right] * weights[0]).reshape(-1, 3)


def _axis(
    start: float, end: float, count: int, scale: float, pixels: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The first pixel of each sample and the weight of the next one."""
    places = (start + (end - start) * (np.arange(count) + 0.5) / count) * scale - 0.5
    places = places.clip(0, pixels - 1)
    first = places.astype(np.intp)
    return first, places - first
