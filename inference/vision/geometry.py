"""Boxes and resampling; twin of ``web/static/js/vision/geometry.js``.

Coordinates are pixels of the picture, x to the right and y down; pixel *i* covers [i, i + 1).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""A picture: uint8, shape (height, width, 3), RGB."""

Floats = NDArray[np.float32]


class Box(NamedTuple):
    """A rectangle in pixels; it may reach beyond the picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    def moved(self, dx: float, dy: float) -> Box:
        """The same box, `dx` pixels to the right and `dy` down."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def scaled(self, factor: float) -> Box:
        """The box in a picture that is `factor` times as large."""
        return Box(*(edge * factor for edge in self))


def round_half_up(value: float) -> int:
    """Round to the nearest integer, halves upwards, as JavaScript's ``Math.round`` does."""
    return math.floor(value + 0.5)


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    shared = intersection(a, b)
    return shared / (a.area + b.area - shared) if shared else 0.0


def intersection(a: Box, b: Box) -> float:
    """What two boxes have in common, in square pixels."""
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return width * height if width > 0 and height > 0 else 0.0


def square_around(box: Box, scale: float, shift: float = 0.0) -> Box:
    """The square about the centre of `box` with `scale` times its longer side.

    Args:
        shift: how far to move the square down, in its sides.
    """
    half = max(box.width, box.height) * scale / 2
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2 + shift * 2 * half
    return Box(x - half, y - half, x + half, y + half)


def taps(start: float, length: float, size: int, limit: int) -> tuple[NDArray[np.intp], Floats]:
    """Where the `size` samples of an axis read, and how much each reading weighs.

    The filter is a triangle as wide as the samples are far apart, at least one pixel to either
    side: bilinear when enlarging, free of aliasing when reducing (Pillow's ``BILINEAR`` is the same
    filter). Readings beyond the picture repeat its edge.

    Args:
        start, length: the stretch to read, in pixels.
        limit: pixels of the axis, at least 1.

    Returns:
        indices, shape (size, n), in [0, limit); weights, float32, the same shape, rows sum to 1.
    """
    step = length / size
    reach = max(step, 1.0)
    centres = start + (np.arange(size) + 0.5) * step
    first = np.floor(centres - reach + 0.5)
    positions = first[:, None] + np.arange(int(np.ceil(2 * reach)) + 1)
    weights = np.maximum(0.0, 1 - np.abs(positions + 0.5 - centres[:, None]) / reach)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.clip(positions, 0, limit - 1).astype(np.intp), weights.astype(np.float32)


def sample(image: Image, box: Box, width: int, height: int) -> Floats:
    """Cut `box` out of `image` and resize it; see `taps` for the filter.

    Returns:
        float32, shape (height, width, 3), RGB, range 0 to 255, not rounded.
    """
    columns, column_weights = taps(box.left, box.width, width, image.shape[1])
    rows, row_weights = taps(box.top, box.height, height, image.shape[0])
    offset = int(columns.min())
    strip = image[:, offset : int(columns.max()) + 1]
    lines = np.zeros((height, strip.shape[1], 3), np.float32)
    for tap in range(rows.shape[1]):
        lines += strip[rows[:, tap]] * row_weights[:, tap, None, None]
    result = np.zeros((height, width, 3), np.float32)
    for tap in range(columns.shape[1]):
        result += lines[:, columns[:, tap] - offset] * column_weights[:, tap, None]
    return result
