"""The drawn frames of tests/vectors.json; twin of `drawGray` and `scene` in ``tests/web/scene.js``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inference.vision.geometry import Box, Floats, Image


def draw_gray(boxes: Sequence[Box], width: int = 160, height: int = 120) -> Floats:
    """A textured blob in each box, on a slope of grey: float32, shape (height, width)."""
    y, x = np.mgrid[:height, :width] + 0.5
    gray = 60 + np.floor(x) / 8
    for box in boxes:
        across = 2 * (x - box.left) / box.width - 1
        down = 2 * (y - box.top) / box.height - 1
        blob = 130 + 60 * np.sin(3 * across + 0.5) * np.cos(2.5 * down) + 30 * down
        gray = np.where(np.hypot(across, down) > 1.2, gray, blob)
    return gray.astype(np.float32)


def draw_people(people: Sequence[tuple[Box, Sequence[float]]], width: int, height: int) -> Image:
    """A frame of people, the last one in front: a blob in a color, and clothes of it below."""
    y, x = np.mgrid[:height, :width] + 0.5
    frame = np.repeat((60 + np.floor(x) / 8)[..., None], 3, axis=2)
    for box, color in people:
        across = 2 * (x - box.left) / box.width - 1
        down = 2 * (y - box.top) / box.height - 1
        clothes = (x > box.left) & (x < box.right) & (y > box.bottom)
        frame = np.where(clothes[..., None], np.asarray(color, float), frame)
        blob = 130 + 60 * np.sin(3 * across + 0.5) * np.cos(2.5 * down) + 30 * down
        face = np.asarray(color) * blob[..., None] / 255
        frame = np.where((np.hypot(across, down) > 1.2)[..., None], frame, face)
    return np.clip(np.rint(frame), 0, 255).astype(np.uint8)


def draw(boxes: Sequence[Box], width: int, height: int) -> Image:
    """The same as a frame."""
    return np.repeat(
        np.rint(draw_gray(boxes, width, height)).astype(np.uint8)[..., None], 3, axis=2
    )
