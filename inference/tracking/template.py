"""Follows a face by its template; twin of ``web/static/js/tracking/template.js``.

Detecting faces takes tens of milliseconds, following one a fraction of one. The template is a small
grey patch. In the next frame it is compared with the patches around the expected place, at several
sizes, by zero-mean normalised cross-correlation, which changes of light do not disturb (Lewis 1995,
"Fast Normalized Cross-Correlation"). A compass search climbs to the best one (Kolda, Lewis & Torczon
2003, "Optimization by Direct Search").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.vision.geometry import Box, Floats, Image, round_half_up

LEVELS = 3
_SIDE = 20  # of the template, in samples
_FIRST_STEP = 0.12  # of the search, in sides of the box; a face may move several steps per frame
_LAST_STEP = 0.015
_GROWTH = 0.5  # steps in size are smaller than those in place: faces move faster than they grow
_MIN_VARIANCE = 1e-3  # in grey values squared; a patch with less is textureless
_COMPASS = np.array(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], np.float64
)
"""Steps in x, in y and in size."""

Template = NDArray[np.float64]
"""Shape (400,): values with mean 0 and norm 1, row by row; all 0 for a textureless patch.

The scalar product of two is their normalised cross-correlation, -1 to 1.
"""


class GrayImage(NamedTuple):
    """A reduced grey frame."""

    pixels: Floats
    """float32, shape (height, width), 0 to 255."""
    scale: float
    """Pixels of this image for each pixel of the frame."""


def pyramid(frame: Image, side: int) -> list[GrayImage]:
    """The frame in grey, with a longer side of `side` pixels and of half and a quarter of it.

    Args:
        frame: uint8, shape (height, width, 3), RGB.
    """
    small, scale = resized(frame, side)
    return levels_of(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32), scale)


def resized(frame: Image, side: int) -> tuple[Image, float]:
    """The frame with a longer side of `side` pixels, and its pixels for each pixel of the frame.

    Args:
        frame: uint8, shape (height, width, 3), RGB.
    """
    height, width = frame.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round_half_up(width * scale)), max(1, round_half_up(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(frame, size, interpolation=way), np.uint8), scale


def levels_of(pixels: Floats, scale: float) -> list[GrayImage]:
    """A grey image and its halves, largest first; an odd last row or column is left out."""
    levels = [GrayImage(pixels, scale)]
    while len(levels) < LEVELS:
        larger = levels[-1].pixels
        height, width = (max(1, side // 2) for side in larger.shape)
        blocks = larger[: 2 * height, : 2 * width]
        rows = (blocks[::2] + blocks[1::2]) / 2 if len(blocks) > 1 else blocks
        half = (rows[:, ::2] + rows[:, 1::2]) / 2 if rows.shape[1] > 1 else rows
        levels.append(GrayImage(half, levels[-1].scale / 2))
    return levels


def extract_template(levels: Sequence[GrayImage], box: Box) -> Template:
    """The template of a face.

    Args:
        levels: of `pyramid`.
        box: in pixels of the frame; samples beyond the frame repeat its edge.
    """
    return _patches(_level_for(levels, box), np.array([box]))[0]


def follow(
    levels: Sequence[GrayImage], template: Template, expected: Sequence[Box]
) -> tuple[Box, float]:
    """Where a face is now.

    Args:
        levels: of the present frame.
        expected: places where it may be, at least one; the search begins at the best of them.

    Returns:
        Its box, and the correlation with its template there, -1 to 1.
    """
    level = _level_for(levels, expected[0])
    boxes = np.array(expected)
    best, score = _best(boxes, _patches(level, boxes) @ template)
    step = _FIRST_STEP
    while step >= _LAST_STEP:
        around = _shifted(best, step)
        found, higher = _best(around, _patches(level, around) @ template)
        if higher > score:
            best, score = found, higher
        else:
            step /= 2
    return Box(*best.tolist()), score


def _best(boxes: NDArray[np.float64], scores: NDArray) -> tuple[NDArray[np.float64], float]:
    best = int(scores.argmax())
    return boxes[best], float(scores[best])


def _shifted(box: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """The six boxes around one, shape (6, 4)."""
    sides = box[2:] - box[:2]
    shift = _COMPASS[:, :2] * (step * sides)
    growth = _COMPASS[:, 2:] * (step * _GROWTH / 2 * sides)
    return np.hstack([box[:2] + shift - growth, box[2:] + shift + growth])


def _level_for(levels: Sequence[GrayImage], box: Box) -> GrayImage:
    """The smallest level that has a pixel for every sample, so that none is skipped."""
    step = box.width / _SIDE
    return next((level for level in reversed(levels) if step * level.scale >= 1), levels[0])


def _patches(level: GrayImage, boxes: NDArray[np.float64]) -> Template:
    """Templates of boxes: bilinear samples, normalised; shape (boxes, 400)."""
    height, width = level.pixels.shape
    top, row_weights = _axis(boxes[:, 1], boxes[:, 3], level.scale, height)
    left, column_weights = _axis(boxes[:, 0], boxes[:, 2], level.scale, width)
    flat = level.pixels.ravel()
    corner = top[:, :, None] * width + left[:, None, :]
    right = 1 if width > 1 else 0
    down = width if height > 1 else 0
    across, along = column_weights[:, None, :], row_weights[:, :, None]
    above = flat[corner] * (1 - across) + flat[corner + right] * across
    below = flat[corner + down] * (1 - across) + flat[corner + down + right] * across
    values = (above * (1 - along) + below * along).reshape(len(boxes), -1)
    values -= values.mean(axis=1, keepdims=True)
    squares = np.einsum("ij,ij->i", values, values)[:, None]
    textured = squares > _MIN_VARIANCE * values.shape[1]
    return np.where(textured, values / np.sqrt(np.maximum(squares, 1e-12)), 0.0)


def _axis(
    starts: NDArray[np.float64], ends: NDArray[np.float64], scale: float, pixels: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The first pixel of each sample and the weight of the next one; shape (boxes, 20) each."""
    steps = (ends - starts) / _SIDE
    places = (starts[:, None] + (np.arange(_SIDE) + 0.5) * steps[:, None]) * scale - 0.5
    places = places.clip(0, max(pixels - 1.001, 0))
    first = places.astype(np.intp)
    return first, places - first
