"""Detections of faces, and which of them are the same face.

Twin of ``web/static/js/vision/detections.js``. Pure: needs no detector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inference.contract import DetectorSettings
from inference.vision.geometry import Box

_MAX_CANDIDATES = 2000
"""Only the best are considered; no photo shows more faces."""

Point = tuple[float, float]


class Detection(NamedTuple):
    """A detected face. The twin in JavaScript has no `points`: only the trainer uses them."""

    box: Box
    """In pixels of the picture; it may reach beyond."""
    score: float
    """Confidence, 0 to 1."""
    points: tuple[Point, ...]
    """Right eye, left eye (the person's), nose, mouth; in pixels of the picture."""


def suppress(candidates: list[Detection], settings: DetectorSettings) -> list[Detection]:
    """Non-maximum suppression: keeps the best of the candidates that are one face.

    Returns:
        The detections kept, best score first.
    """
    ordered = sorted(candidates, key=lambda one: -one.score)[:_MAX_CANDIDATES]
    boxes = np.array([one.box for one in ordered]).reshape(-1, 4)
    kept: list[int] = []
    for i, box in enumerate(boxes):
        if not _same_face(box, boxes[kept], settings).any():
            kept.append(i)
    return [ordered[i] for i in kept]


def is_same_face(box: Box, others: Sequence[Box], settings: DetectorSettings) -> bool:
    """Whether a box is of one face with any other: they overlap, or one lies within the other."""
    boxes = np.array(others).reshape(-1, 4)
    return bool(_same_face(np.array(box), boxes, settings).any())


def _same_face(
    box: NDArray[np.float64], others: NDArray[np.float64], settings: DetectorSettings
) -> NDArray[np.bool_]:
    """A box that lies within another to a large part is a part of that face."""
    sides = np.minimum(others[:, 2:], box[2:]) - np.maximum(others[:, :2], box[:2])
    shared = np.prod(np.maximum(sides, 0), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    area = np.prod(box[2:] - box[:2])
    overlaps = shared > settings.iou_threshold * (areas + area - shared)
    contains = shared > settings.containment_threshold * np.minimum(areas, area)
    return np.asarray(overlaps | contains)
